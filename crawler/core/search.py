"""What a night's trial of a site's search showed (BEHAVIOURS 58, 59)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crawler.core.reach import Said


@dataclass(frozen=True, slots=True)
class Trial:
    """One known title that was searched for."""

    title: str
    url: str  # of the article
    found: Said  # on the first page of results
    asked: str = ""  # the address of that page


@dataclass(frozen=True, slots=True)
class SearchLook:
    """The newest trial of one site. "unknown" wherever a challenge, a script or robots.txt kept it from being seen."""

    at: datetime
    url: str  # the search, as it was first asked
    family: str
    works: Said
    note: str = ""  # why it does not work, or why nobody can tell
    trials: tuple[Trial, ...] = ()
    nonsense: Said = "unknown"  # yes: a made-up word finds nothing
    paging: Said = "unknown"  # yes: the second page shows other results
    opens: Said = "unknown"  # yes: the first result leads to a page
    classified: Said = "unknown"  # yes: results can be narrowed by class
    result: str = ""  # the result that was opened, as the page links it
