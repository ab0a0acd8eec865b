"""Search pages: where a site's search is asked, and what an answer shows; one entry a family (FIELD 1.9)."""

from crawler.parse.search.answers import Answer, Row, holds, placeholders, read
from crawler.parse.search.entrances import Entrance, entrances, onward

__all__ = ["Answer", "Entrance", "Row", "entrances", "holds", "onward", "placeholders", "read"]
