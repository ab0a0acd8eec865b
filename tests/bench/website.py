"""The site that is crawled: static pages of 45 to 50 kB with 110 links each, attachments, and links to nothing."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from crawler.demo.files import docx, pdf, png

HOST = "bench.gov.cn"
FORM = 3  # of the site; raise it when anything below changes, so that nobody measures an old folder
NAVIGATION = 60  # links every page repeats: the home page and the columns
OWN = 50  # links only this page has
COLUMNS = NAVIGATION - 1
PAGES_PER_ATTACHMENT = 5
BROKEN_SHARE = 0.02  # of a page's own links, and of all addresses of the site
SMALLEST, LARGEST = 45_000, 50_000  # bytes of a page

_WHO = ("州人民政府", "州发展改革委", "州教育局", "州财政局", "州农业农村局", "州卫生健康委", "州住建局", "各县市")
_DOES = ("召开专题会议研究", "组织开展", "全面推进", "扎实做好", "督导检查", "安排部署", "认真贯彻落实", "公开征集")
_WHAT = (
    "乡村振兴重点任务",
    "义务教育招生入学",
    "安全生产专项整治",
    "优化营商环境改革",
    "森林草原防灭火",
    "医保经办服务",
)
_HOW = ("确保各项措施落到实处", "取得阶段性成效", "切实保障群众利益", "进一步压实工作责任", "请各有关单位遵照执行")
_STYLE = "text-indent:2em;line-height:28.5pt;text-align:justify;font-family:仿宋_GB2312;font-size:16pt"


@dataclass(frozen=True, slots=True)
class Truth:
    """What a perfect crawler finds. Paths begin with a slash and belong to the one host of the site."""

    form: int
    pages: list[str]
    attachments: list[str]
    assets: list[str]  # style, script and pictures of the template
    broken: list[str]  # each is linked from at least one page

    @property
    def linked(self) -> set[str]:
        """What links lead to."""
        return {*self.pages, *self.attachments, *self.broken}


def site(folder: Path, pages: int) -> Truth:
    """The site of that size in `folder`/www, made anew where it is missing or of another form."""
    kept = folder / "truth.json"
    if kept.is_file():
        truth = Truth(**json.loads(kept.read_text(encoding="utf-8")))
        if truth.form == FORM and len(truth.pages) == pages:
            return truth
    shutil.rmtree(folder, ignore_errors=True)
    truth = _truth(pages)
    for path, body in _files(truth):
        file = folder / "www" / path.lstrip("/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(body)
    kept.write_text(json.dumps(asdict(truth)), encoding="utf-8")
    return truth


def _truth(pages: int) -> Truth:
    if pages <= NAVIGATION + OWN:
        raise SystemExit(f"--pages: at least {NAVIGATION + OWN + 1}")
    attachments = [
        f"/upload/{n % 40}/file_{n}.{'docx' if n % 3 else 'pdf'}" for n in range(pages // PAGES_PER_ATTACHMENT)
    ]
    broken = [_article(n, gone=True) for n in range(round((pages + len(attachments)) * BROKEN_SHARE))]
    assets = ["/css/main.css", "/js/main.js", "/images/logo.png", "/images/red.png", "/images/jiucuo.png"]
    return Truth(FORM, [_page(n) for n in range(pages)], attachments, assets, broken)


def _page(n: int) -> str:
    if n == 0:
        return "/index.html"
    return f"/col/col{n}/index.html" if n <= COLUMNS else _article(n)


def _article(n: int, *, gone: bool = False) -> str:
    word = "gone" if gone else "art"
    return f"/art/{2020 + n % 5}/{n % 12 + 1}/{n % 28 + 1}/{word}_{n % 90}_{n}.html"


def _files(truth: Truth) -> Iterator[tuple[str, bytes]]:
    for n, path in enumerate(truth.attachments):
        yield path, pdf(_title(n)) if path.endswith("pdf") else docx(_title(n))
    yield (
        "/css/main.css",
        ("/* 模板样式 */\n" + ".list li{line-height:32px;border-bottom:1px dashed #ccc}\n" * 200).encode(),
    )
    yield "/js/main.js", ("function tab(n){for(var i=0;i<9;i++){hide(i)}show(n)}\n" * 100).encode()
    for name, colour in (("logo", (180, 20, 20)), ("red", (220, 0, 0)), ("jiucuo", (0, 90, 180))):
        yield f"/images/{name}.png", png(*colour, width=64, height=64)
    top = _top(truth)
    for n, path in enumerate(truth.pages):
        yield path, _html(truth, n, top)


def _title(n: int) -> str:
    chance = random.Random(n)
    return f"{chance.choice(_WHO)}{chance.choice(_DOES)}{chance.choice(_WHAT)}工作（第{n}期）"


def _own(truth: Truth, n: int) -> list[str]:
    """Targets of a page's own links: the next page (so all are reached), a broken one, files, articles at random."""
    pages = len(truth.pages)
    broken = max(1, round(OWN * BROKEN_SHARE))
    targets = [truth.pages[NAVIGATION + (n + 1 - NAVIGATION) % (pages - NAVIGATION)]]
    targets += [truth.broken[(n * broken + i) % len(truth.broken)] for i in range(broken)]
    targets += [truth.attachments[(n + i * 7) % len(truth.attachments)] for i in range(2)]
    chance = random.Random(n)
    while len(targets) < OWN:
        other = truth.pages[chance.randrange(NAVIGATION, pages)]
        if other not in targets:
            targets.append(other)
    return targets


