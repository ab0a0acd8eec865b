"""Pages that answered 200 and are none: errors in words, closed sites, challenges, empty shells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.core.protection import SHELL_TEXT, SITE_META
from crawler.parse.spot import attribute, squeeze

if TYPE_CHECKING:
    from collections.abc import Sequence

    from selectolax.lexbor import LexborHTMLParser


@dataclass(frozen=True, slots=True)
class Trouble:
    soft_error: str = ""  # the phrase as written; "closed:" before it where the site or column is shut
    protection: str = ""  # vendor or phrase
    shell: bool = False


SHORT = 400  # characters of visible text of a page that says little but its error
SCARCE = 150
CHALLENGE_BYTES = 20_000  # a challenge is a page of its own: longer ones carry the words by chance
FEW_LINKS = 3
ROWS = 3
_ROW_DATE = re.compile(r"(?<!\d)(?:20\d\d\s?[-./年]\s?)?(?:1[0-2]|0?[1-9])\s?[-./月]\s?\d{1,2}(?!\d)")

# The whole message: safe anywhere in a short page, and in title or heading of a long one.
_GONE = re.compile(
    r"(?:(?:您|你)(?:所)?(?:要)?(?:访问|浏览|查看|请求|查找|打开)的?)?(?<!部分)(?<!个别)(?:网?页面?|文件|内容|信息|文章|资源|栏目|频道|地址|链接|稿件|网址)"
    r"(?:可能)?(?:已经?|暂时|或许)?(?:不存在|未找到|找不到|没有找到|无法找到|不见了|走丢了|丢失了?|消失了|迷路了|(?:已经?|可能已)?被?(?:发布者|作者|管理员|用户)?(?:删除(?!个人|敏感|部分|了)|移除|移走|撤销|下线|下架))"
    r"(?!的?(?:问题|情况|现象))"  # who writes so speaks of it, and has a page to do so
    r"|(?:找不到|未找到|没有找到|无法找到|没找到|无法显示)(?:您|你)?(?:所)?(?:要|想)?(?:访问|浏览|查看|请求|查找|指定)?的?(?:该|此|这个|相关)?(?:网?页面?|文件|内容|信息|资源|文章|对象|文件或目录)"
    r"|(?:该|此|本)(?:网?页面?|文件|内容|信息|文章|栏目)(?:已经?)?(?:被)?(?:不存在|删除(?!个人|敏感|部分|了)|移除|下线|失效|关闭)"
    r"|(?:您|你)?在?地址(?:栏)?中?可能(?:存在|有)(?:键入|输入)错误|(?:您|你)?(?:输入|键入|访问)的(?:网址|地址|链接|页面|URL)(?:有误|错误|不正确|不存在|无效)"
    r"|(?:您|你)?(?:无权|没有权限|无权限|权限不足)[，,]?(?:访问|查看|浏览)?(?:此|该|本)?(?:网?页面?|栏目|内容|资源|信息|文件)?"
    r"|很抱歉[，,!！]?(?:您|你)[^。，]{0,20}(?:不存在|找不到|删除)|(?:页面|服务器)(?:出错|错误|发生错误|异常|走神)了?|系统(?:发生|出现)?(?:错误|异常)|系统提示|出错了"
    r"|出错啦"
    r"|页面(?:无法|不能)(?:访问|显示|打开)|参数(?:错误|不正确|有误)|非法(?:请求|访问|参数)|文章不存在或未审核|信息未发布|信息已过期"
    r"|(?:HTTP\s*)?(?:Status\s*|Error\s*)?404\s*[-–—:|]?\s*(?:页面|错误|Not\s*Found|error|找不到|未找到|文件)|404\s*Not\s*Found"
    r"|(?:Page|File|Object|Resource)\s*(?:is\s*)?not\s*found"
    r"|The requested URL[^.]{0,200}was not found|(?:500\s*)?Internal Server Error|502 Bad Gateway|503 Service"
    r"|403 Forbidden|Access Denied|HTTP Status [45]\d\d|Whitelabel Error Page"
    r"|Runtime Error|Server Error in|No input file specified",
    re.IGNORECASE,
)
# The words of one platform's error page, which nobody else writes.
_UNMISTAKABLE = re.compile(r"在?地址栏?中?可能(?:存在|有)(?:键入|输入)错误|当[你您]点击某个链接时，它可能已过期")
_ERROR_TITLE = re.compile(
    r"\W*(?:访问|页面|系统|信息|温馨|友情|操作|浏览|网站)?(?:出错|错误|提示|异常|失败)(?:了|啦|信息|页面?|提示)?\W*\Z|\W*(?:404|error)\b",
    re.IGNORECASE,
)
_ALERT = re.compile(r"alert\s*\(\s*[\"']([^\"'\n]{2,200})")
_BARE = re.compile(
    r"^\W*(?:HTTP\s*)?(?:错误\s*|error\s*)?(?:404|403|500)(?:\s*(?:页面|错误|error|页|not found|[-_|].{0,30}))?\W*$",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"(?:网站|本站|站点|系统|栏目|平台|本网|页面|服务)[^。，,!！\n]{0,12}?(?:正在|已|现已|暂时?|临时|永久|停机|进行)[^。，,!！\n]{0,8}?(?:维护|升级|改版|关停|关闭|停用|下线|停止(?:服务|更新|运行)|迁移|整合|整改|建设)"
    r"|(?:网站|系统|平台|栏目|页面)(?:正在)?(?:维护|升级|改版|关停|关闭|迁移|建设|调整|[与和及、]){1,4}(?:中|公告|通知|提示|啦|了)"
    r"|(?:正在|系统)(?:建设|升级|改版|维护)(?:中|，|。|！|\Z)|敬请期待|(?:已|现已)(?:整体)?迁移(?:至|到)"
    r"|(?:域名|网站)(?:已经?)?(?:过期|到期|未备案|暂停解析)|(?:该|此|本)(?:域名|网站|站点)(?:已经?|暂时|现已)?(?:被)?(?:关闭|停用|过期|出售|暂停)"
    r"|domain (?:has )?expired|under (?:construction|maintenance)|site (?:is )?closed",
    re.IGNORECASE,
)
# Words without which neither pattern matches: looked for first, patterns cost fifty times as much.
_GONE_HINTS = (
    *(
        "不存在",
        "找不到",
        "未找到",
        "没有找到",
        "没找到",
        "无法",
        "不能",
        "不见",
        "走丢",
        "丢失",
        "消失",
        "迷路",
        "删除",
        "移除",
        "移走",
        "撤销",
    ),
    *(
        "下线",
        "下架",
        "失效",
        "关闭",
        "错误",
        "有误",
        "不正确",
        "无效",
        "无权",
        "权限",
        "异常",
        "出错",
        "走神",
        "系统提示",
        "非法",
        "未发布",
    ),
    *(
        "未审核",
        "已过期",
        "404",
        "ound",
        "OUND",
        "rror",
        "Bad Gateway",
        "503",
        "orbidden",
        "enied",
        "HTTP Status",
        "input file",
    ),
)
_CLOSED_HINTS = (
    *(
        "维护",
        "升级",
        "改版",
        "关停",
        "关闭",
        "停用",
        "下线",
        "停止",
        "迁移",
        "整合",
        "整改",
        "建设",
        "敬请期待",
        "过期",
        "到期",
        "备案",
        "出售",
    ),
    *("暂停", "调整", "omain", "nder ", "closed"),
)
_NAMED_ERROR = (
    '[class*="404"],[id*="404"],[class*="error" i],[id*="error" i],[class*="nofound" i],[class*="not-found" i],'
    '[class*="notfound" i]'
)
# An article speaks about errors: the phrase in its title stands beside these.
_ABOUT = re.compile(
    r"关于|通知|公告|通报|如何|怎么|什么是|办法|方案|整改|检查|问题|解读|报告|情况|原因|处理|解决|教程|说明|印发|调查|答复|回复|建议|开展|工作|排查"
)
_NOTICE = re.compile(r"关于.{0,40}(?:通知|公告|通报|办法|方案|报告|意见|答复|函)")

_CHALLENGES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "瑞数",
        re.compile(r"\$_ts\s*=\s*window|\$_ts\.(?:cd|nsd|l__|dfe)|FSSBBIl1UgzbN7N|<meta[^>]{1,200}\br=[\"']?m[\"']?"),
    ),
    (
        "加速乐",
        re.compile(
            r"__jsl_clearance|};go\(\{\"bts\"|\"bts\":\[|notice-jiasule"
            r"|document\.cookie=\(?['\"_]{1,3}.{0,40}location\.href=location\.pathname",
            re.DOTALL,
        ),
    ),
    ("加速乐", re.compile(r"<script>\s*document\.cookie=[\s\S]{1,3000}?location\.(?:href|reload|replace)")),
    (
        "阿里云WAF",
        re.compile(
            r"acw_sc__v[23]|var arg1\s*=\s*['\"][0-9A-F]{20,}|errors\.aliyun\.com"
            r"|sd-base/static/[^\"']{0,80}405\.png|/_____tmd_____/|punish\?x5secdata",
            re.IGNORECASE,
        ),
    ),
    ("腾讯EdgeOne", re.compile(r"EO_Bot_Ssid|__tst_status|eo_bot", re.IGNORECASE)),
    ("腾讯云WAF", re.compile(r"waf\.tencent(?:-cloud)?\.com|腾讯云Web应用防火墙|TCaptcha\.js", re.IGNORECASE)),
    ("华为云WAF", re.compile(r"hwclouds\.com|hws_security@|HWWAFSES", re.IGNORECASE)),
    (
        "360网站卫士",
        re.compile(r"/wzws-waf-cgi/|qianxin-waf|<title>\s*493\s*</title>|wzwschallenge|wangzhan\.360", re.IGNORECASE),
    ),
    ("百度云加速", re.compile(r"/\.well-known/yunjiasu-cgi/|yjs_use_ob", re.IGNORECASE)),
    ("创宇盾", re.compile(r"365cyd\.com|ks-waf-error|jiasule\.com", re.IGNORECASE)),
    ("云防护", re.compile(r"<title>\s*403\s*-\s*云防护", re.IGNORECASE)),
    ("安全狗", re.compile(r"safedogsite|404\.safedog\.cn|safedog-flow", re.IGNORECASE)),
    ("云锁", re.compile(r"yunsuologo|security_verify_data|yunsuo_session", re.IGNORECASE)),
    ("安恒玄武盾", re.compile(r"dbappwaf\.cn", re.IGNORECASE)),
    ("长亭雷池", re.compile(r"<!--\s*event_id:\s*[0-9a-f]{32}|safeline|chaitin", re.IGNORECASE)),
    ("C3VK", re.compile(r"C3VK\s*=|['\"]C3VK")),
    ("宝塔防火墙", re.compile(r"已被网站管理员设置拦截|宝塔网站防火墙|nginx防火墙|bt\.cn/waf", re.IGNORECASE)),
    (
        "Cloudflare",
        re.compile(
            r"cdn-cgi/challenge-platform|cf-browser-verification|_cf_chl_opt|Just a moment\.\.\.", re.IGNORECASE
        ),
    ),
)
_CHALLENGE_WORDS = re.compile(
    r"请(?:先)?(?:开启|启用|打开)(?:浏览器的?)?\s*Java\s*Script[^。\n]{0,20}"
    r"|(?:Please )?enable Java\s*Script[^.\n]{0,30}"
    r"|(?:安全|人机|滑动|滑块|访问|行为|图形)验证"
    r"|请完成(?:安全)?验证|拖动(?:下方)?滑块|"
    r"(?:您的?)?(?:访问|请求|操作)(?:过于|太|过)频繁"
    r"|(?:访问|请求)(?:次数|频率)(?:过多|过高|超限)"
    r"|your request has been blocked"
    r"|Sorry, you have been blocked|(?:请求|访问|IP)[^。\n]{0,12}?(?:被|已被?)(?:拦截|阻断|封禁|禁止|拒绝)|"
    r"(?:疑似|可能)[^。\n]{0,10}(?:攻击|威胁)[^。\n]{0,10}"
    r"|浏览器安全检查|正在检查您的浏览器|checking your browser"
    r"|安全(?:防护|拦截|威胁)[^。\n]{0,10}"
    r"|Web应用防火墙|(?:异常|非法)访问(?:行为|请求)?",
    re.IGNORECASE,
)
_COOKIE_RELOAD = re.compile(
    r"document\.cookie\s*=[\s\S]{1,4000}?(?:location\.reload|location\.(?:href|replace)|window\.location)"
    r"|location\.reload[\s\S]{1,2000}?document\.cookie\s*="
)
_REDIRECT = re.compile(
    r"location(?:\.href)?\s*=|location\.(?:replace|assign)\s*\(|window\.navigate|http-equiv=[\"']?refresh",
    re.IGNORECASE,
)
_APP = re.compile(
    r"<div[^>]{0,200}\bid=[\"']?(?:app|root|__next|__nuxt|main-app|container|q-app|micro)[\"'>\s]|<router-view"
    r"|webpackJsonp|chunk-vendors|type=[\"']?module",
    re.IGNORECASE,
)


def read(
    tree: LexborHTMLParser,
    url: str,  # noqa: ARG001 - the signature of all readers
    title: str,
    text: str,
    text_length: int,
    link_count: int,
    scripts: Sequence[str],
) -> Trouble:
    """`text` is the main text, `text_length` counts the visible characters of the page."""
    raw = tree.raw_html or b""
    protection = ""
    if len(raw) <= CHALLENGE_BYTES and link_count <= FEW_LINKS and text_length <= 2 * SHORT:
        protection = _protection(tree, raw, " ".join(f"{title} {text}".split()), text_length, link_count)
    if protection:
        return Trouble(protection=protection)
    error = _soft_error(tree, title, text, text_length, link_count)
    shell = not error and text_length < SCARCE and link_count <= FEW_LINKS and _is_shell(raw, text_length, scripts)
    return Trouble(soft_error=error, shell=shell)


def _is_list(text: str, link_count: int) -> bool:
    """Whether rows with dates make up the page."""
    return link_count >= ROWS and len(_ROW_DATE.findall(text[:4_000])) >= ROWS


def _soft_error(tree: LexborHTMLParser, title: str, text: str, text_length: int, link_count: int) -> str:
    main = " ".join(text[:2_000].split())
    short = len(main) <= SHORT
    said = f"{title} {main}" if short else title
    for prefix, pattern, hints in (("", _GONE, _GONE_HINTS), ("closed:", _CLOSED, _CLOSED_HINTS)):
        if not any(hint in said for hint in hints):
            continue
        if (found := pattern.search(title)) and _is_message(title, found) and (len(main) <= 3 * SHORT):
            return prefix + squeeze(found[0])
        # Where the page lists articles, what one of their titles says is no message.
        if short and (found := pattern.search(main)) and _leads(main, found) and not _is_list(text, link_count):
            return prefix + squeeze(found[0])
    if _BARE.match(title) and len(main) <= 3 * SHORT:
        return squeeze(title)
    if "地址" in main or "链接时" in main:
        found = _UNMISTAKABLE.search(main)
        if found:
            return squeeze(found[0])
    if _ERROR_TITLE.match(title) and (found := _GONE.search(main)):
        return squeeze(found[0])
    return _in_heading(tree, main, text_length) or _alerted(tree, text_length)


def _alerted(tree: LexborHTMLParser, text_length: int) -> str:
    """An empty page that tells its error in a message box."""
    raw = tree.raw_html or b""
    if text_length > SCARCE or b"alert" not in raw[:CHALLENGE_BYTES]:
        return ""
    said = _ALERT.search(raw[:CHALLENGE_BYTES].decode("utf-8", "replace"))
    found = _GONE.search(said[1]) if said else None
    return squeeze(found[0]) if found else ""


def _is_message(title: str, found: re.Match[str]) -> bool:
    """The title is the phrase (and the site's name), not a headline about it."""
    rest = (title[: found.start()] + title[found.end() :]).strip()
    return not _NOTICE.search(title) and not (_ABOUT.search(rest) and len(rest) > 4)


def _leads(main: str, found: re.Match[str]) -> bool:
    """The phrase opens the main text or is most of it: an article that mentions it says other things first."""
    return not _NOTICE.search(main[:120]) and (found.start() <= 60 or "。" not in main[: found.start()])


def _in_heading(tree: LexborHTMLParser, main: str, text_length: int) -> str:
    """A 404 page with all the site's chrome: its message stands in a heading or in an element named after the error."""
    if len(main) > 3 * SHORT or (text_length > 20 * SHORT and len(main) > SHORT):
        return ""
    raw = tree.raw_html or b""
    elements = tree.css("h1,h2,h3")[:20]
    if b"404" in raw or b"rror" in raw or b"ound" in raw:
        elements += tree.css(_NAMED_ERROR)[:20]
    for element in elements:
        words = squeeze(element.text()[:600])
        if len(words) > SHORT or not words or "display:none" in attribute(element, "style").replace(" ", ""):
            continue
        found = _GONE.search(words) if any(hint in words for hint in _GONE_HINTS) else None
        if found and not _NOTICE.search(words) and found.start() <= 60 and _is_message(words[:80], found):
            return squeeze(found[0])
        if _BARE.match(words):
            return words
    return "404" if _error_picture(tree, raw) else ""


def _error_picture(tree: LexborHTMLParser, raw: bytes) -> bool:
    """A picture that is the message: 404.png and its kin."""
    if b"404." not in raw:
        return False
    names = (attribute(image, "src").rpartition("/")[2] for image in tree.css('img[src*="404."]')[:5])
    return any(re.match(r"(?:error_?|img_?|pic_?|bg_?)?404\.", name, re.IGNORECASE) for name in names)


def _protection(tree: LexborHTMLParser, raw: bytes, words: str, text_length: int, link_count: int) -> str:
    source = raw.decode("utf-8", "replace")
    if SITE_META.search(source):
        return ""
    bare = text_length <= SCARCE and link_count == 0
    for vendor, pattern in _CHALLENGES:
        # An article that quotes a block page shows its marks as text; a block page has little else.
        if text_length <= SHELL_TEXT and pattern.search(source) and (bare or vendor not in {"瑞数", "加速乐"}):
            return vendor
    if text_length <= SHORT and (found := _CHALLENGE_WORDS.search(words)) and not _NOTICE.search(words):
        return squeeze(found[0])
    if bare and (found := _CHALLENGE_WORDS.search(_noscript(tree))) and not _APP.search(source):
        return squeeze(found[0])
    if bare and len(raw) < 6_000 and _COOKIE_RELOAD.search(source):
        return "cookie+reload"
    return ""


def _noscript(tree: LexborHTMLParser) -> str:
    return " ".join(node.text() for node in tree.css("noscript")[:5])


def _is_shell(raw: bytes, text_length: int, scripts: Sequence[str]) -> bool:
    source = raw[:200_000].decode("utf-8", "replace")
    if _APP.search(source) and (scripts or "<script" in source):
        return True
    if not scripts or text_length >= SCARCE // 2:
        return False
    return not (len(raw) < 5_000 and _REDIRECT.search(source))
