"""A nasty report: everything a hostile page and a bad night can put into one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crawler.core.model import Attempt, Certainty, Outcome, Parent, Place, Severity, Verdict
from crawler.core.report import (
    ColumnCoverage,
    Coverage,
    FindingRow,
    Report,
    ResultRow,
    RuleRow,
    RunInfo,
    SiteRow,
    Trend,
)

AS_OF = datetime(2026, 11, 22, 20, 30, tzinfo=UTC)  # the 23rd in Beijing
FORMULA = '=HYPERLINK("http://evil.example/","点我")'
SCRIPT = "<script>document.title='owned'</script>"
ANSI = "\x1b[2J\x1b]0;owned\x07红\x1b[31m字\x9b5m\x08"
BIDI = "\u202egpj.exe\u202c"
LONG = "长" * 100_000
BAD_XML = "a\x00b\x0bc\ud800d\uffffe"

ADMIN = "州政府办公室"
NAMES = (
    ("lxz", "临夏回族自治州人民政府", "www.linxia.gov.cn", "portal"),
    ("lxs", "临夏市人民政府", "www.lxs.gov.cn", "portal"),
    ("lxx", "临夏县人民政府", "www.linxiaxian.gov.cn", "portal"),
    ("klx", "康乐县人民政府", "www.gskanglexian.gov.cn", "portal"),
    ("yjx", "永靖县人民政府", "www.gsyongjing.gov.cn", "portal"),
    ("ghx", "广河县人民政府", "www.ghx.gov.cn", "portal"),
    ("hzx", "和政县人民政府", "www.hezheng.gov.cn", "portal"),
    ("dxx", "东乡族自治县人民政府", "www.dxzzzx.gov.cn", "portal"),
    ("jss", "积石山保安族东乡族撒拉族自治县人民政府", "www.jss.gov.cn", "portal"),
    ("jyj", "临夏州教育局", "jyj.linxia.gov.cn", "department"),
    ("fgw", "临夏州发展和改革委员会", "fgw.linxia.gov.cn", "department"),
    ("rsj", "临夏州人力资源和社会保障局", "rsj.linxia.gov.cn", "department"),
    ("gaj", "临夏州公安局", "gaj.linxia.gov.cn", "department"),
    ("scjgj", "临夏州市场监督管理局", "scjgj.linxia.gov.cn", "department"),
    ("wlj", "临夏州文体广电和旅游局", "wlj.linxia.gov.cn", "department"),
)
GUESSED = {"fgw", "rsj", "gaj", "scjgj", "wlj"}

CLAUSE_19 = "《政府网站与政务新媒体检查指标》（国办秘函〔2019〕19号）：网站链接应能正常打开"
CLAUSE_47 = "《政府网站发展指引》（国办发〔2017〕47号）：底部功能区至少列明党政机关网站标识、找错、网站标识码等"
CLAUSE_Z = "《关于2022年上半年全州政务公开与政府网站建设管理工作情况的通报》：政策文件应同时提供WPS和PDF格式下载"

RULES = (
    RuleRow(
        "LK-01",
        "dead_link_home",
        "首页链接打不开",
        Severity.POINTS,
        "target",
        CLAUSE_19,
        "群众点开是错误页，等于没有公开。",
        "首页上的全部链接，包括图片、附件和外部链接；相隔至少 30 分钟两轮都失败才确认。",
        "改成正确的地址，或删除该链接；目标页面误删的，恢复页面。",
        "links",
    ),
    RuleRow(
        "LK-03",
        "dead_attachment",
        "附件无法下载",
        Severity.POINTS,
        "target",
        CLAUSE_19,
        "附件打不开，文件就等于没有发布。",
        "按文件头辨认真实格式。",
        "重新上传附件并更新链接。",
        "links",
    ),
    RuleRow(
        "FT-03",
        "missing_site_code",
        "网站标识码缺失",
        Severity.POINTS,
        "page",
        CLAUSE_47,
        "标识码是网站的身份证。",
        "每个页面底部的文字。",
        "在底部模板中写明“网站标识码：”和 10 位标识码。",
        "footer",
    ),
    RuleRow(
        "FT-09",
        "footer_coverage",
        "七种标识未覆盖全部页面",
        Severity.LOCAL,
        "site",
        CLAUSE_47,
        "",
        "",
        "",
        "footer",
    ),
    RuleRow(
        "PF-02",
        "missing_download",
        "政策文件缺少WPS或PDF下载",
        Severity.LOCAL,
        "page",
        CLAUSE_Z,
        "便于群众下载使用。",
        "政策文件页面上的附件。",
        "在正文下方同时提供 WPS（或 Word）与 PDF 两种格式。",
        "files",
    ),
    RuleRow("RP-02", "missing_repost", "重要信息漏转", Severity.LOCAL, "fleet", CLAUSE_Z, "", "", "", "repost"),
    RuleRow("SR-01", "no_search", "无站内搜索", Severity.POINTS, "site", CLAUSE_19, "", "", "", "search"),
    RuleRow("LK-06", "bad_href", "链接写法错误", Severity.HINT, "page", "", "", "", "改成完整的网址。", "links"),
    RuleRow("AV-08", "unreachable", "本次检查无法访问", Severity.LOCAL, "site", CLAUSE_Z, "", "", "", "availability"),
)


def attempts(url: str, outcome: Outcome = Outcome.NOT_FOUND, status: int | None = 404) -> tuple[Attempt, ...]:
    return tuple(
        Attempt(AS_OF - timedelta(minutes=m), url, status, outcome, timedelta(milliseconds=320), note)
        for m, note in ((75, ""), (40, "connection refused"))
    )


def finding(rule: str, site: str, number: int = 1, /, **changes) -> FindingRow:
    words = next(r for r in RULES if r.code == rule)
    host = next(h for i, _, h, _ in NAMES if i == site)
    home = f"https://{host}/"
    values = {
        "fingerprint": f"{site}{rule}{number:04d}".encode().hex().ljust(64, "0")[:64],
        "rule": rule,
        "site": site,
        "severity": words.severity,
        "certainty": Certainty.CONFIRMED,
        "title": words.title,
        "message": f"{words.title}（第 {number} 处）",
        "fix": words.fix,
        "clause": words.clause,
        "place": Place(
            f"{home}{site}/zwgk/art/2026/art_{number:032x}.html",
            "div.main > ul > li:nth-child(3) > a",
            "关于开展检查的通知",
        ),
        "first_seen": AS_OF - timedelta(days=3),
        "last_seen": AS_OF,
        "issue": number,
        "rule_version": "9f1c",
    }
    return FindingRow(**(values | changes))


def dead_links() -> list[FindingRow]:
    rows = []
    for n in range(1, 5):
        target = f"https://www.lxs.gov.cn/lxs/old/{n}.html"
        rows.append(
            finding(
                "LK-01",
                "lxs",
                n,
                message="链接打不开：页面不存在（404）",
                target=target,
                place=Place("https://www.lxs.gov.cn/", "div.nav > a:nth-child(2)", "部门动态"),
                parents=tuple(
                    Parent(f"https://www.lxs.gov.cn/lxs/szyw/{p}.html", "部门动态", "div.nav > a") for p in range(n * 7)
                ),
                parent_count=300 if n == 4 else n * 7,
                attempts=attempts(target),
                change="new" if n == 1 else "known",
                state="not_rechecked" if n == 3 else "open",
            )
        )
    return rows


def hostile() -> list[FindingRow]:
    """What page text can hold, all of it on one site."""
    url = "javascript:alert(document.cookie)"
    return [
        finding("LK-06", "klx", 1, message=FORMULA, place=Place(url, FORMULA, SCRIPT), target="file:///C:/机密.doc"),
        finding(
            "LK-06",
            "klx",
            2,
            title=SCRIPT,
            message=SCRIPT,
            fix=SCRIPT,
            clause=SCRIPT,
            place=Place(SCRIPT, SCRIPT, SCRIPT),
        ),
        finding("LK-06", "klx", 3, message=ANSI, place=Place("https://www.gskanglexian.gov.cn/a", ANSI, ANSI)),
        finding(
            "LK-06",
            "klx",
            4,
            message=BIDI,
            parents=(Parent(url, BIDI, BIDI), Parent('https://a.cn/"onclick="x', SCRIPT)),
        ),
        finding("LK-06", "klx", 5, message=LONG, place=Place("https://a.gov.cn/" + "a" * 3000, LONG, LONG)),
        finding("LK-06", "klx", 6, message=BAD_XML, evidence={BAD_XML: BAD_XML, FORMULA: SCRIPT}),
        finding(
            "LK-06",
            "klx",
            7,
            message="مرحبا بالعالم 中文",
            parents=tuple(Parent(f"https://www.gskanglexian.gov.cn/klx/{n}.html", "=1+1") for n in range(300)),
            parent_count=4218,
        ),
        finding(
            "LK-06",
            "klx",
            8,
            message="",
            fix="",
            clause="",
            title="",
            place=Place(""),
            first_seen=None,
            last_seen=None,
            issue=None,
            rule="ZZ-99",
        ),
    ]


def findings() -> list[FindingRow]:
    return [
        *dead_links(),
        *hostile(),
        finding(
            "FT-03",
            "lxz",
            1,
            count=2914,
            message="页面底部没有网站标识码",
            change="recurred",
            evidence={"模板": "div.footer", "页数": "2914"},
            place=Place("https://www.linxia.gov.cn/", "div.footer", "主办：临夏回族自治州人民政府办公室"),
        ),
        finding("FT-09", "lxz", 1, rollup=True, message="2,914 / 3,000 个页面没有全部七种标识"),
        *(
            finding(
                "PF-02",
                "lxz",
                n,
                message="政策文件只有 PDF，没有 WPS 或 Word",
                change="new_rule",
                evidence={"文号": "临州府发〔2022〕8号"},
            )
            for n in range(1, 4)
        ),
        finding(
            "LK-03",
            "lxx",
            1,
            certainty=Certainty.SUSPECTED,
            message="附件没有打开：超时",
            attempts=attempts("https://www.linxiaxian.gov.cn/a.pdf", Outcome.TIMEOUT, None),
        ),
        finding(
            "RP-02",
            "lxx",
            1,
            certainty=Certainty.PROPOSED,
            message="没有找到转载：国务院办公厅关于……的意见",
            target="https://www.gov.cn/zhengce/1.htm",
        ),
        finding(
            "AV-08",
            "yjx",
            1,
            severity=Severity.VETO,
            exempt="临州府办报〔2026〕3号",
            state="exempt",
            message="首页打不开",
        ),
        finding("LK-01", "ghx", 9, severity=Severity.VETO, state="sampled", change="sampled"),
    ]


def results() -> list[ResultRow]:
    rows = []
    for site, _, _, level in NAMES:
        for rule in RULES:
            verdict, reason = Verdict.PASSED, ""
            if site in GUESSED:
                verdict, reason = Verdict.NOT_CONFIGURED, "待确认：域名尚未确认"
            elif level == "department" and rule.code == "PF-02":
                verdict, reason = Verdict.NOT_APPLICABLE, "没有政策文件栏目"
            elif rule.code == "SR-01":
                verdict, reason = Verdict.UNVERIFIED, "只看到检索框，没有试用"
            elif (site, rule.code) == ("jss", "LK-01"):
                verdict, reason = Verdict.CRASHED, "ZeroDivisionError: " + ANSI + SCRIPT
            nothing = verdict in {Verdict.NOT_CONFIGURED, Verdict.NOT_APPLICABLE}
            rows.append(
                ResultRow(
                    rule.code, site, verdict, reason, 0 if nothing else 120, 100, 20, 3, AS_OF - timedelta(days=20)
                )
            )
    return rows


def coverage() -> list[Coverage]:
    rows = []
    for n, (site, _, host, _) in enumerate(NAMES):
        if site in GUESSED:
            rows.append(Coverage(site, judged=False, reason="域名尚未确认"))
        elif site == "dxx":
            rows.append(Coverage(site, judged=False, reason="首页被安全防护拦截", home="blocked"))
        else:
            base = f"https://{host}/{site}/"
            rows.append(
                Coverage(
                    site,
                    judged=True,
                    home="alive",
                    pages_known=30_000 // (n + 1),
                    pages_fresh=1200 - n,
                    pages_carried=800,
                    pages_expired=n,
                    pages_unknown=max(0, 30_000 // (n + 1) - 2000),
                    targets_known=9000,
                    targets_decided=8700,
                    targets_unknown=300,
                    requests=1900,
                    received=88_000_000,
                    oldest=AS_OF - timedelta(days=n),
                    columns=(
                        ColumnCoverage(
                            "ywdt", "动态要闻", "动态要闻", base + "ywdt/index.html", "joined", True, "jpaas", 60, AS_OF
                        ),
                        ColumnCoverage(
                            "zcwj",
                            "政策文件",
                            "政策文件",
                            base + "zcwj/index.html",
                            "capped",
                            False,
                            "jpaas",
                            50,
                            AS_OF,
                            "只读到 50 条，栏目自报 80 条",
                        ),
                        ColumnCoverage("tzgg", SCRIPT, "通知公告", "javascript:1", "unread", False, "", 0, None, ANSI),
                    ),
                    notes=("同一网址样式超过 50 页，已截断",),
                )
            )
    return rows


def make(**changes) -> Report:
    values = {
        "run": RunInfo(
            "01KAN5R3W8",
            42,
            AS_OF - timedelta(hours=8),
            AS_OF,
            AS_OF,
            program="0.1.0",
            facts_version=1,
            rules_digest="r2",
            config_digest="c1",
            edition="2022-州通报",
            authorisations=("linxia-jpaas：临州府办函〔2026〕1号",),
            requests=19_000,
            seconds=28_800.0,
        ),
        "sites": tuple(
            SiteRow(i, name, None if i in GUESSED else "6229010001", level, f"https://{host}/", i not in GUESSED, ADMIN)
            for i, name, host, level in NAMES
        ),
        "results": tuple(results()),
        "findings": tuple(sorted(findings(), key=lambda f: (f.site, f.rule, f.fingerprint))),
        "coverage": tuple(coverage()),
        "rules": RULES,
        "closed": (
            finding("LK-01", "lxs", 77, state="fixed", change="fixed", message="链接打不开：页面不存在（404）"),
            finding("LK-06", "lxz", 78, state="withdrawn", change="withdrawn", message="规则修订后不再认定"),
        ),
        "trend": tuple(
            Trend(36 + n, AS_OF - timedelta(days=6 - n), "2022-州通报", "r1" if n < 4 else "r2", c, s, p)
            for n, (c, s, p) in enumerate(
                ((30, 5, 2), (28, 4, 2), (25, 4, 3), (25, 6, 3), (16, 2, 1), (15, 1, 1), (16, 1, 1))
            )
        ),
        "notes": ("本次检查到 06:00 为止，未读完的页面留待下一晚。",),
    }
    return Report(**(values | changes))


def quiet() -> Report:
    """One site, nothing found, everything optional absent."""
    site = SiteRow("lxs", "临夏市人民政府", None, "portal", "https://www.lxs.gov.cn/", confirmed=True)
    return make(
        sites=(site,),
        findings=(),
        closed=(),
        trend=(),
        notes=(),
        rules=(),
        results=(ResultRow("LK-01", "lxs", Verdict.PASSED, examined=120, fresh=100, carried=20),),
        coverage=(Coverage("lxs", judged=True, home="alive", pages_known=120, pages_fresh=100, pages_carried=20),),
    )


def void() -> Report:
    run = RunInfo("01KAN5R3W9", 43, AS_OF, None, AS_OF, void=True, void_reason="本机网络不通，没有作任何判定")
    return make(run=run, results=(), findings=(), closed=(), coverage=(), trend=(), notes=())
