"""What is to be asked and in which order: known URLs, one lane per platform, one queue per host in it."""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import xxhash

# The order of a night (DESIGN "Nights"); smaller goes first.
SECOND_ROUND, OPEN_ISSUE, ENTRANCE, NEW_TARGET, LONGEST_UNSEEN = range(5)

EXTERNAL_WORKERS = 16  # hosts of nobody's platform in flight at once; each gets one request per ten seconds


@dataclass(slots=True, eq=False)
class Target:
    """One known URL on its way through the night."""

    id: int
    url: str
    site: str  # "" for nobody's
    lane: str
    host: str
    kind: str
    suffix: str = ""
    depth: int = 0
    priority: int = NEW_TARGET
    asked_at: float = 0.0
    full_at: float = 0.0
    etag: str = ""
    modified: str = ""
    body_hash: bytes | None = None
    parsed: bool = False  # facts of that body at today's version are stored
    first_suspect: float = 0.0  # when the first round failed
    not_before: float = 0.0  # of a second round of this run
    place: int = 0  # its only valid entry in a queue; 0 while it stands in none
    later: bool = False  # it waits for its time
    flying: bool = False  # it is being asked

    @property
    def queue(self) -> tuple[str, bool]:
        """Files go slower than pages of the same host, and must not hold them up."""
        return self.host, self.kind in {"attachment", "media"}


def url_hash(url: str) -> int:
    """64 bits of a URL: a set of them takes half the memory of the strings (LIBRARIES "Where the time goes")."""
    return xxhash.xxh3_64_intdigest(url.encode("utf-8", "surrogatepass"))


class Lane:
    """The queues of one platform. Hosts take turns, so one that hangs never holds the others."""

    def __init__(self, name: str, limit: int, per_host: int) -> None:
        self.name = name
        self.limit = limit
        self.per_host = per_host
        self.size = 0
        self.in_flight = 0
        # An entry counts only while its serial is the target's place: a target that moved up leaves its old one behind.
        self._heaps: dict[tuple[str, bool], list[tuple[int, float, int, Target]]] = {}
        self._turn: deque[tuple[str, bool]] = deque()
        self._busy: dict[tuple[str, bool], int] = {}
        self._held: set[str] = set()  # sites whose home page has not answered yet
        self._parked: dict[str, dict[int, Target]] = {}
        self._serial = 0
        self.changed = asyncio.Event()

    def put(self, target: Target) -> None:
        if target.site in self._held and target.site and target.priority != SECOND_ROUND:
            self._parked.setdefault(target.site, {})[target.id] = target
            return
        heap = self._heaps.get(target.queue)
        if heap is None:
            heap = self._heaps[target.queue] = []
            self._turn.append(target.queue)
        self._serial += 1
        self.size += not target.place
        target.place = self._serial
        heapq.heappush(heap, (target.priority, target.asked_at, self._serial, target))

    def take(self) -> Target | None:
        """The next target of the next host that may be asked, or None while all of them wait."""
        if self.in_flight >= self.limit or not self.size:
            return None
        for _ in range(len(self._turn)):
            queue = self._turn[0]
            self._turn.rotate(-1)
            heap = self._heaps[queue]
            while heap and heap[0][3].place != heap[0][2]:
                heapq.heappop(heap)
            if not heap:
                del self._heaps[queue]
                self._turn.remove(queue)
                continue
            allowed = 1 if queue[1] else self._share()
            if self._busy.get(queue, 0) >= allowed:
                continue
            target = heapq.heappop(heap)[3]
            target.place = 0
            target.flying = True
            self.size -= 1
            self.in_flight += 1
            self._busy[queue] = self._busy.get(queue, 0) + 1
            return target
        return None

    def _share(self) -> int:
        """With several hosts waiting none may fill every slot: a tar pit would stop the platform (BEHAVIOURS 100)."""
        if self.per_host > 1 and len(self._turn) > 1:
            return self.per_host - 1
        return self.per_host

    def done(self, target: Target) -> None:
        target.flying = False
        self.in_flight -= 1
        self._busy[target.queue] -= 1
        if not self._busy[target.queue]:
            del self._busy[target.queue]

    def hold(self, site: str) -> None:
        self._held.add(site)

    def release(self, site: str) -> None:
        self._held.discard(site)
        for target in self._parked.pop(site, {}).values():
            self.put(target)


class Frontier:
    """All lanes, all known URLs, and the second rounds that wait for their time.

    A URL has one `Target` from when it is put until it is answered for good: nobody asks it twice (BEHAVIOURS 93).
    """

    def __init__(self) -> None:
        self.targets: dict[int, Target] = {}
        self.ids: dict[int, int] = {}  # url_hash -> id
        self.next_id = 1
        self.lanes: dict[str, Lane] = {}
        self._later: list[tuple[float, int, Target]] = []

    def lane(self, name: str, limit: int, per_host: int) -> Lane:
        if name not in self.lanes:
            self.lanes[name] = Lane(name, limit, per_host)
        return self.lanes[name]

    def knows(self, url: str) -> bool:
        return url_hash(url) in self.ids

    def number(self, url: str) -> tuple[int, bool]:
        """The id of a URL, and whether it is new: one call decides, so no two workers get it (BEHAVIOURS 93)."""
        key = url_hash(url)
        known = self.ids.get(key)
        if known is not None:
            return known, False
        new = self.ids[key] = self.next_id
        self.next_id += 1
        return new, True

    def put(self, target: Target) -> None:
        """To its queue; one that waits for its time or is being asked stays where it is."""
        self.targets.setdefault(target.id, target)
        if not target.later and not target.flying:
            lane = self.lanes[target.lane]
            lane.put(target)
            lane.changed.set()

    def later(self, target: Target, at: float) -> None:
        self.targets.setdefault(target.id, target)
        target.later = True
        heapq.heappush(self._later, (at, target.id, target))

    def ripen(self, now: float) -> int:
        """Move what is due by now into its lane; returns how many moved."""
        moved = 0
        while self._later and self._later[0][0] <= now:
            target = heapq.heappop(self._later)[2]
            target.priority = SECOND_ROUND
            target.later = False
            self.put(target)
            moved += 1
        return moved

    def done(self, target: Target) -> None:
        """It was answered, or waits for another round."""
        lane = self.lanes[target.lane]
        lane.done(target)
        if not target.later:
            self.targets.pop(target.id, None)
        lane.changed.set()

    def waiting(self) -> Iterator[Target]:
        """What nobody has asked yet, and what waits for its second round."""
        yield from self.targets.values()

    @property
    def next_due(self) -> float | None:
        return self._later[0][0] if self._later else None

    @property
    def idle(self) -> bool:
        """Nothing queued that could be taken and nothing in flight."""
        return all(not lane.size and not lane.in_flight for lane in self.lanes.values())

    def wake(self) -> None:
        for lane in self.lanes.values():
            lane.changed.set()

    async def changed(self, lane: Lane, timeout: float) -> None:
        """Wait until something was put into the lane or finished in it, at most `timeout` seconds."""
        lane.changed.clear()
        try:
            async with asyncio.timeout(timeout):
                await lane.changed.wait()
        except TimeoutError:
            return
