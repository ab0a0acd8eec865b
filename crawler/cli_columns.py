"""`govcheck columns`: the table of columns of a site, proposed and compared."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from crawler.help import Group
from crawler.options import err, json_flag, load_config, out, places_of, places_options, print_json


@click.group(cls=Group, help="栏目表：从最近一次抓取提出建议，或与登记的比较。")
def columns() -> None:
    pass


@columns.command(help="提出还没有登记的栏目，每行写明理由，由网站负责人确认；不发请求。")
@click.argument("site", metavar="网站ID")
@click.option("--out", "path", type=click.Path(path_type=Path), metavar="FILE", help="写到这个新文件（默认打印出来）")
@json_flag
@places_options
def propose(site: str, path: Path | None, as_json: bool, config_dir: Path | None, data_dir: Path | None) -> int:
    from crawler.jobs import columns as table

    config = load_config(config_dir)
    made = table.propose(config, places_of(data_dir), site)
    if path is not None:
        table.write(table.text(config, made, site), path)
        err.print(f"提出 {len(made.proposed)} 个栏目，{len(made.unmapped)} 个没有认出类别，写在 {path}", soft_wrap=True)
    if as_json:
        print_json(made.document(site))
    elif path is None:
        sys.stdout.write(table.text(config, made, site))
    return 0


@columns.command(help="登记的栏目表与最近一次抓取比较：移走的、打不开的、改名的、新出现的；不发请求。")
@click.argument("site", metavar="网站ID")
@json_flag
@places_options
def diff(site: str, as_json: bool, config_dir: Path | None, data_dir: Path | None) -> int:
    from crawler.jobs import columns as table

    run, rows = table.diff(load_config(config_dir), places_of(data_dir), site)
    if as_json:
        print_json(table.diff_document(site, run, rows))
    elif rows:
        out.print(table.diff_table(rows, run))
    else:
        out.print(f"与登记的栏目表一致（第 {run} 次抓取）")
    return 0
