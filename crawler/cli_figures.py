"""Words of the inspector's commands: inputs, score, stats; the work is done in jobs."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.help import Command, Group
from crawler.options import (
    config_folder,
    err,
    json_flag,
    known_sites,
    load_config,
    out,
    places_of,
    places_options,
    print_json,
)


@click.group(
    cls=Group,
    invoke_without_command=True,
    help="列出输入资料（config/inputs/）：有哪些、到哪一天、哪些规则在等；govcheck inputs template 名称 写出空表。",
)
@json_flag
@places_options
@click.pass_context
def inputs(ctx: click.Context, as_json: bool, config_dir: Path | None, data_dir: Path | None) -> int:  # noqa: ARG001
    if ctx.invoked_subcommand is not None:
        return 0
    from crawler.jobs import supplying

    rows = supplying.supplies(load_config(config_dir))
    if as_json:
        print_json(supplying.document(rows))
    else:
        out.print(supplying.table(rows))
    return 0


@inputs.command("template", help="写出一份输入资料的空表（CSV，带表头和一行示例）；已有的文件不改。")
@click.argument("name", metavar="名称")
@places_options
def input_template(name: str, config_dir: Path | None, data_dir: Path | None) -> int:  # noqa: ARG001
    from crawler.jobs import supplying

    out.print(str(supplying.write_template(config_folder(config_dir), name)), soft_wrap=True)
    return 0


@click.command(cls=Command, help="单项否决清单、门户网站扣分表和州要求：从已有的判断计算，不发请求；未检的分数单列。")
@click.argument("sites", nargs=-1, metavar="[网站ID]…")
@click.option("--run", "number", type=int, metavar="N", help="第几次检查（默认最近一次）")
@json_flag
@places_options
def score(
    sites: tuple[str, ...], number: int | None, as_json: bool, config_dir: Path | None, data_dir: Path | None
) -> int:
    from crawler.jobs import scoring
    from crawler.report import score as shown

    config = load_config(config_dir)
    only = known_sites(config, sites)
    report = scoring.load(config, places_of(data_dir), number)
    names = {site.id: site.name for site in report.sites}
    chosen = [one for one in report.scores if only is None or one.site in only]
    if as_json:
        print_json({"schema": "score-1", "run": report.run.number, "sites": [shown.document(one) for one in chosen]})
        return 0
    for one in chosen:
        for part in shown.tables(one, names[one.site]):
            out.print(part, soft_wrap=False)
        out.print()
    return 0


@click.command(cls=Command, help="通报的统计：一段时间里各网站、栏目、主题发布了多少条，每个数字都能追到条目。")
@click.option("--from", "first", required=True, metavar="日期", help="从哪一天，例如 2026-01-01")
@click.option("--to", "last", required=True, metavar="日期", help="到哪一天（含），例如 2026-06-30")
@click.option("--site", "sites", multiple=True, metavar="ID", help="只统计这个网站；可写多次")
@click.option(
    "--by",
    type=click.Choice(["site", "column", "topic", "month"]),
    default="site",
    show_default=True,
    metavar="WHAT",
    help="按什么分：site、column、topic、month",
)
@click.option(
    "--basis",
    type=click.Choice(["printed", "first-seen"]),
    default="printed",
    show_default=True,
    metavar="WHICH",
    help="按网页标明的日期（printed）还是本程序首次看到的日期（first-seen）",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "xlsx"]),
    default="table",
    show_default=True,
    metavar="FORM",
    help="table、json、csv 打印；xlsx 写成文件",
)
@click.option("--out", "path", type=click.Path(path_type=Path), metavar="FILE", help="写到这个文件")
@click.option("--items", is_flag=True, help="同时列出每个数字背后的条目")
@click.option("--run", "number", type=int, metavar="N", help="第几次检查（默认最近一次）")
@click.option("--json", "as_json", is_flag=True, help="同 --format json")
@places_options
def stats(
    first: str,
    last: str,
    sites: tuple[str, ...],
    by: str,
    basis: str,
    form: str,
    path: Path | None,
    items: bool,
    number: int | None,
    as_json: bool,
    config_dir: Path | None,
    data_dir: Path | None,
) -> int:
    from crawler.jobs import statistics
    from crawler.report import statistics as shown

    config = load_config(config_dir)
    period = statistics.period(first, last)
    only = known_sites(config, sites)
    found = statistics.count(
        config,
        places_of(data_dir),
        period,
        by=by,  # type: ignore[arg-type]
        basis="first_seen" if basis == "first-seen" else "printed",
        only=only,
        number=number,
    )
    form = "json" if as_json else form
    if form == "table" and path is None:
        for part in shown.tables(found, items=items):
            out.print(part)
        return 0
    written = shown.write(found, form, path, items=items)
    if written is not None:
        err.print(f"已写到 {written}", soft_wrap=True)
    return 0
