"""Every shape behind a link of its own site, one night over all of them; the truth is what a person sees who opens it.

BEHAVIOURS 22, 27, 32, 36–46. A twin of each group is its `alive` shapes: nothing may be said of them.
"""

from __future__ import annotations

import pytest

from tests.world import shapes, vendors
from tests.world.office import Office, Told, page
from tests.world.server import World, answer
from tests.world.shapes import UNVERIFIED, Shape

GROUPS = {
    "status": shapes.STATUS,
    "soft": shapes.SOFT,
    "redirects": shapes.REDIRECTS,
    "bodies": [s for s in shapes.BODIES if s.name not in {"gzip bomb", "endless"}],
    "bombs": [s for s in shapes.BODIES if s.name in {"gzip bomb", "endless"}],
    "external": shapes.EXTERNAL,
    "hrefs": shapes.HREFS,
    "vendors": [Shape(name, UNVERIFIED, reply) for name, reply in vendors.REFUSALS.items()],
    "vendors-out": [Shape(f"{n} out", UNVERIFIED, r, host="{}.example.com") for n, r in vendors.REFUSALS.items()],
}
_told: dict[str, Told] = {}


def night(world: World, group: str, folder) -> Told:
    """One night over a group, shared by its tests."""
    if group not in _told:
        office = Office(world, folder)
        world.on("http://away.test/", answer(page("别处首页")))
        world.on("http://away.test/x", answer(page("别处", "/only-there.html")))
        world.connect_to |= {"nosuch.test:*": "nxdomain", "shut.test:*": "refused"}
        for number, shape in enumerate(GROUPS[group]):
            name = f"{group}{number}"
            link, _ = shape.stand(world, name)
            office.site(name, link.replace("{}", name))
        _told[group] = office.nightly()
    return _told[group]


NUMBERS = {
    "status": (40,),
    "soft": (41, 42),
    "redirects": (38, 43),
    "bodies": (36,),
    "bombs": (37,),
    "external": (40, 42, 46),
    "hrefs": (22, 45),
    "vendors": (27,),
    "vendors-out": (27,),
}
CASES = [
    pytest.param(group, number, marks=pytest.mark.behaviour(*NUMBERS[group]))
    for group, found in GROUPS.items()
    for number in range(len(found))
]
IDS = [f"{group}-{shape.name}" for group, found in GROUPS.items() for shape in found]


@pytest.mark.parametrize(("group", "number"), CASES, ids=IDS)
def test_a_link_is_what_a_person_sees_who_opens_it(world, tmp_path, group, number) -> None:
    told, shape, name = night(world, group, tmp_path), GROUPS[group][number], f"{group}{number}"
    _, target = shape.stand(world, name)
    allowed = {shape.truth} if isinstance(shape.truth, str) else set(shape.truth)
    assert told.verdict(name, target) in allowed, told.words(name, target)
    assert not [f for f in told.findings(name) if f["target"] != target]  # and nothing else of the site is blamed


@pytest.mark.behaviour(39, 88)
def test_only_get_was_ever_sent(world) -> None:
    """BEHAVIOURS 39, 88: HEAD judges nothing and is not sent."""
    assert {visit.method for visit in world.log} <= {"GET"}
    assert not world.asked("//away.test/only-there.html")  # another's page is no page of ours
