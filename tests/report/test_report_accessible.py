"""The checker of others' pages is accessible itself: axe-core finds nothing serious in the report."""

from __future__ import annotations

import html as entities
import json
import re
import subprocess
from dataclasses import replace
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import pytest

from crawler.core.model import Certainty, Severity
from crawler.core.report import Precision
from crawler.fetch.browser import find_chromium
from crawler.report import html
from crawler.report.figures import count
from tests.report import sample_report

RUN = """<pre id="axe-said"></pre><script>axe.run(document, {resultTypes: ["violations"]}).then(function (r) {
document.getElementById("axe-said").textContent = JSON.stringify(r.violations.map(function (v) {
return [v.id, v.impact, v.nodes.length]; })); });</script></body>"""


def test_axe_finds_nothing_serious(tmp_path: Path) -> None:
    chromium = find_chromium()
    if chromium is None:
        pytest.skip("Chromium is not installed")
    if find_spec("axe_core_python") is None:
        pytest.skip("axe-core-python of the extra dev is not installed")
    axe = files("axe_core_python").joinpath("axe.min.js").read_text("utf-8")
    page = html.render(sample_report.make(), "政府网站检查报告")
    page = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", page)  # it would stop axe, as it should
    page = page.replace("</body>", f"<script>{axe}</script>{RUN}")
    file = tmp_path / "page.html"
    file.write_text(page, "utf-8")
    flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=20000", "--dump-dom"]
    command = [chromium, *flags, f"--user-data-dir={tmp_path / 'profile'}", file.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=90, check=True)
    said = re.search(r'<pre id="axe-said">(.*?)</pre>', done.stdout, re.DOTALL)
    assert said
    assert said[1], "axe did not come to an end"
    violations = json.loads(entities.unescape(said[1]))
    assert not [v for v in violations if v[1] in {"serious", "critical"}], violations


def test_what_changed_stands_first_and_precision_says_its_number() -> None:
    report = sample_report.make(precision=(Precision("LK-01", 19, 1), Precision("FT-03", 2, 1)))
    text = html.render(report, "报告")
    assert 0 < text.index('id="changes"') < text.index('id="summary"') < text.index('id="measured"')
    assert "95%（19/20）" in text
    assert "样本不足（n=3）" in text


def test_tonight_is_in_the_trend_with_a_mark_where_its_rules_are_new() -> None:
    report = sample_report.make()
    earlier = report.trend[:-1]
    text = html.render(replace(report, trend=earlier, run=replace(report.run, rules_digest="r9")), "报告")
    rows = re.findall(r'<tr><th scope="row">第 (\d+) 次.*?</tr>', text)
    assert rows == [str(one.number) for one in report.trend], "every earlier run, then this one"
    tonight = re.search(rf"<tr><th scope=\"row\">第 {report.run.number} 次.*?</tr>", text)
    assert tonight
    assert "规则或阈值有变" in tonight[0]
    totals = count(report.findings)
    assert f'<td class="n">{totals.all_confirmed}</td>' in tonight[0]
    same = html.render(replace(report, trend=earlier), "报告")
    assert same.count("规则或阈值有变，与上一次不可直接比较") == 1, "the one of r1 and r2"


def test_a_first_night_is_compared_with_nothing() -> None:
    report = sample_report.make(trend=(), closed=())
    first = html.render(report, "报告", first=True)
    assert "没有上一次可比" in first
    assert 'id="changes"' not in first
    assert 'id="changes"' in html.render(report, "报告")


def test_of_many_changes_the_certain_and_grave_stand_first() -> None:
    rows = [
        sample_report.finding("LK-01", "lxs", n, certainty=Certainty.PROPOSED, message=f"待看{n}") for n in range(60)
    ]
    grave = sample_report.finding("LK-01", "lxz", 99, severity=Severity.VETO, message="首页打不开")
    text = html.render(sample_report.make(findings=(*rows, grave)), "报告")
    changes = text[text.index('id="changes"') : text.index('id="summary"')]
    assert changes.index("首页打不开") < changes.index("待看0")
    assert "再列出 40 条" in changes
    assert "共 61 条，此处列出前 50 条" in changes
