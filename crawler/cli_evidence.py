"""Words of `govcheck evidence`: bundles of evidence, and whether they are still what they were."""

from __future__ import annotations

from pathlib import Path

import click

from crawler.help import Group
from crawler.options import json_flag, load_config, out, places_of, places_options, print_json


class _Evidence(Group):
    """`govcheck evidence 17` means `govcheck evidence write 17`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in {"-h", "--help"}:
            args = ["write", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=_Evidence,
    help="证据包：govcheck evidence 编号… 为问题写出可离线打开的证据包；govcheck evidence verify 核对有没有被改动。",
)
def evidence() -> None:
    pass


@evidence.command("write", help="写出证据包（可省略 write）：问题编号或指纹，或用 --site 写一个网站未关闭的全部问题。")
@click.argument("whats", nargs=-1, metavar="[编号]…")
@click.option("--site", metavar="ID", help="这个网站未关闭的全部问题")
@click.option(
    "--out", "folder", type=click.Path(path_type=Path), metavar="DIR", help="写到哪里（默认 data/evidence）；各有一条链"
)
@click.option(
    "--pages", type=click.IntRange(1, 20), metavar="N", default=3, show_default=True, help="涉及多页时取样标注几页"
)
@click.option(
    "--max", "most", type=click.IntRange(1, 5000), metavar="N", default=200, show_default=True, help="一次最多写几个"
)
@click.option("--no-screenshot", "no_shots", is_flag=True, help="不截图（默认在装有 Chromium 时截图）")
@json_flag
@places_options
def write_(
    whats: tuple[str, ...],
    site: str | None,
    folder: Path | None,
    pages: int,
    most: int,
    no_shots: bool,
    as_json: bool,
    config_dir: Path | None,
    data_dir: Path | None,
) -> int:
    from crawler.jobs import evidence as work

    wish = work.Wish(whats, site, folder, pages, most, not no_shots)
    done = work.write(load_config(config_dir), places_of(data_dir), wish)
    if as_json:
        print_json(work.document(done))
    else:
        for line in work.lines(done):
            out.print(line, soft_wrap=True, markup=False)
    return 3 if done.undescribed and not done.made else 0


@evidence.command(help="核对证据包和证据链：改一个字节、少一个文件、少一个或调换证据包都会指出（退出码 1）。")
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[DIR]")
@click.option("--head", "heads", multiple=True, metavar="HEX", help="以前记下的链头必须还在链里；可写多次")
@json_flag
@places_options
def verify(
    folder: Path | None,
    heads: tuple[str, ...],
    as_json: bool,
    config_dir: Path | None,  # noqa: ARG001
    data_dir: Path | None,
) -> int:
    from crawler.jobs import evidence as work

    found = work.verify(places_of(data_dir), folder, heads)
    if as_json:
        print_json({"sound": not found.problems, "bundles": found.bundles, "files": found.files, "head": found.head,
                    "problems": list(found.problems)})  # fmt: skip
    elif found.problems:
        for line in found.problems:
            out.print(line, soft_wrap=True, markup=False)
        out.print(
            f"核对了 {found.bundles} 个证据包、{found.files} 个文件：有 {len(found.problems)} 处不符", soft_wrap=True
        )
    else:
        out.print(f"核对了 {found.bundles} 个证据包、{found.files} 个文件：没有改动；链头 {found.head}", soft_wrap=True)
    return 1 if found.problems else 0
