"""What a body comes to, as the night keeps it: facts ready to be stored, and links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from crawler.core.facts import PageFacts
from crawler.store.flags import flags
from crawler.store.pack import pack_facts, text_key


@dataclass(frozen=True, slots=True)
class Digest:
    """Facts of one body as they are stored, and of them what the night itself asks."""

    facts: bytes
    text_key: int
    flags: int
    article: bool = False
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
        facts.redirect,
        facts.protection,
        facts.footer.unread,
    )
