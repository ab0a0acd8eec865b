"""`govcheck document` on the command line: drafts of official documents in Word."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from crawler.help import Group
from crawler.options import config_folder, err, load_config, out, places_of, places_options

_KIND = click.Choice(["circular", "notice", "reply"])


@click.group(cls=Group, help="公文草稿（Word）：通报、整改通知书、整改报告；每个数字都带书签，出处写在 .figures.json。")
def document() -> None:
    pass


def _shared(function: Any) -> Any:
    for option in (
        click.option("--office", default="", metavar="名称", help="印发机关（默认按登记的州政府门户网站）"),
        click.option("--deadline", metavar="期限", help="例如 10个工作日 或 2026-12-10（默认10个工作日，单否3个）"),
        click.option("--template", type=click.Path(path_type=Path), metavar="FILE.docx", help="用这份模板"),
        click.option(
            "--out", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.docx", help="写到这个文件"
        ),
    ):
        function = option(function)
    return places_options(function)


def _say(done: Any) -> int:
    for path in done.paths:
        out.print(str(path), soft_wrap=True, markup=False)
    gaps = list(dict.fromkeys(done.gaps))
    says = f"；要由作者补充（文中标黄）：{'；'.join(gaps)}" if gaps else ""
    err.print(f"草稿中有 {done.figures} 个可查证的数字{says}", soft_wrap=True, markup=False)
    return 0


@document.command(help="写通报草稿：一段时间的检查情况、主要问题、工作要求和附表。")
@click.option("--from", "first", required=True, metavar="日期", help="从哪一天，例如 2026-01-01")
@click.option("--to", "last", required=True, metavar="日期", help="到哪一天（含）")
@_shared
def circular(first: str, last: str, config_dir: Path | None, data_dir: Path | None, **written: Any) -> int:
    from crawler.jobs import circular as job
    from crawler.jobs.documents import Wish
    from crawler.jobs.statistics import period

    config, folder = load_config(config_dir), config_folder(config_dir)
    return _say(job.circular(config, folder, places_of(data_dir), period(first, last), Wish(**written)))


@document.command(help="写一个网站的整改通知书草稿：逐条列出位置、依据、要求和期限。")
@click.argument("site", metavar="网站ID")
@_shared
def notice(site: str, config_dir: Path | None, data_dir: Path | None, **written: Any) -> int:
    from crawler.jobs import rectifying
    from crawler.jobs.documents import Wish

    config, folder = load_config(config_dir), config_folder(config_dir)
    return _say(rectifying.notice(config, folder, places_of(data_dir), site, Wish(**written)))


@document.command(help="写一个网站的整改报告框架：逐条列出问题和复查结果，整改情况留待填写。")
@click.argument("site", metavar="网站ID")
@_shared
def reply(site: str, config_dir: Path | None, data_dir: Path | None, **written: Any) -> int:
    from crawler.jobs import rectifying
    from crawler.jobs.documents import Wish

    config, folder = load_config(config_dir), config_folder(config_dir)
    return _say(rectifying.reply(config, folder, places_of(data_dir), site, Wish(**written)))


@document.command(help="写出一份模板供在 Word 中修改；放在 config/templates/ 里即生效，已有的文件不改。")
@click.argument("kind", type=_KIND, metavar="circular|notice|reply")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False), metavar="[FILE.docx]")
@places_options
def template(kind: str, file: Path | None, config_dir: Path | None, data_dir: Path | None) -> int:  # noqa: ARG001
    from crawler.jobs import documents

    target = file or config_folder(config_dir) / "templates" / f"{kind}.docx"
    out.print(str(documents.copy_template(kind, target)), soft_wrap=True, markup=False)
    return 0


@document.command(help="列出模板里用到的占位符。")
@click.argument("kind", type=_KIND, metavar="circular|notice|reply")
@places_options
def fields(kind: str, config_dir: Path | None, data_dir: Path | None) -> int:  # noqa: ARG001
    from crawler.jobs import documents
    from crawler.report.word import placeholders

    for name in placeholders(documents.TEMPLATES / f"{kind}.docx"):
        out.print(f"{{{{{name}}}}}", markup=False)
    return 0
