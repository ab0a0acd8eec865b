"""Options that several commands share, and what their values mean."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.config import Config
    from crawler.core.model import Severity
    from crawler.core.report import Report
    from crawler.jobs.places import Places

FAIL_ON = {
    "提示": "提示",
    "州要求": "州要求",
    "扣分": "扣分",
    "单否": "单否",
    "hint": "提示",
    "local": "州要求",
    "points": "扣分",
    "veto": "单否",
    "none": None,
}

err = Console(stderr=True, highlight=False)
out = Console(highlight=False)


def places_options(function: Any) -> Any:
    function = click.option(
        "--config", "config_dir", type=click.Path(path_type=Path), metavar="DIR", help="配置文件夹（默认 ./config）"
    )(function)
    return click.option(
        "--data", "data_dir", type=click.Path(path_type=Path), metavar="DIR", help="数据文件夹（默认 ./data）"
    )(function)


def json_flag(function: Any) -> Any:
    return click.option("--json", "as_json", is_flag=True, help="在标准输出打印一份 JSON，其余都到标准错误")(function)


def fail_on_option(default: str) -> Callable[[Any], Any]:
    return click.option(
        "--fail-on",
        type=click.Choice(list(FAIL_ON), case_sensitive=False),
        default=default,
        show_default=True,
        metavar="LEVEL",
        help="有达到此级别的确认问题时退出码为 1："
        "提示 < 州要求 < 扣分 < 单否，none 为从不（也可写 hint local points veto）",
    )


def budget_options(function: Any) -> Any:
    """Hard limits of a crawl; what they leave out is listed."""
    for option in (
        click.option("--render", is_flag=True, help="静态内容判断不了的页面用浏览器打开（需要 chromium）"),
        click.option("--site-time", metavar="时长", help="每个网站最多用多久，例如 30m"),
        click.option("--max-time", metavar="时长", help="最多用多久，例如 2h"),
        click.option("--max-mb", type=click.IntRange(1), metavar="N", help="一共最多接收多少 MB"),
        click.option("--max-requests", type=click.IntRange(1), metavar="N", help="一共最多发多少次请求"),
        click.option("--max-pages", type=click.IntRange(1), metavar="N", help="每个网站最多读多少页"),
        click.option("--until", metavar="HH:MM", help="到北京时间几点为止，例如 06:00"),
    ):
        function = option(function)
    return function


def connect_option(function: Any) -> Any:
    return click.option(
        "--connect-to",
        "routes",
        multiple=True,
        metavar="HOST:PORT=ADDR:PORT",
        help="把发往 HOST:PORT 的连接接到另一地址，用于还没上线的服务器；可写多次",
    )(function)


def load_config(config_dir: Path | None) -> Config:
    from crawler.config import load

    return load(config_folder(config_dir))


def config_folder(config_dir: Path | None) -> Path:
    if config_dir is not None:
        return config_dir
    here = Path("config")
    return here if here.is_dir() else Path(__file__).resolve().parent.parent / "config"


def places_of(data_dir: Path | None) -> Places:
    from crawler.jobs.places import Places
    from crawler.jobs.refusals import BadOption

    if data_dir is not None and data_dir.exists() and not data_dir.is_dir():
        raise BadOption(f"--data {data_dir} 是一个文件，请给一个文件夹")
    return Places(data_dir if data_dir is not None else Path("data"))


def severity(fail_on: str) -> Severity | None:
    from crawler.core.model import Severity

    value = FAIL_ON[fail_on]
    return Severity(value) if value else None


def known_sites(config: Config, sites: Sequence[str]) -> list[str] | None:
    for site in sites:
        config.site(site)  # raises UnknownSite, which names the near ones
    return list(sites) or None


@contextmanager
def scratch(places: Places, routes: Sequence[str]) -> Iterator[Places]:
    """A run with --connect-to never touches the two databases."""
    import tempfile

    from crawler.jobs.places import Places

    if not routes:
        yield places
        return
    with tempfile.TemporaryDirectory(prefix="govcheck-") as folder:
        yield Places(Path(folder))


def print_json(document: object) -> None:
    from crawler.report import machine

    sys.stdout.write(machine.dumps(document) + "\n")  # type: ignore[arg-type]
    sys.stdout.flush()


def finish(report: Report, *, as_json: bool, form: str = "table", findings: bool = False) -> None:
    from crawler import report as reports
    from crawler.report import console

    if as_json or form != "table":
        document = reports.text(report, "json" if as_json else form)
        if (raw := getattr(sys.stdout, "buffer", None)) is None:  # somebody put a text stream in its place
            sys.stdout.write(document.decode())
        else:
            raw.write(document)
        sys.stdout.flush()
    else:
        console.print_report(report, out, findings=findings)