def _html(truth: Truth, n: int, top: str) -> bytes:
    chance = random.Random(-n - 1)
    title = _title(n)
    date = f"{2020 + n % 5}-{n % 12 + 1:02}-{n % 28 + 1:02}"
    article = n > COLUMNS
    metas = (
        f'<meta name="ArticleTitle" content="{title}"><meta name="PubDate" content="{date} 09:30">' if article else ""
    )
    items = "".join(
        f'<li class="clearfix"><a href="{href}" target="_blank" title="{(words := _title(int(n * 50 + i)))}" '
        f'class="bt_link">{words}</a><span class="date">{date}</span></li>\n'
        for i, href in enumerate(_own(truth, n))
    )
    start = (
        f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{title}_临夏测试州人民政府</title>\n"
        f'<meta name="SiteName" content="临夏测试州人民政府">{metas}\n{top}<h1>{title}</h1>\n'
        f'<div class="info">发布时间：{date} 来源：州人民政府办公室</div>\n<div id="zoom">\n'
    )
    end = f'</div>\n<div class="xgxx"><h3>相关信息</h3><ul class="list">\n{items}</ul></div>\n{_FOOT}'
    wanted = chance.randrange(SMALLEST, LARGEST - 600)
    size = len(start.encode()) + len(end.encode())
    parts = [start]
    while size < wanted:
        words = "，".join(
            chance.choice(_WHO) + chance.choice(_DOES) + chance.choice(_WHAT) + chance.choice(_HOW) for _ in range(2)
        )
        paragraph = (
            f'<p style="{_STYLE}"><span style="font-size:16pt">{words}{chance.randrange(10**6)}项。</span></p>\n'
        )
        parts.append(paragraph)
        size += len(paragraph.encode())
    return "".join([*parts, end]).encode()


def _top(truth: Truth) -> str:
    """What every page repeats above its own words."""
    items = "".join(
        f'<li class="nav_item nav_{i}"><a href="{path}" target="_self" title="栏目{i}">{_WHAT[i % 6][:4]}{i}</a></li>\n'
        for i, path in enumerate(truth.pages[:NAVIGATION])
    )
    return (
        '<meta name="SiteIDCode" content="6229990001">\n<link rel="stylesheet" href="/css/main.css">\n'
        '<script src="/js/main.js"></script>\n</head>\n<body>\n'
        f'<div class="header"><img src="/images/logo.png" alt="标志"></div>\n'
        f'<div class="nav"><ul>\n{items}</ul></div>\n'
    )


# The seven items; the marks' own hosts answer on the same port, their links are not part of the 110.
_FOOT = """<div class="footer">
<p>主办：临夏测试州人民政府 承办：临夏测试州人民政府办公室 联系电话：0930-1234567</p>
<p>网站标识码：6229990001 <a href="http://beian.miit.gov.cn/" target="_blank">陇ICP备2022000001号-1</a>
<a href="http://www.beian.gov.cn/portal/registerSystemInfo?recordcode=62290102000001">甘公网安备62290102000001号</a>
<a href="/col/col1/index.html">网站地图</a></p>
<p><a href="http://bszs.conac.cn/sitename?method=show&amp;id=06C7E2F9A0B1D3E4"><img src="/images/red.png" alt=""></a>
<a href="http://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=6229990001"><img src="/images/jiucuo.png"></a></p>
</div>
</body>
</html>
"""
