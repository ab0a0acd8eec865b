"""Who was refused in a run, by what, how often and when, in the words for the owner of the site (BEHAVIOURS 28)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select

from crawler.core.clock import beijing
from crawler.core.model import Outcome, Site
from crawler.core.outcomes import PAUSED, printed
from crawler.core.report import REFUSED
from crawler.store import crawl_db as db
from crawler.store.snapshot import Snapshot

UNKNOWN_EGRESS = "出口地址未知（请在 platforms.yaml 写 egress）"
_UNNAMED = "未识别厂商的防护"
# A refusal that no product signed may be this one page's: an answer like it counts where it is the site's.
_UNSIGNED = {Outcome.FORBIDDEN.value: "服务器拒绝访问", Outcome.THROTTLED.value: "限流"}
_MANY = 3  # unsigned refusals of one host that are no single page's
_SIGNAL = 120  # characters of one matched signal that are printed


@dataclass(slots=True)
class _Refusals:
    """What one product said on one host in one run."""

    signal: str = ""
    count: int = 0
    first: float = float("inf")
    last: float = 0.0
    statuses: Counter[int] = field(default_factory=Counter)

    def add(self, at: float, status: int | None, signal: str) -> None:
        self.count += 1
        self.signal = self.signal or signal
        self.first, self.last = min(self.first, at), max(self.last, at)
        if status is not None:
            self.statuses[status] += 1


def sentences(snapshot: Snapshot, site: Site, *, home_blocked: bool) -> Iterator[str]:
    """One for each host and product that refused us in this run."""
    asked: Counter[str] = Counter()
    found: dict[tuple[str, str], _Refusals] = {}
    fetches, urls = db.fetches.c, db.urls.c
    query = (
        select(urls.host, fetches.at, fetches.outcome, fetches.status, fetches.note)
        .join(db.urls, urls.id == fetches.url_id)
        .where(fetches.run == snapshot.run.number, urls.site == site.id, fetches.outcome.not_in(_UNASKED))
        .order_by(fetches.id)
    )
    for row in snapshot.connection.execute(query):
        asked[row.host] += 1
        if row.outcome == Outcome.PROTECTED.value:
            vendor, _, signal = row.note.partition("：")
        elif row.outcome == Outcome.BREAKER.value:
            if any(name == row.host for name, _ in found):
                continue
            vendor, signal = _remembered(row.note)
        elif row.outcome in _UNSIGNED:
            vendor, signal = _UNSIGNED[row.outcome], ""
        else:
            continue
        found.setdefault((row.host, vendor or _UNNAMED), _Refusals()).add(row.at, row.status, signal)
    for (host, vendor), one in sorted(found.items()):
        unsigned = vendor == _UNNAMED or vendor in _UNSIGNED.values()
        if unsigned and not home_blocked and not (one.count >= _MANY and 2 * one.count >= asked[host]):
            continue
        yield _sentence(snapshot, site, host, vendor, one)


def _remembered(note: str) -> tuple[str, str]:
    """Vendor and signal that opened the breaker, which outlives the run that met them."""
    why = note.removeprefix(PAUSED).strip("（）").rpartition("拦截：")[2]
    vendor, _, signal = why.partition("：")
    return (vendor, signal) if signal else ("", why)


_UNASKED = [Outcome.ROBOTS.value, Outcome.ACTION.value, Outcome.PRIVATE.value]


def _sentence(snapshot: Snapshot, site: Site, host: str, vendor: str, one: _Refusals) -> str:
    asked = snapshot.run.asked
    first, last = printed(beijing(one.first)), printed(beijing(one.last))
    when = first if first == last else f"{first} 至 {last}"
    signal = one.signal[:_SIGNAL] or "、".join(f"状态码 {status}" for status, _ in one.statuses.most_common(3))
    address = asked.get("egress", {}).get(site.platform)
    agent = asked.get("user_agent", "")
    return (
        f"{REFUSED}{host} 于 {when}（北京时间）被“{vendor}”拒绝 {one.count} 次（{signal}），未能核实，不算打不开。"
        f"请网站管理单位在防护产品中放行：{f'出口地址 {address}' if address else UNKNOWN_EGRESS}，"
        f"User-Agent 为 {agent or 'govcheck/… 开头'}"
    )
