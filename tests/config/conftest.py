"""The clone's own files are parsed once for all these tests, which load them some two hundred times."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from crawler.config import loading
from crawler.config.reading import Source, read

_read_once = cache(read)


@pytest.fixture(autouse=True)
def _parse_shipped_files_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def reading(path: Path, shown: str) -> Source:
        if path.is_relative_to(loading.SHIPPED):
            return replace(_read_once(path, shown), problems=[])
        return read(path, shown)

    monkeypatch.setattr(loading, "read", reading)
