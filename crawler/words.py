"""Chinese for click's own messages, and one sentence for every error that a user can cause."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import re
import sys
from collections.abc import Sequence
from typing import Any

import click
from rich.console import Console
from rich.text import Text

_CHINESE = {
    "%(prog)s, version %(version)s": "%(prog)s %(version)s 版",
    "Aborted!": "已中止",
    "Argument {name!r} takes {nargs} values.": "参数 {name} 要写 {nargs} 个值",
    "Choose from:\n\t{choices}": "可选：{choices}",
    "Commands": "命令",
    "Could not open file {filename!r}: {message}": "打不开文件 {filename}：{message}",
    "Did you mean {possibility}?": "（是不是 {possibility}？）",
    "(Did you mean one of: {possibilities}?)": "（是不是 {possibilities}？）",
    "(Did you mean {possibility}?)": "（是不是 {possibility}？）",
    "Error: {message}": "错误：{message}",
    "Got unexpected extra argument ({args})": "多余的参数：{args}",
    "Got unexpected extra arguments ({args})": "多余的参数：{args}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值不对：{message}",
    "Invalid value: {message}": "值不对：{message}",
    "Missing argument": "缺少参数",
    "Missing command.": "缺少命令",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "No such command {name!r}.": "没有 {name} 这个命令",
    "No such option {name!r}.": "没有 {name} 这个选项",
    "No such option: {name}": "没有 {name} 这个选项",
    "Option {name!r} does not take a value.": "选项 {name} 不带值",
    "Option {name!r} requires an argument.": "选项 {name} 后面要写值",
    "Option {name!r} requires {nargs} arguments.": "选项 {name} 后面要写 {nargs} 个值",
    "Options": "选项",
    "Positional arguments": "参数",
    "Possible options: {possibilities}": "相近的选项：{possibilities}",
    "(Possible options: {possibilities})": "（相近的选项：{possibilities}）",
    "Show the version and exit.": "显示版本",
    "Show this message and exit.": "显示帮助",
    "Try '{command} {option}' for help.": "用 {command} {option} 查看用法",
    "Usage:": "用法：",
    "default: {default}": "默认 {default}",
    "directory": "文件夹",
    "file": "文件",
    "path": "路径",
    "required": "必填",
    "{name} {filename!r} does not exist.": "{name} {filename} 不存在",
    "{name} {filename!r} is a directory.": "{name} {filename} 是文件夹",
    "{name} {filename!r} is a file.": "{name} {filename} 是文件",
    "{name} {filename!r} is not readable.": "{name} {filename} 不可读",
    "{name} {filename!r} is not writable.": "{name} {filename} 不可写",
    "{value!r} is not a valid {number_type}.": "{value} 不是数字",
    "{value!r} is not one of {choices}.": "{value} 不在可选的值里：{choices}",
    "{value} is not in the range {range}.": "{value} 超出范围 {range}",
}

# What the system says in English.
_ERRORS = {
    errno.EADDRINUSE: "端口已被另一个程序占用",
    errno.EEXIST: "已有同名文件",
    errno.EISDIR: "是一个文件夹",
    errno.EMFILE: "打开的文件太多",
    errno.ENAMETOOLONG: "文件名太长",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOTDIR: "不是文件夹",
    errno.EROFS: "所在的磁盘是只读的",
}

USAGE, BROKEN = 2, 3


def _say(message: str) -> str:
    return _CHINESE.get(message, message)


def _say_number(singular: str, plural: str, number: int) -> str:
    return _say(singular if number == 1 else plural)


def speak_chinese() -> None:
    """click looks its messages up through gettext; a dictionary needs no compiled catalogue on disk."""
    for module in (click.core, click.decorators, click.exceptions, click.formatting, click.parser, click.types):
        for name, function in (("_", _say), ("ngettext", _say_number)):
            if hasattr(module, name):
                setattr(module, name, function)


def spoken(command: click.Command, args: Sequence[str] | None, console: Console) -> int:
    """Run a command; returns its exit code, and says in one sentence what went wrong."""
    logging.basicConfig(level=logging.WARNING)
    _bear_any_text()
    try:
        code: Any = command.main(args=args, prog_name="govcheck", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        console.print(Text(error.format_message()), soft_wrap=True)
        return USAGE
    except click.ClickException as error:
        context = getattr(error, "ctx", None)
        where = context.command_path if context else "govcheck"
        return _complain(console, f"{_plain(error)}（用 {where} --help 查看用法）", USAGE)
    except (click.Abort, KeyboardInterrupt):
        return _complain(console, "已中止", BROKEN)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 0
    except Exception as error:  # noqa: BLE001  the last door: nobody is shown a traceback
        return _explain(console, error)
    return int(code or 0)


def _bear_any_text() -> None:
    """A console that lacks a letter (GBK, ASCII) shows its code: a report never ends half-way for it."""
    for stream in (sys.stdout, sys.stderr):
        if (stream.encoding or "").lower().replace("-", "") not in {"utf8", ""}:
            with contextlib.suppress(AttributeError, ValueError, OSError):
                stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def _plain(error: click.ClickException) -> str:
    """click quotes names and lists as Python does, and ends some sentences with a full stop."""
    said = error.format_message().rstrip(".").replace("', '", "、")
    said = re.sub(r"'([^']*)'", r" \1 ", said)
    return re.sub(r" +(?=[）？，：]|$)|(?<=[（：]) +| (?= )| (?=（)", "", said).strip()


def _explain(console: Console, error: Exception) -> int:
    from crawler.config import ConfigError
    from crawler.jobs.places import Locked
    from crawler.jobs.refusals import BadOption, BadTarget, NoRun, Unopened

    if isinstance(error, ConfigError | BadTarget | NoRun | BadOption):
        return _complain(console, str(error), USAGE)
    if isinstance(error, Locked | Unopened):
        return _complain(console, str(error), BROKEN)
    if isinstance(error, OSError):
        return _complain(console, _of_the_system(error), BROKEN)
    if says := _of_the_data(error):
        return _complain(console, says, BROKEN)
    if os.environ.get("GOVCHECK_TRACEBACK"):
        logging.getLogger("govcheck").error("unexpected", exc_info=error)
    says = f"程序内部出错（{type(error).__name__}：{error}），请把这句话报告给开发者；设 GOVCHECK_TRACEBACK=1 可看细节"
    return _complain(console, says, BROKEN)


def _of_the_system(error: OSError) -> str:
    if isinstance(error, PermissionError):
        return f"没有权限：{error.filename}；请检查文件夹的权限，或用 --data 指定别处"
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return "磁盘空间不足，请清理后重试；已有的数据和报告没有改动"
    where = f"{error.filename}：" if error.filename else ""
    return f"读写出错：{where}{_ERRORS.get(error.errno or 0, error.strerror)}"


def _of_the_data(error: Exception) -> str:
    """What a database says, where one was opened at all."""
    if "sqlalchemy" not in sys.modules:
        return ""
    from sqlalchemy.exc import DBAPIError

    from crawler.store.datafile import DataError, explain

    if isinstance(error, DataError):
        return str(error)
    return explain(error.orig) if isinstance(error, DBAPIError) else ""


def _complain(console: Console, says: str, code: int) -> int:
    console.print(Text(says.strip(), style="red"), soft_wrap=True)
    return code
