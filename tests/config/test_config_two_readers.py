"""libyaml and ruamel.yaml must say the same of every file; what they read differently is left to ruamel.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from crawler.config import composing
from crawler.config.loading import SHIPPED
from crawler.config.reading import read

SCALARS = """\
- [6229010001, "6229010001", 007, 0o17, 0x1F, 0b11, 1_000, +1, -0, 1e3, 1.5, .5, -.inf, .nan, 12:30:45, 1e]
- [yes, no, on, off, y, n, true, True, TRUE, tRUE, ~, null, Null, nULL, '', "", "~", 'null', 'true']
- [2022-01-01, 2022-01-01T00:00:00Z, 22:00-06:00, =, <<, .gov.cn, 6.0.1, https://www.lxs.gov.cn/, a#b, "a: b"]
- {empty: , "quoted": 1, code: 6229010001, <<: x, 中文: 临夏市, "1": a, yes: on}
-
- plain text over
  two lines
- 'it''s'
- "\\u4e34\\n\\x41"
"""
ODD = [
    SCALARS,
    "a: |\n  one\n  two\nb: >-\n  three\n",
    "a: &x [1, 2]\nb: *x\n",
    "a: !!str 1\nb: !own 2\n",
    "%YAML 1.1\n---\na: yes\n",
    "? a\n: b\n",
    "- \ta\n",
    "a: b\u2028c: d\n",
    "# nothing\n",
    "a: 1\na: 2\n",
    "{a: 1, [b]: 2}",
    "[" * 61 + "]" * 61,
]


def _both(path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Any, Any]:
    said = []
    for reader in (composing.libyaml, None):
        composing.compose.cache_clear()
        monkeypatch.setattr(composing, "libyaml", reader)
        source = read(path, path.name)
        problems = [str(problem) for problem in source.problems]
        said.append((repr(source.data), source.keys, source.values, source.raw, problems))
    return said[0], said[1]


@pytest.mark.parametrize("path", sorted(SHIPPED.rglob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_files_read_alike_and_fast(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fast, careful = _both(path, monkeypatch)
    assert fast == careful


def test_shipped_files_need_no_second_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("yaml._yaml")
    import ruamel.yaml

    monkeypatch.setattr(ruamel.yaml, "YAML", None)
    composing.compose.cache_clear()
    assert [read(path, "x").problems for path in SHIPPED.rglob("*.yaml")] == [[]] * len(list(SHIPPED.rglob("*.yaml")))


@pytest.mark.parametrize("number", range(len(ODD)))
def test_what_two_versions_of_yaml_dispute_is_read_as_before(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text(ODD[number], "utf-8")
    fast, careful = _both(path, monkeypatch)
    assert fast == careful


def test_values_are_those_of_yaml_1_2(tmp_path: Path) -> None:
    path = tmp_path / "values.yaml"
    path.write_text(SCALARS, "utf-8")
    source = read(path, "x")
    assert source.data[0][:7] == [6229010001, "6229010001", 7, 15, 31, 3, 1000]
    assert source.data[1][:9] == ["yes", "no", "on", "off", "y", "n", True, True, True]
    assert source.data[2][:3] == ["2022-01-01", "2022-01-01T00:00:00Z", "22:00-06:00"]
