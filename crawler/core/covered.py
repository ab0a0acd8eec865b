"""Which issues a decision speaks of that reaches further than its own; pure, and narrow where it cannot be sure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from crawler.core.desk import REACHES, Decision, Reach
from crawler.core.report import FindingRow

CONTEXT: Final = "语境编号"  # evidence of the wording rules: names a phrase in its surroundings, site or not


class OutOfReach(ValueError):
    """The reach does not fit the issue; the text says why and what to write."""


@dataclass(frozen=True, slots=True)
class Wide:
    """The last word on one issue, where it reaches others."""

    issue: int
    rules: frozenset[str]  # of one identity: the gravest names an issue, and that may change
    decision: Decision

    def covers(self, told: FindingRow | None) -> bool:
        if told is None or not self.rules & {told.rule, *told.also}:
            return False
        value = self.decision.value
        match self.decision.reach:
            case "target":  # a group of many targets shows but its first
                return told.count == 1 and told.target is not None and _bare(told.target) == _bare(value)
            case "phrase":  # of several places one context is shown; nobody judged the others
                return told.count == 1 and told.evidence.get(CONTEXT) == value
            case "prefix":
                return _lies_beneath(value, told)
            case _:
                return False

    def as_said(self) -> Decision:
        """The decision as an issue tells it that it reaches."""
        words = f"{self.decision.reason}（随问题 {self.issue} 的决定，范围：{REACHES[self.decision.reach]}）"
        return replace(self.decision, reason=words)


def last_word(decisions: Sequence[Decision], as_of: datetime) -> Decision | None:
    """What holds of one issue's own decisions, in the order they were written; notes decide nothing."""
    said = sorted((d for d in decisions if d.action != "note" and d.at <= as_of), key=lambda d: d.at)
    return said[-1] if said else None


def reaching(wide: Sequence[Wide], told: FindingRow | None, own: Sequence[Decision], since: datetime) -> list[Decision]:
    """Decisions on other issues that speak of this one: never where a person decided on it, nor where they ran out."""
    if not wide or any(decision.action != "note" for decision in own):
        return []
    return [
        one.as_said() for one in wide if (one.decision.until is None or one.decision.until > since) and one.covers(told)
    ]


def value_of(reach: Reach, told: FindingRow | None, prefix: str = "") -> str:
    """What is kept of a reach. Raises OutOfReach."""
    if prefix and reach != "prefix":
        raise OutOfReach(f"范围是“{REACHES[reach]}”，不用写网址前缀")
    match reach:
        case "issue":
            return ""
        case "target":
            if told is None or not told.target or told.count != 1:
                raise OutOfReach("这个问题没有单独的链接目标，不能用“同一目标”")
            return told.target
        case "phrase":
            if told is None or not told.evidence.get(CONTEXT):
                raise OutOfReach("这个问题不是某个词语的问题，不能用“同一词语”")
            if told.count != 1:
                raise OutOfReach(f"这个词语出现在 {told.count} 处，语境各不相同，不能用“同一词语”")
            return told.evidence[CONTEXT]
        case "prefix":
            return _prefix(told, prefix)


def _prefix(told: FindingRow | None, prefix: str) -> str:
    if not prefix:
        raise OutOfReach("范围是“网址前缀”，要写明网址前缀，例如 https://www.lxs.gov.cn/lxs/zwgk/")
    parts = _parts(prefix)
    if parts is None or "?" in prefix or "#" in prefix:
        raise OutOfReach("网址前缀应以 http:// 或 https:// 开头，写到文件夹为止，例如 https://www.lxs.gov.cn/lxs/zwgk/")
    if told is None or not _lies_beneath(prefix, told):
        raise OutOfReach("这个问题自己不全在这个网址前缀下，请核对前缀")
    return prefix


def _lies_beneath(prefix: str, told: FindingRow) -> bool:
    """Its one target, or every page it was seen on: of pages that are only counted nobody knows."""
    if told.count == 1 and told.target is not None and _starts(told.target, prefix):
        return True
    places = [told.place.url, *(parent.url for parent in told.parents)]
    counted = max(told.parent_count, 1 if told.target else told.count)
    return counted <= max(1, len(told.parents)) and all(_starts(url, prefix) for url in places)


def _starts(url: str, prefix: str) -> bool:
    """At a whole folder: /lxs/zw is no beginning of /lxs/zwgk."""
    long, short = _bare(url), _bare(prefix)
    return long.startswith(short) and (short.endswith("/") or long[len(short) : len(short) + 1] in {"", "/", "?", "#"})


def _bare(url: str) -> str:
    """Without scheme and the case of the host: a move to https closes nothing (DESIGN "A subject")."""
    parts = _parts(url)
    return url if parts is None else parts[0].lower() + parts[1]


def _parts(url: str) -> tuple[str, str] | None:
    try:
        split = urlsplit(url)
    except ValueError:
        return None
    if split.scheme not in {"http", "https"} or not split.hostname:
        return None
    return split.netloc, url.partition("//")[2][len(split.netloc) :] or "/"
