"""The known families of search applications (FIELD 1.9), as data."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Family:
    """`path` tells it by the address of its page; `api` is asked instead where the page is drawn by a script."""

    name: str
    path: re.Pattern[str]
    words: str  # the parameter that holds the query
    page: str  # the parameter that holds the number of the page; "" where nobody knows it
    api: tuple[str, str] = ("", "")  # what to replace in the address of the page, and by what
    more: tuple[tuple[str, str], ...] = ()  # parameters the API wants beside those of the page


_JPAAS_PAGE: Final = "/jpaas-jsearch-web-server/search"
FAMILIES: Final = (
    Family(
        "jpaas-jsearch",
        re.compile(r"/jpaas-jsearch-web-server/search"),
        "q",
        "p",
        (_JPAAS_PAGE, "/jpaas-jsearch-web-server/interface/search/info"),
        (("pg", "1"),),
    ),
    Family(
        "jsearchfront",
        re.compile(r"/jsearchfront/search\.do"),
        "q",
        "p",
        ("/search.do", "/interfaces/cateSearch.do"),
        (("pg", "10"),),
    ),
    Family("jrobot", re.compile(r"/jrobot/search\.do"), "q", "p"),
    Family("search5", re.compile(r"/search5/"), "q", "p"),
    Family("igs", re.compile(r"/igs/front/"), "searchWord", "pageNumber"),
    Family("irs", re.compile(r"/irs-c-web/"), "searchWord", "pageNo"),
    Family("ucap", re.compile(r"/s\?(?:.*&)?siteCode="), "searchWord", "page"),
    Family("sousuo", re.compile(r"//sousuo\.|/sousuo/"), "q", "p"),
)
FORM: Final = Family("form", re.compile(""), "", "")  # any other form that is sent by GET


def family_of(url: str) -> Family:
    return next((family for family in FAMILIES if family.path.search(url)), FORM)
