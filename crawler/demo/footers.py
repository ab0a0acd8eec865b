"""Footers: the usual wording of the seven items, and the ways pages carry them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

from crawler.demo.nouns import Footer, Site, hex32

CONAC = "http://bszs.conac.cn/sitename?method=show&amp;id="
EXPOSURE = "http://zfwzgl.www.gov.cn/exposure"
ICP = "http://beian.miit.gov.cn/"
PSB = "http://beian.mps.gov.cn/#/query/webSearch?code="
OLD_PSB = "http://www.beian.gov.cn/portal/registerSystemInfo?recordcode="
OLD_ICP = "http://www.miitbeian.gov.cn/"


def conac_link(host: str) -> str:
    return (
        f'<a href="{CONAC}{hex32("conac", host).upper()}" target="_blank">'
        '<img id="imgConac" src="http://dcs.conac.cn/image/red.png" alt=""></a>'
    )


def conac_script(host: str) -> str:
    """The mark as CONAC's own snippet writes it: nothing but a script call stands in the HTML."""
    number = int(hex32("dcs", host)[:7], 16) % 10**8
    folder = f"28/000/0000/{number:08d}"
    source = f"http://dcs.conac.cn/js/{folder}/CA280000000{number:08d}0001.js"
    span = quote(f"<span id='_ideConac' ></span><script src='{source}' type='text/javascript'></script>", safe="")
    return f'<script type="text/javascript">document.write(unescape("{span}"));</script>'


def jiucuo_link(code: str) -> str:
    return (
        f'<a href="{EXPOSURE}/jiucuo.html?site_code={code}" target="_blank">'
        f'<img src="{EXPOSURE}/images/jiucuo.png" alt="政府网站找错"></a>'
    )


def jiucuo_script(code: str) -> str:
    return (
        f'<script id="_jiucuo_" sitecode="{code}" src="{EXPOSURE}/jiucuo.js"></script><span id="_span_jiucuo"></span>'
    )


def jiucuo_click(code: str) -> str:
    return (
        f'<span id="_span_jiucuo"><img onclick="Link(\'{code}\')" style="margin:0;border:0;cursor:pointer" '
        f'src="{EXPOSURE}/images/jiucuo.png?v={code}"></span>'
    )


def usual(*, name: str, code: str, host: str, area: str, serial: int, sitemap: str, phone: str, **given: Any) -> Footer:
    """All items in their plain form; `given` replaces single ones."""
    psb = f"{area}0200{serial:04d}"
    plain = Footer(
        conac=conac_link(host),
        jiucuo=jiucuo_link(code),
        code=f"网站标识码：{code}",
        organizer=f"主办单位：{name}",
        contact=f"联系电话：{phone}",
        icp=f'<a href="{ICP}" target="_blank">陇ICP备2022{serial:06d}号-1</a>',
        psb=f'<a href="{PSB}{psb}" target="_blank">甘公网安备{psb}号</a>',
        sitemap=f'<a href="{sitemap}">网站地图</a>',
    )
    return replace(plain, **given)


def script_url(site: Site) -> str:
    return f"{site.folder}xhtml/js/foot_2020.js"


def shown(site: Site) -> str:
    """The footer as it stands in the HTML of a page of this site."""
    footer, parts = site.footer, site.footer.parts()
    match footer.style:
        case "twice":
            return f'<div {footer.box}>{parts}</div><div class="foot-wap" style="display:none">{parts}</div>'
        case "written":
            return f'<div {footer.box}><script src="{script_url(site)}"></script></div>'
        case "inner":
            return f'<div {footer.box}></div><script src="{script_url(site)}"></script>'
        case _:
            return f"<div {footer.box}>{parts}</div>"


def script(site: Site) -> str | None:
    """The script that writes the footer, where one does."""
    lines = [line for line in site.footer.parts().replace("</p>", "</p>\n").splitlines() if line]
    quoted = [
        "'" + line.replace("\\", "\\\\").replace("'", "\\'").replace("</script", "<\\/script") + "'" for line in lines
    ]
    if site.footer.style == "written":
        return "// 底部信息 2020 版\n" + "\n".join(f"document.write({line});" for line in quoted)
    if site.footer.style == "inner":
        joined = "\n  + ".join(quoted)
        return f"(function(){{\n  var html = {joined};\n  document.getElementById('foot').innerHTML = html;\n}})();"
    return None
