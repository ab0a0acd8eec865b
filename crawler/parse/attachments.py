"""Which links are files to download, and of what format, by path, parameter or link text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from crawler.core.facts import Attachment, Link

if TYPE_CHECKING:
    from collections.abc import Iterable

DOCUMENTS: Final = (
    "pdf|docx|doc|wps|wpt|xlsx|xlsm|xls|et|ett|pptx|ppt|pps|dps|ofd|rtf|txt|csv|zip|rar|7z|tar|gz|tgz|ceb|cebx|uof|uot|uos"
    "|sep|gd|gw|epub|apk|exe|dwg|shp|kml|odt|ods|xps|tif|tiff"
)
_MEDIA: Final = "mp4|mp3|wmv|wma|flv|avi|mov|m4v|m4a|rm|rmvb|mpg|mpeg|swf|m3u8|webm|wav|ogg"
_IMAGE: Final = "jpg|jpeg|png|gif|bmp|webp|svg|ico|jfif"
_IN_PATH: Final = re.compile(rf"\.({DOCUMENTS})$", re.IGNORECASE)
_MEDIA_PATH: Final = re.compile(rf"\.(?:{_MEDIA})$", re.IGNORECASE)
_IMAGE_PATH: Final = re.compile(rf"\.(?:{_IMAGE})$", re.IGNORECASE)
_IN_TEXT: Final = re.compile(
    rf"\.({DOCUMENTS})(?:\s*[(（\[【][^)）\]】]{{0,30}}[)）\]】]|\s*下载|\s*[\"”’》、，。；;]|\s)*\s*$", re.IGNORECASE
)
# Parameters that carry the real name: JPaaS fileName=, old Hanweb filename=, and what other systems call it.
_NAME_PARAMETER: Final = re.compile(
    rf"[?&](?:file_?name|att_?name|attach(?:ment)?_?name|fname|name|title|file|filepath|file_?url|path|url|src|n|f)"
    rf"=[^&#]*?\.({DOCUMENTS})(?=&|#|$)",
    re.IGNORECASE,
)
# Endpoints that answer with a file though nothing in them says of what kind.
_ENDPOINT: Final = re.compile(
    r"/(?:document/)?(?:file|attach(?:ment)?|doc)?[-_]?down(?:load)?(?:[-_]?(?:file|attach(?:ment)?|servlet|action|s))?"
    r"(?:\.(?:jsp|jspx|do|action|aspx?|ashx|php|shtml))?(?=[?;])"
    r"|[?&](?:wbfileid|fileUrl|attach(?:ment)?_?id|DownloadAttachUrl)=|urltype=\w+\.DownloadAttachUrl"
    r"|/(?:file|attach(?:ment)?s?)/download/|/download/(?:file|attach(?:ment)?)/\w+$",
    re.IGNORECASE,
)
_PAGE_PATH: Final = re.compile(r"/$|\.(?:[sxj]?html?|htm)$|/[^./]*$", re.IGNORECASE)
PAGES: Final = (".html", "/", ".htm", ".shtml", ".jhtml", ".cn", ".com")  # such a URL is a page, whatever its words


def classify(url: str, text: str) -> tuple[str, str]:  # noqa: PLR0911  # a ladder, the surest sign first
    """Kind of link ("page", "attachment", "image", "media") and the suffix of an attachment, "" when it is not said."""
    if url.endswith(PAGES):
        # "a.html?file=x.html": still a page; a viewer's inner file is a link of its own.
        return "page", ""
    path, _, query = url.partition("#")[0].partition("?")
    found = _IN_PATH.search(path)
    if found and path.count("/") > 2:  # "http://gd.gov.gd" is a host
        return "attachment", found[1].lower()
    if _MEDIA_PATH.search(path):
        return "media", ""
    if _IMAGE_PATH.search(path):
        return "image", ""
    if query:
        found = _NAME_PARAMETER.search(_unquoted("?" + query))
        if found and not (_PAGE_PATH.search(path) and "down" not in path.lower()):
            return "attachment", found[1].lower()
    if _ENDPOINT.search(url):
        found = _IN_TEXT.search(text) if text else None
        return "attachment", found[1].lower() if found else ""
    if text and not _PAGES_ANYWHERE.search(path):
        found = _IN_TEXT.search(text)
        if found:
            return "attachment", found[1].lower()
    return "page", ""


_PAGES_ANYWHERE: Final = re.compile(r"\.[sxj]?html?$", re.IGNORECASE)


def _unquoted(query: str) -> str:
    # File names in parameters are percent-encoded once, behind gateways twice.
    text = unquote(query, errors="replace") if "%" in query else query
    return unquote(text, errors="replace") if "%2" in text or "%E" in text else text


def attachments(links: Iterable[Link]) -> tuple[Attachment, ...]:
    """The files a page offers, each URL once."""
    found: dict[str, Attachment] = {}
    for link in links:
        if link.kind != "attachment" or not link.url:
            continue
        known = found.get(link.url)
        suffix = classify(link.url, link.text)[1]
        if known is None or (not known.text and link.text) or (not known.suffix and suffix):
            found[link.url] = Attachment(link.url, link.href, link.text, suffix)
    return tuple(found.values())
