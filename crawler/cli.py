"""Words on the command line; the work is done in jobs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from crawler import __version__, cli_figures, words
from crawler.cli_check import check
from crawler.cli_columns import columns
from crawler.cli_documents import document as official
from crawler.cli_evidence import evidence
from crawler.cli_issues import issues
from crawler.help import Group
from crawler.options import (
    budget_options,
    config_folder,
    connect_option,
    err,
    fail_on_option,
    finish,
    json_flag,
    known_sites,
    load_config,
    out,
    places_of,
    places_options,
    print_json,
    scratch,
    severity,
)

words.speak_chinese()


@click.group(
    cls=Group,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="govcheck：政府网站每日巡查。抓取登记的网站，按规则判断，给出问题清单。",
    epilog="退出码：0 完成 · 1 有达到 --fail-on 的问题 · 2 用法或配置有误 · 3 出错、无法运行或作废 · 4 有网站未能判断",
)
@click.version_option(__version__, "-V", "--version", prog_name="govcheck", help="显示版本")
def govcheck() -> None:
    pass


@govcheck.command(help="夜间任务：加锁、续跑、抓取、判断、写报告，并说明与上次相比的变化。")
@click.option("--site", "sites", multiple=True, metavar="ID", help="只查这个网站；可写多次")
@budget_options
@connect_option
@fail_on_option("none")
@json_flag
@places_options
def nightly(
    sites: tuple[str, ...],
    routes: tuple[str, ...],
    fail_on: str,
    as_json: bool,
    config_dir: Path | None,
    data_dir: Path | None,
    **limits: Any,
) -> int:
    from crawler.jobs import commands

    config = commands.routed(load_config(config_dir), routes)
    only = known_sites(config, sites)
    with scratch(places_of(data_dir), routes) as places:
        night = commands.run_nightly(config, places, err, only=only, limits=commands.Limits(**limits))
        if night.report is None:
            err.print("[bold]已停止，进度已保存；再次运行 govcheck nightly 会接着做[/]")
            return 3
        finish(night.report, as_json=as_json)
        if night.closed:
            err.print(f"不在平台允许抓取的时段，本次没有请求：{'、'.join(night.closed)}", soft_wrap=True)
        for path in night.written[:1]:
            err.print(f"报告在 {path.parent}")
        return commands.code_of(night, severity(fail_on), only)


@govcheck.command(
    help="探测首页能否打开：每个已确认的网站请求一次，供 cron 每30分钟运行；可与夜间检查同时运行，不受抓取时段限制。"
)
@click.argument("sites", nargs=-1, metavar="[网站ID]…")
@json_flag
@places_options
def probe(sites: tuple[str, ...], as_json: bool, config_dir: Path | None, data_dir: Path | None) -> int:
    from crawler.jobs import probing

    config = load_config(config_dir)
    done = probing.probe(config, places_of(data_dir), known_sites(config, sites))
    if as_json:
        print_json(probing.document(config, done))
    elif done.stopped:
        err.print("[bold]已停止，本轮没有记录[/]")
    elif done.void:
        out.print(done.void)
    else:
        out.print(probing.table(config, done))
    return probing.exit_code(done)


@govcheck.command(help="当场复查一个问题（编号或指纹开头）、一个网站或一次通知的问题，或写“已答复”；只请求有关的网址。")
@click.argument("what", metavar="问题|网站ID|通知编号|已答复")
@json_flag
@places_options
def recheck(what: str, as_json: bool, config_dir: Path | None, data_dir: Path | None) -> int:
    from crawler.jobs import rechecking

    done = rechecking.recheck(load_config(config_dir), places_of(data_dir), what)
    if as_json:
        print_json(rechecking.document(done))
    else:
        out.print(rechecking.shown(done))
    return rechecking.exit_code(done)


@govcheck.command(help="只抓取，不判断：govcheck crawl 网站ID… 或 govcheck crawl --all。")
@click.argument("sites", nargs=-1, metavar="[网站ID]…")
@click.option("--all", "everything", is_flag=True, help="全部登记的网站")
@budget_options
@connect_option
@json_flag
@places_options
def crawl(
    sites: tuple[str, ...],
    everything: bool,
    routes: tuple[str, ...],
    as_json: bool,
    config_dir: Path | None,
    data_dir: Path | None,
    **limits: Any,
) -> int:
    from crawler.jobs import commands

    if not sites and not everything:
        raise click.UsageError("请写网站 ID，或用 --all 抓取全部网站；govcheck sites 列出登记的网站")
    config = commands.routed(load_config(config_dir), routes)
    only = known_sites(config, sites)
    with scratch(places_of(data_dir), routes) as places:
        outcome = commands.run_crawl(config, places, err, only=only, limits=commands.Limits(**limits))
        if as_json:
            print_json(commands.crawl_document(outcome))
        else:
            out.print(commands.crawl_sentence(outcome))
        return 3 if outcome.void or outcome.stopped or outcome.crawled.errors else 0


@govcheck.command(help="对已封存的抓取重新判断，不发任何请求。")
@click.option("--run", "number", type=int, metavar="N", help="第几次检查（默认最近一次）")
@click.option("--rule", "rules", multiple=True, metavar="CODE", help="只看这条规则；可写多次")
@fail_on_option("none")
@json_flag
@places_options
def audit(
    number: int | None,
    rules: tuple[str, ...],
    fail_on: str,
    as_json: bool,
    config_dir: Path | None,
    data_dir: Path | None,
) -> int:
    from crawler.jobs import commands

    config = load_config(config_dir)
    found = commands.run_audit(config, places_of(data_dir), number=number, rules=rules)
    finish(found, as_json=as_json)
    return commands.code(found, severity(fail_on))


@govcheck.command(help="用现在的提取程序重建已存网页的事实，不发任何请求。")
@click.option("--run", "number", type=int, required=True, metavar="N", help="第几次检查")
@places_options
def reparse(number: int, config_dir: Path | None, data_dir: Path | None) -> int:
    from crawler.jobs import commands

    count = commands.run_reparse(load_config(config_dir), places_of(data_dir), number)
    out.print(f"已重建 {count} 个网页的事实；接着运行 govcheck audit --run {number} 重新判断")
    return 0


@govcheck.command(help="从已有的判断写报告：xlsx、html、json、csv、sarif、junit。")
@click.option("--run", "number", type=int, metavar="N", help="第几次检查（默认最近一次）")
@click.option("--site", "sites", multiple=True, metavar="ID", help="只写这个网站；可写多次")
@click.option(
    "--format",
    "formats",
    metavar="LIST",
    default="xlsx,html,json",
    show_default=True,
    help="写哪些格式，用逗号分开；还有 csv、sarif（2.1.0）、junit",
)
@click.option(
    "--out", "folder", type=click.Path(path_type=Path), metavar="DIR", help="写到哪里（默认 data/reports/latest）"
)
@places_options
def report(
    number: int | None,
    sites: tuple[str, ...],
    formats: str,
    folder: Path | None,
    config_dir: Path | None,
    data_dir: Path | None,
) -> int:
    from crawler.jobs import commands

    config = load_config(config_dir)
    written = commands.run_report(
        config, places_of(data_dir), number=number, sites=known_sites(config, sites), formats=formats, folder=folder
    )
    for path in written:
        out.print(str(path), soft_wrap=True)
    return 0


@govcheck.command(help="打印解析程序在一个网页里看到的事实（JSON）。")
@click.argument("target", metavar="文件或网址")
@click.option("--as", "as_url", metavar="URL", help="这个文件的网址")
@connect_option
@places_options
def facts(
    target: str, as_url: str | None, routes: tuple[str, ...], config_dir: Path | None, data_dir: Path | None
) -> int:
    from crawler.jobs import commands

    print_json(
        commands.run_facts(
            lambda: commands.routed(load_config(config_dir), routes), places_of(data_dir), target, as_url
        )
    )
    return 0


@govcheck.command(help="列出登记的网站。")
@json_flag
@places_options
def sites(as_json: bool, config_dir: Path | None, data_dir: Path | None) -> int:  # noqa: ARG001  --data everywhere
    from crawler.jobs import listing

    config = load_config(config_dir)
    if as_json:
        print_json(listing.sites_document(config))
    else:
        out.print(listing.sites_table(config))
    return 0


@govcheck.command(help="列出规则。")
@click.option("--catalogue", is_flag=True, help="重写 rules/README.md")
@click.option("--check", "only_check", is_flag=True, help="与 --catalogue 一起：只核对，不写")
@json_flag
@places_options
def rules(
    catalogue: bool,
    only_check: bool,
    as_json: bool,
    config_dir: Path | None,
    data_dir: Path | None,  # noqa: ARG001
) -> int:
    from crawler.jobs import listing

    config = load_config(config_dir)
    if catalogue:
        drift = listing.catalogue(config, write=not only_check)
        if drift and only_check:
            err.print("rules/README.md 与规则不一致，请运行 make catalogue 后提交")
            return 1
    elif as_json:
        print_json(listing.rules_document(config))
    else:
        out.print(listing.rules_table(config))
    return 0


@govcheck.command(help="解释一条规则：为什么、看什么、怎么改、依据。")
@click.argument("code", metavar="编号")
@places_options
def explain(code: str, config_dir: Path | None, data_dir: Path | None) -> int:  # noqa: ARG001
    from crawler.jobs import listing

    out.print(listing.explain(load_config(config_dir), code), markup=False)
    return 0


@govcheck.command(help="检查本机是否准备好：配置、规则、数据文件夹、磁盘、时钟、可选程序。")
@json_flag
@places_options
def doctor(as_json: bool, config_dir: Path | None, data_dir: Path | None) -> int:
    from crawler.jobs import doctor as surgery

    rows = surgery.examine(config_folder(config_dir), places_of(data_dir))
    if as_json:
        print_json([{"name": row.name, "ok": row.ok, "says": row.says} for row in rows])
    else:
        out.print(surgery.table(rows))
    return 0 if all(row.ok is not False for row in rows) else 3


@govcheck.command(help="清理没有人再需要的旧内容：旧网页内容、400 天以前的访问记录；结论和依据都不动。")
@click.option("--dry-run", "dry", is_flag=True, help="只说能清理多少，什么也不删")
@click.option(
    "--days",
    type=click.IntRange(0, 400),
    metavar="N",
    default=45,
    show_default=True,
    help="最近 N 天里被新内容替换的也留着，以便重判那几天的检查",
)
@places_options
def prune(dry: bool, days: int, config_dir: Path | None, data_dir: Path | None) -> int:
    from crawler.jobs import commands

    out.print(commands.run_prune(load_config(config_dir), places_of(data_dir), dry=dry, days=days), soft_wrap=True)
    return 0


@govcheck.command(help="在本机的模拟州里跑一遍：15 个网站，埋好的问题，逐条核对。")
@click.option("--serve", "serve_only", is_flag=True, help="只提供模拟网站，直到 Ctrl-C")
@click.option("--port", type=click.IntRange(0, 65535), metavar="N", default=0, help="模拟网站的端口（默认任选）")
@click.option(
    "--data", "data_dir", type=click.Path(path_type=Path), metavar="DIR", help="数据写到哪里（默认 ./demo-data）"
)
@click.option(
    "--config",
    "config_dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="模拟网站的配置写到哪里（默认在数据文件夹的 config 里）",
)
@json_flag
def demo(serve_only: bool, port: int, data_dir: Path | None, config_dir: Path | None, as_json: bool) -> int:
    from crawler import demo as prefecture
    from crawler.jobs import commands
    from crawler.jobs.refusals import BadOption

    places = places_of(data_dir or Path("demo-data"))
    folder = config_dir or places.root / "config"
    if foreign := prefecture.claim(places.root, folder):
        raise BadOption(foreign)
    if serve_only:
        return prefecture.serve_until_stopped(port, folder, err)
    with prefecture.running(port) as world:
        prefecture.write_config(world, folder)
        commands.forget(places)
        night = commands.run_nightly(load_config(folder), places, err, only=None, limits=commands.Limits(), kind="demo")
    if night.report is None:
        return 3
    from crawler.report import machine

    document = machine.document(night.report)
    score = prefecture.score(document["findings"])
    if as_json:
        print_json(document)
    else:
        finish(night.report, as_json=False)
    (err if as_json else out).print(prefecture.table(score))
    err.print(f"报告在 {places.reports / 'latest'}（先看 index.html）")
    return 0 if score.perfect and not night.outcome.crawled.errors else 3


for command in (check, issues, columns, official, evidence, cli_figures.inputs, cli_figures.score, cli_figures.stats):
    govcheck.add_command(command)


def main(args: Sequence[str] | None = None) -> None:
    """Every error a user can cause is one sentence; no traceback reaches them."""
    sys.exit(words.spoken(govcheck, args, err))


if __name__ == "__main__":
    main()
