"""A misbehaving world and an office that runs commands over it, for every numbered test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world.office import Office
from tests.world.server import World, standing


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    """One world for the tests of a file: each takes host names of its own."""
    with standing() as made:
        yield made


@pytest.fixture
def office(world: World, tmp_path: Path) -> Iterator[Office]:
    """A fresh office; what it started and left running is ended with the test."""
    made = Office(world, tmp_path)
    yield made
    made.close()
