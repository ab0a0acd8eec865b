"""The rows of a list that stands in JSON, whatever its fields are called."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from crawler.core.clock import SHANGHAI
from crawler.core.facts import Entry
from crawler.parse.dates import find_dates, row_date
from crawler.parse.html_text import plain_words

if TYPE_CHECKING:
    from crawler.core.urls import Resolved
