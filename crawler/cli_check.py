"""`govcheck check`: what people ask before they publish."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.options import (
    connect_option,
    err,
    fail_on_option,
    finish,
    load_config,
    places_of,
    places_options,
    severity,
)


@click.command(help="发布前检查：网站 ID、网址、HTML 文件或文件夹（可以几个），或 -（标准输入）。")
@click.argument("targets", metavar="目标…", nargs=-1, required=True)
@click.option("--as", "as_url", metavar="URL", help="这个文件或文件夹将放在哪个网址；几个文件时是它们所在文件夹的网址")
@click.option("--site", "site", metavar="ID", help="按哪个网站检查")
@click.option("--column", "column", metavar="ID", help="这个页面将发布到哪个栏目")
@click.option("--links", is_flag=True, help="当场检查页面里没有检查过的链接")
@click.option("--new-only", is_flag=True, help="只列出与上次抓取相比新增的问题；退出码也只看它们")
@click.option(
    "--root",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="几个文件时，--as 的网址对应哪个文件夹（默认是它们共同所在的文件夹）",
)
@click.option(
    "--max-pages", type=click.IntRange(1), metavar="N", default=200, show_default=True, help="整站检查最多读多少页"
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "sarif", "junit", "csv"]),
    metavar="FORM",
    default="table",
    show_default=True,
    help="table 给人看，json、sarif、junit、csv 给程序",
)
@click.option("--json", "as_json", is_flag=True, help="同 --format json")
@connect_option
@fail_on_option("州要求")
@places_options
def check(
    targets: tuple[str, ...],
    as_url: str | None,
    site: str | None,
    column: str | None,
    links: bool,
    new_only: bool,
    root: Path | None,
    max_pages: int,
    form: str,
    as_json: bool,
    routes: tuple[str, ...],
    fail_on: str,
    config_dir: Path | None,
    data_dir: Path | None,
) -> int:
    from crawler.jobs import commands
    from crawler.jobs.checking import Wish

    config = commands.routed(load_config(config_dir), routes)
    wish = Wish(targets, as_url, site, column, links, max_pages, new_only, root)
    checked = commands.run_check(config, places_of(data_dir), wish, err)
    finish(checked.report, as_json=as_json, form=form, findings=True)
    return commands.check_code(checked, severity(fail_on))
