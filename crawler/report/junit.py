"""JUnit XML: a suite per site, a case per rule; what was not judged is skipped with its reason, never passed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import groupby
from xml.etree import ElementTree as ET

from crawler.core.model import Verdict
from crawler.core.report import FindingRow, Report, RuleRow, SiteRow
from crawler.report.figures import SiteFigures, examined, site_figures
from crawler.report.judged import Judged, judged
from crawler.report.words import CERTAINTIES, CHANGES, VERDICTS, beijing, plain, web_url

LISTED = 50  # findings told in one failure; their number is exact

_OUTCOMES = {Verdict.FAILED: "failures", Verdict.CRASHED: "errors"}  # a pass counts nothing; all others are skipped


def document(report: Report) -> bytes:
    words = {rule.code: rule for rule in report.rules}
    rows = {site: list(group) for site, group in groupby(judged(report), key=lambda row: row.site.id)}
    suites = [_suite(report, figures, rows.get(figures.site.id, []), words) for figures in site_figures(report)]
    whole = ET.Element("testsuites", {"name": "govcheck"} | _totals(row for site in rows.values() for row in site))
    del whole.attrib["skipped"]  # the schema has it on a suite alone
    whole.extend(suites)
    ET.indent(whole, " ")
    text: bytes = ET.tostring(whole, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _totals(rows: Iterable[Judged]) -> dict[str, str]:
    tally = Counter(_came_to(row) for row in rows)
    counts = {name: str(tally[name]) for name in ("failures", "errors", "skipped")}
    return {"tests": str(tally.total())} | counts


def _came_to(row: Judged) -> str:
    return "passed" if row.verdict is Verdict.PASSED else _OUTCOMES.get(row.verdict, "skipped")


def _suite(report: Report, figures: SiteFigures, rows: list[Judged], words: dict[str, RuleRow]) -> ET.Element:
    site, run = figures.site, report.run
    attributes = {"name": plain(site.name, 200) or site.id or "未指定网站", "id": plain(site.id, 200)}
    attributes |= _totals(rows) | {"timestamp": beijing(run.as_of).strftime("%Y-%m-%dT%H:%M:%S")}
    suite = ET.Element("testsuite", attributes)
    properties = ET.SubElement(suite, "properties")
    for name, value in _told(report, figures):
        ET.SubElement(properties, "property", {"name": name, "value": plain(value, 1000)})
    for row in rows:
        suite.append(_case(row, words.get(row.rule)))
    return suite


def _told(report: Report, figures: SiteFigures) -> Iterable[tuple[str, str]]:
    """What the cases rest on, so that a suite without failures says what was looked at."""
    yield "结论", figures.standing
    yield "检查了什么", examined(figures)
    yield "检查次数", str(report.run.number)
    if home := web_url(figures.site.home):
        yield "首页", home
    if report.run.void:
        yield "作废", report.run.void_reason or "未说明原因"


def _case(row: Judged, rule: RuleRow | None) -> ET.Element:
    title = plain(rule.title, 200) if rule else plain(next((f.title for f in (*row.faults, *row.doubts)), ""), 200)
    name = f"{plain(row.rule, 80)} {title}".strip()
    case = ET.Element("testcase", {"name": name or "?", "classname": _class(row.site, rule)})
    match _came_to(row):
        case "failures":
            case.append(_failure(row))
        case "errors":
            error = ET.SubElement(case, "error", {"type": "规则出错", "message": plain(row.why, 300)})
            error.text = plain(row.why, 2000)
        case "skipped":
            said = f"{VERDICTS[row.verdict]}：{row.why}"
            ET.SubElement(case, "skipped", {"type": VERDICTS[row.verdict], "message": plain(said, 500)})
        case _:
            said = f"检查对象 {row.result.examined} 个，未知 {row.result.unknown} 个" if row.result else ""
            ET.SubElement(case, "system-out").text = said
    return case


def _class(site: SiteRow, rule: RuleRow | None) -> str:
    return ".".join(part for part in ("govcheck", plain(site.id, 80), rule.family if rule else "") if part)


def _failure(row: Judged) -> ET.Element:
    first = row.faults[0]
    more = f"（共 {len(row.faults)} 个）" if len(row.faults) > 1 else ""
    said = plain(first.message, 300) or plain(first.title, 200) or "有问题"
    failure = ET.Element("failure", {"type": first.severity.value, "message": said + more})
    lines = [_line(finding) for finding in row.faults[:LISTED]]
    if len(row.faults) > LISTED:
        lines.append(f"……共 {len(row.faults)} 个，此处列出前 {LISTED} 个；全部见 findings.csv 或 Excel 清单")
    if fix := plain(first.fix, 1000):
        lines.append(f"怎么改：{fix}")
    if clause := plain(first.clause, 1000):
        lines.append(f"依据：{clause}")
    failure.text = "\n".join(lines)
    return failure


def _line(finding: FindingRow) -> str:
    number = f"[{finding.issue}] " if finding.issue is not None else ""
    where = web_url(finding.place.url)
    target = web_url(finding.target)
    places = "，".join(f"{word} {plain(url, 500)}" for word, url in (("页面", where), ("目标", target)) if url)
    life = f"{CERTAINTIES[finding.certainty]}，{CHANGES[finding.change]}"
    said = plain(finding.message, 300) or plain(finding.title, 200)
    return f"{number}{said}（{life}）{'：' + places if places else ''}"
