"""`govcheck issues` on the command line: issues across nights, and what people decide about them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from crawler.core.desk import WORK, Action
from crawler.help import Group
from crawler.options import json_flag, known_sites, load_config, out, places_of, places_options, print_json


@click.group(cls=Group, help="问题的处理：查看、确认、误报、例外、通知、整改、答复；人的决定机器不改。")
def issues() -> None:
    pass


@issues.command("list", help="列出问题：默认是机器没有关闭的。")
@click.option("--site", metavar="ID", help="只看这个网站")
@click.option(
    "--work", "works", multiple=True, type=click.Choice(list(WORK.values())), metavar="状态", help="只看这个；可写多次"
)
@json_flag
@places_options
def list_(
    site: str | None, works: tuple[str, ...], as_json: bool, config_dir: Path | None, data_dir: Path | None
) -> int:
    from crawler.jobs import deciding

    if site is not None:
        known_sites(load_config(config_dir), [site])
    found = deciding.listed(places_of(data_dir), site, works)
    if as_json:
        print_json([deciding.document(case) for case in found])
    else:
        out.print(deciding.table(found))
    return 0


@issues.command(help="一个问题的全部经过：机器看到的和人决定的。")
@click.argument("what", metavar="编号|指纹")
@json_flag
@places_options
def show(what: str, as_json: bool, config_dir: Path | None, data_dir: Path | None) -> int:  # noqa: ARG001
    from crawler.jobs import deciding

    case = deciding.one(places_of(data_dir), what)
    if as_json:
        print_json(deciding.document(case, history=True))
    else:
        out.print(deciding.text(case))
    return 0


@issues.command(help="把全部人工决定写到一个文本文件（每行一条 JSON），供备份和复核。")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.jsonl")
@places_options
def export(file: Path, config_dir: Path | None, data_dir: Path | None) -> int:  # noqa: ARG001
    from crawler.jobs import deciding

    out.print(f"已写出 {deciding.export(places_of(data_dir), file)} 条决定：{file}", soft_wrap=True, markup=False)
    return 0


def _deciding(action: Action, says: str) -> None:
    """One command for each action: they differ in what they ask for, and the desk says so."""

    @issues.command(action, help=says)
    @click.argument("whats", nargs=-1, required=True, metavar="编号…")
    @click.option("--reason", default="", metavar="文字", help="理由")
    @click.option("--basis", default="", metavar="文字", help="依据的文件（例外必写）")
    @click.option("--until", metavar="日期", help="例外或误报到哪天为止，例如 2026-12-31")
    @click.option("--deadline", metavar="日期", help="通知的期限，例如 2026-12-01")
    @click.option("--workdays", type=click.IntRange(1, 250), metavar="N", help="期限为 N 个工作日（默认单否3、其余10）")
    @click.option("--notice", default="", metavar="编号", help="通知的编号或文号（默认自动编号，如 T20261124-1）")
    @click.option("--who", metavar="姓名", help="谁的决定（默认登录名）")
    @json_flag
    @places_options
    def command(
        whats: tuple[str, ...], as_json: bool, config_dir: Path | None, data_dir: Path | None, **written: Any
    ) -> int:
        from crawler.jobs import deciding

        wish = deciding.Wish(action, **written)
        done = deciding.decide(load_config(config_dir), places_of(data_dir), whats, wish)
        if as_json:
            print_json([deciding.document(case) for case in done])
        else:
            out.print(deciding.table(done))
        return 0


for _action, _says in (
    ("confirm", "确认：问题属实。"),
    ("dismiss", "误报：不计入合计，机器不再打开；要写理由。"),
    ("except", "例外：到期前不计入合计；要写理由、依据和截止日期。"),
    ("notify", "通知：已通知责任单位，期限按工作日计算。"),
    ("work", "整改中：责任单位已着手。"),
    ("answer", "答复：责任单位说已整改，等机器复查。"),
    ("reopen", "重新核实：收回以前的决定。"),
    ("note", "备注：只记一句话。"),
):
    _deciding(_action, _says)  # type: ignore[arg-type]
