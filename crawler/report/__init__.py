"""Reports of one audit: files people open, a document machines read, tables at a terminal."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

from crawler.core.report import Report, SiteRow
from crawler.report.figures import narrowed, site_rows
from crawler.report.words import day, plain

__all__ = ["FORMATS", "NIGHTLY", "text", "write"]

NIGHTLY = ("xlsx", "html", "json")  # what is written unless somebody asks for more
FORMATS = (*NIGHTLY, "csv", "sarif", "junit")
LATEST = "latest"
_TITLE = "政府网站检查"
_UNFIT = re.compile(r'[\\/:*?"<>|\s]+')  # in a file name, on any system

Writer = Callable[[Path], None]


def write(
    report: Report, out: Path, formats: Collection[str] = NIGHTLY, sites: Collection[str] | None = None
) -> list[Path]:
    """Write the files into `out`, under names that stay the same from night to night; the paths written.

    With `sites`, only the files of those sites. Where `out` is called "latest", a dated copy is kept beside it.
    A file that cannot be written leaves its predecessor as it was and raises OSError.
    """
    if unknown := set(formats) - set(FORMATS):
        raise ValueError(f"未知的报告格式：{'、'.join(sorted(unknown))}；可用的有 {'、'.join(FORMATS)}")
    out.mkdir(parents=True, exist_ok=True)
    written = []
    for name, writer in _files(report, formats, sites):
        _replace(out / name, writer)
        written.append(out / name)
    if out.name == LATEST:
        dated = out.parent / f"{day(report.run.as_of)}-run{report.run.number}"
        dated.mkdir(parents=True, exist_ok=True)
        for path in list(written):
            _replace(dated / path.name, lambda target, source=path: _copy(source, target))  # type: ignore[misc]
            written.append(dated / path.name)
    return written


def _files(report: Report, formats: Collection[str], sites: Collection[str] | None) -> Iterator[tuple[str, Writer]]:
    # imported here: a check that prints one table should not wait for two libraries
    first = _is_first(report)
    if sites is None:
        if "json" in formats:
            yield "findings.json", lambda path: _json(report, path)
        yield from _machine_files(report, "", formats)
        if "html" in formats:
            yield "index.html", lambda path: _html(report, path, f"{_TITLE}报告", one_site=False, first=first)
        if "xlsx" in formats:
            yield "全部网站.xlsx", lambda path: _xlsx(report, path, f"{_TITLE}问题清单")
    for site in site_rows(report):
        if sites is not None and site.id not in sites:
            continue
        yield from _site_files(narrowed(report, site.id), site, formats, alone=sites is not None, first=first)


def _site_files(
    report: Report, site: SiteRow, formats: Collection[str], *, alone: bool, first: bool
) -> Iterator[tuple[str, Writer]]:
    stem = _stem(site)
    name = plain(site.name, 60)
    if "json" in formats and alone:
        yield f"{stem}.json", lambda path: _json(report, path)
    if alone:
        yield from _machine_files(report, f"{stem}-", formats)
    if "html" in formats:
        yield f"{stem}.html", lambda path: _html(report, path, f"{name}：{_TITLE}报告", one_site=True, first=first)
    if "xlsx" in formats:
        yield f"{stem}.xlsx", lambda path: _xlsx(report, path, f"{name}：{_TITLE}问题清单")


def _machine_files(report: Report, stem: str, formats: Collection[str]) -> Iterator[tuple[str, Writer]]:
    names = {"sarif": ("findings.sarif",), "junit": ("junit.xml",), "csv": ("findings.csv", "results.csv")}
    for form, files in names.items():
        for name in files if form in formats else ():
            what = "results" if name == "results.csv" else form
            yield stem + name, lambda path, what=what: path.write_bytes(text(report, what))  # type: ignore[misc]


def text(report: Report, form: str) -> bytes:
    """One of the machine formats as its file holds it: json, sarif, junit, csv (the issues) or results (CSV, too)."""
    from crawler.report import junit, machine, sarif, tables

    match form:
        case "sarif":
            return (machine.dumps(sarif.document(report)) + "\n").encode()
        case "junit":
            return junit.document(report)
        case "csv":
            return tables.issues(report).encode()
        case "results":
            return tables.results(report).encode()
        case _:
            return (machine.dumps(machine.document(report)) + "\n").encode()


def _stem(site: SiteRow) -> str:
    stem = "-".join(part for part in (site.id, plain(site.name, 60)) if part)
    return _UNFIT.sub("_", plain(stem)).strip("._") or "site"


def _json(report: Report, path: Path) -> None:
    path.write_bytes(text(report, "json"))


def _is_first(report: Report) -> bool:
    """Nothing earlier to compare with: then all is new, and that is no news."""
    return not report.trend and not report.closed and {f.change for f in report.findings} <= {"new"}


def _html(report: Report, path: Path, title: str, *, one_site: bool, first: bool) -> None:
    from crawler.report import html

    path.write_text(html.render(report, title, one_site=one_site, first=first), "utf-8")


def _xlsx(report: Report, path: Path, title: str) -> None:
    from crawler.report import xlsx

    xlsx.write(report, path, title)


def _copy(source: Path, target: Path) -> None:
    shutil.copyfile(source, target)


def _replace(path: Path, writer: Writer) -> None:
    """Write beside the target and move into place: a reader never meets half a file."""
    part = path.with_name(f".{os.getpid()}.{path.name}.part")
    try:
        writer(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
