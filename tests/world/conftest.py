from __future__ import annotations

import pytest

from tests.world.office import Office
from tests.world.server import standing


@pytest.fixture(scope="module")
def world():
    with standing() as made:
        yield made


@pytest.fixture
def office(world, tmp_path):
    """A fresh office; hosts of the world are shared by the tests of a file, so each takes names of its own."""
    return Office(world, tmp_path)
