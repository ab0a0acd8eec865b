"""A glance at the head of a page of nobody's site: deleted, for sale, taken over or checked (BEHAVIOURS 42, 46)."""

from __future__ import annotations

import re
from dataclasses import replace

from crawler.core import harmful
from crawler.core.facts import GAMBLING, PARKED, PageFacts
from crawler.core.model import Fetch, Outcome, State
from crawler.core.urls import host_of
from crawler.crawl.intake import is_html
from crawler.parse import decode, parse

WECHAT = "mp.weixin.qq.com"
_WECHAT_CHECK = re.compile(r"环境异常|完成验证后即可继续访问|操作频繁，请稍后再试")
_WECHAT_GONE = re.compile(
    r"该内容已被发布者删除|此内容因(?:违规|涉嫌|被)[^<\n]{0,40}|此账号已(?:自主注销|被屏蔽)[^<\n]{0,20}"
    r"|该公众号已(?:迁移|注销)|此内容(?:发送失败)?无法查看|链接已过期|参数错误"
)
_FOR_SALE = re.compile(
    r"域名(?:已|可能已?)?(?:过期|到期)|(?:本|该|此)?域名(?:正在)?(?:出售|转让|待售)|(?:出售|转让)(?:本|该|此)域名"
    r"|(?:buy|purchase) this domain|domain (?:name )?(?:is |may be )?for sale|this domain (?:has )?expired",
    re.IGNORECASE,
)
_PARKING = re.compile(rb"sedoparking|parkingcrew|bodis\.com|/parking\.js|dan\.com/buy", re.IGNORECASE)
_SCRIPT = re.compile(r"<(script|style)\b.*?(?:</\1|\Z)", re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r"<[^<>]{0,2000}>")
_SHORT = 1500  # characters of a page that says little else


def glance(fetch: Fetch) -> tuple[Fetch, PageFacts | None]:
    """The exchange, blocked where a check stands before the page; facts where the page says that it is not there."""
    body = fetch.body
    if fetch.state is not State.ALIVE or not body or not is_html(fetch.headers, body):
        return fetch, None
    facts = parse(body, fetch.final_url or fetch.url, fetch.headers).facts
    wechat = host_of(fetch.final_url or fetch.url) == WECHAT
    said = f"{facts.title} {_SCRIPT.sub('', decode(body, fetch.headers).text)}"
    if wechat and _WECHAT_CHECK.search(said):
        return blocked(fetch, "微信访问验证"), None
    if facts.protection:
        return blocked(fetch, facts.protection), None
    return fetch, _troubled(facts, body, said, wechat=wechat, whole=not fetch.truncated)


def blocked(fetch: Fetch, vendor: str) -> Fetch:
    said = vendor if "：" in vendor else f"{vendor}：正文特征"
    return replace(fetch, outcome=Outcome.PROTECTED, state=State.BLOCKED, note=said)


def _troubled(facts: PageFacts, body: bytes, said: str, *, wechat: bool, whole: bool) -> PageFacts | None:
    if wechat:
        found = _WECHAT_GONE.search(said) if facts.text_length < _SHORT else None
        return replace(facts, soft_error=found[0]) if found else None
    if advert := _advertised(facts, said):
        return replace(facts, soft_error=f"{GAMBLING}{advert[:60]}")
    sale = _FOR_SALE.search(facts.title) or (facts.text_length < _SHORT and _FOR_SALE.search(said))
    if sale or (facts.text_length < _SHORT and _PARKING.search(body)):
        return replace(facts, soft_error=f"{PARKED}{sale[0] if sale else '域名停放页'}")
    if facts.soft_error and whole and (not facts.soft_error.startswith("closed:") or facts.text_length < _SHORT):
        return facts
    return None


def _advertised(facts: PageFacts, said: str) -> str:
    """What a page of gambling or porn calls itself; news about such cases is none (BEHAVIOURS 77)."""
    head = next((lure.text for lure in facts.lures if lure.where == "title"), "")
    if head or harmful.is_about(facts.title):
        return head
    words = _TAG.sub(" ", said)
    return facts.title or "网页内容" if harmful.is_casino_text(words) else ""
