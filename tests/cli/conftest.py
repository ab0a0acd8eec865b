"""The command line in this process, over the simulated prefecture on loopback."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from crawler import cli, words
from crawler import config as configuration
from crawler.demo import running, write_config
from crawler.demo.world import World


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


Run = Callable[..., Said]


_load = configuration.load
_load_once = cache(_load)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, config: Path) -> Run:
    """govcheck ARGS in an empty folder, piped, 80 columns. The shared configuration is read once for all tests."""
    monkeypatch.setattr(configuration, "load", lambda folder: (_load_once if folder == config else _load)(folder))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")

    def go(*args: object) -> Said:
        capsys.readouterr()
        code = words.spoken(cli.govcheck, [str(arg) for arg in args], cli.err)
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        return Said(code, said.out, said.err)

    return go


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    with running() as served:
        yield served


@pytest.fixture(scope="session")
def config(world: World, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_config(world, tmp_path_factory.mktemp("world") / "config")


@pytest.fixture(scope="session")
def crawled(config: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder after one small night of two sites."""
    data = tmp_path_factory.mktemp("crawled")
    args = ["nightly", "--site", "rsj", "--site", "lxs", "--config", str(config), "--data", str(data)]
    assert words.spoken(cli.govcheck, args, cli.err) == 0
    return data


@pytest.fixture
def own_config(config: Path, tmp_path: Path) -> Path:
    """A copy to break."""
    return Path(shutil.copytree(config, tmp_path / "config"))
