"""What a body comes to, as the night keeps it: facts ready to be stored, and links."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from crawler.core.facts import PageFacts
from crawler.store.flags import (
    FLAG_FOOTER,
    FLAG_POLICY,
    FLAG_PROTECTION,
    FLAG_REDIRECT,
    FLAG_SHELL,
    FLAG_SOFT_ERROR,
)
from crawler.store.pack import pack_facts, text_key

_POLICY_COLUMN = re.compile(r"政策文件|规范性文件|行政规范|规章|政府文件|法定主动公开|公文|部门文件")
# What fills or draws a page without a word of text.
_DRAWS = re.compile(
    rb"<(?:script|img|i?frame|frameset|object|embed|video|audio|svg|canvas|form|input|meta\s[^>]*refresh)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Digest:
    """Facts of one body as they are stored, and of them what the night itself asks."""

    facts: bytes
    text_key: int
    flags: int
    article: bool = False
    policy: bool = False
    redirect: str = ""
    protection: str = ""
    unread: tuple[str, ...] = ()  # what may hold the footer and was not read


class NewLink(NamedTuple):
    """A link that no page of the site had before, as it was met first."""

    url: str
    kind: str  # "" for what is never a target
    suffix: str
    action: bool  # asking for it may change something


class Answer(NamedTuple):
    """Of one page. Links are places in the list of all that this desk has met on the site; `fresh` prolongs it."""

    digest: Digest
    links: bytes  # array("I")
    fresh: list[NewLink]
    anew: bool = False  # the list begins again


def digest(facts: PageFacts) -> Digest:
    return Digest(
        pack_facts(facts),
        text_key(facts),
        flags(facts),
        facts.kind == "article",
        is_policy(facts),
        facts.redirect,
        facts.protection,
        facts.footer.unread,
    )


def is_policy(facts: PageFacts) -> bool:
    """A page that is a policy document by its own marks: a document number, or the column it says it stands in."""
    if facts.kind not in {"article", "other"}:
        return False
    return bool(facts.document_number or _POLICY_COLUMN.search(facts.meta("ColumnName") + facts.meta("ColumnType")))


def flags(facts: PageFacts) -> int:
    """What the audit must find without unpacking every page."""
    footer = facts.footer
    marks = any(
        (footer.conac, footer.jiucuo, footer.site_code, footer.organizer, footer.icp, footer.psb, footer.sitemap)
    ) or (facts.kind == "script" and footer.unread)
    return (
        (FLAG_SOFT_ERROR if facts.soft_error else 0)
        | (FLAG_SHELL if facts.shell else 0)
        | (FLAG_PROTECTION if facts.protection else 0)
        | (FLAG_REDIRECT if facts.redirect else 0)
        | (FLAG_FOOTER if marks else 0)
        | (FLAG_POLICY if facts.attachments and is_policy(facts) else 0)
    )


def is_blank(facts: PageFacts, body: bytes) -> bool:
    """A reader sees nothing at all, and nothing in the page could change that."""
    return not (facts.text_length or facts.soft_error or facts.protection or facts.redirect or _DRAWS.search(body))
