"""Who held which office when, and how a text says it; what is kept in the roster decides, nothing is built in."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crawler.api import Leader, SiteView, date, datetime, timedelta

_TITLE = re.compile(
    r"(原|前任?|时任|曾任)?([\u4e00-\u9fff]{0,8}?)(常务副|副|代理|代)?"
    r"(书记|州长|市长|县长|省长|区长|局长|主任|部长|主席|厅长|院长|检察长|秘书长|镇长|乡长|处长|科长)$"
)
_GAP = re.compile(r"[\s、，,：:]*$")


@dataclass(frozen=True, slots=True)
class Mention:
    leader: str
    start: int
    end: int
    title: str  # as written right before the name
    core: tuple[str, str]  # (副 or "", noun)
    former: bool


def leaders(site: SiteView) -> tuple[Leader, ...]:
    """The roster of config/inputs/ and the leaders of the user's own word list."""
    table = site.inputs.get("roster")
    return (*(_leader(row) for row in (table.rows if table else ())), *site.words.leaders)


def _leader(row: Mapping[str, Any]) -> Leader:
    def said(*names: str) -> Any:
        return next((row[name] for name in names if row.get(name) not in {None, ""}), None)

    order = said("order", "排序")
    return Leader(
        str(said("name", "姓名") or ""),
        str(said("title", "职务") or ""),
        _day(said("since", "from", "任职起")),
        _day(said("until", "to", "任职止")),
        int(order) if order is not None and str(order).isdigit() else None,
        str(said("unit", "单位") or ""),
    )


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def core(title: str) -> tuple[str, str] | None:
    match = _TITLE.search(title)
    return ("副" if (match[3] or "").endswith("副") else "", match[4]) if match else None


def cores(title: str) -> frozenset[tuple[str, str]]:
    return frozenset(found for part in re.split(r"[、，,；;\s]|兼", title) if (found := core(part)))


def held(offices: Iterable[Leader], day: date, grace: timedelta) -> list[Leader]:
    return [
        o
        for o in offices
        if (o.since is None or day >= o.since - grace) and (o.until is None or day <= o.until + grace)
    ]


def mentions(text: str, name: str) -> Iterator[Mention]:
    """Where a name stands right behind a title."""
    at = text.find(name)
    while at >= 0:
        before = text[max(0, at - 16) : at]
        before = before[: _GAP.search(before).start()]  # type: ignore[union-attr]
        if match := _TITLE.search(before):
            start = at - (len(text[max(0, at - 16) : at]) - match.start(3 if match[3] else 4))
            title = f"{match[3] or ''}{match[4]}"
            former = bool(match[1]) or bool(re.search(r"原|前任|时任|曾任", match[2]))
            yield Mention(
                name, start, at + len(name), title, ("副" if (match[3] or "").endswith("副") else "", match[4]), former
            )
        at = text.find(name, at + 1)


def lists(text: str, names: Iterable[str]) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Two or more known names in a row, with 、 between them."""
    choice = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    if choice:
        for match in re.finditer(rf"(?:{choice})(?:、(?:{choice}))+", text):
            yield match.start(), match.end(), tuple(match[0].split("、"))
