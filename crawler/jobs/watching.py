"""Progress of a crawl: a live table at a terminal, plain JSON lines with the run's number under cron."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections import Counter
from datetime import datetime
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from crawler.core.clock import SHANGHAI
from crawler.core.model import Fetch, State

EVERY = 30.0  # seconds between two progress lines of one run under cron

_STATES = {State.ALIVE: "正常", State.DEAD: "失效", State.SUSPECT: "待复查", State.BLOCKED: "未核实"}


class JsonFormatter(logging.Formatter):
    """One JSON object a line, Beijing time, the run's number where there is one."""

    def __init__(self) -> None:
        super().__init__()
        self.run: int | None = None

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, SHANGHAI).isoformat(timespec="seconds"),
            "level": record.levelname.lower(),
            "run": self.run,
            "message": record.getMessage(),
        }
        line.update(getattr(record, "data", {}))
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = f"{type(record.exc_info[1]).__name__}: {record.exc_info[1]}"
        return json.dumps(line, ensure_ascii=False, default=str)


class LogWatch:
    """Under cron: a line when it starts, every half minute, for each note, and at the end."""

    def __init__(self, formatter: JsonFormatter) -> None:
        self._formatter = formatter
        self._log = logging.getLogger("govcheck")
        self._counts: Counter[str] = Counter()
        self._said = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return

    def started(self, sites: tuple[str, ...], run: int) -> None:
        self._formatter.run = run
        self._log.info("crawl started", extra={"data": {"sites": list(sites)}})

    def fetched(self, site: str, fetch: Fetch, waiting: int) -> None:  # noqa: ARG002  one protocol, two watchers
        self._counts[fetch.state.value] += 1
        if time.monotonic() - self._said >= EVERY:
            self._said = time.monotonic()
            self._log.info("crawling", extra={"data": {**self._counts, "waiting": waiting}})

    def noted(self, site: str, text: str) -> None:
        self._log.warning(text, extra={"data": {"site": site}})

    def crashed(self, url: str, error: BaseException) -> None:
        self._log.error("checker error on %s: %s: %s", url, type(error).__name__, error)

    def ended(self, text: str) -> None:
        self._log.info("crawl ended", extra={"data": {**self._counts, "reason": text}})

    def phase(self, text: str) -> None:
        self._log.info(text)


class TableWatch:
    """At a terminal: one line per site, redrawn in place, gone when the crawl is over."""

    def __init__(self, console: Console, names: dict[str, str]) -> None:
        self._console = console
        self._names = names
        self._rows: dict[str, Counter[str]] = {}
        self._notes: dict[str, str] = {}
        self._phase = ""
        self._waiting = 0
        self._since = time.monotonic()
        self._live = Live(get_renderable=self._table, console=console, refresh_per_second=4, transient=True)

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    def started(self, sites: tuple[str, ...], run: int) -> None:
        self._phase = f"第 {run} 次检查：正在读取"
        self._rows = {site: Counter() for site in sites}

    def fetched(self, site: str, fetch: Fetch, waiting: int) -> None:
        self._waiting = waiting
        if site in self._rows:
            self._rows[site][_STATES[fetch.state]] += 1

    def noted(self, site: str, text: str) -> None:
        self._notes[site] = text

    def crashed(self, url: str, error: BaseException) -> None:
        self._console.print(Text(f"检查程序出错：{url}：{type(error).__name__}: {error}", style="red"))

    def ended(self, text: str) -> None:
        self._phase = f"读取结束 {text}".strip()

    def phase(self, text: str) -> None:
        self._phase = text

    def _table(self) -> Table:
        seconds = int(time.monotonic() - self._since)
        table = Table(title=f"{self._phase}（{seconds} 秒，待读 {self._waiting}）", title_justify="left", expand=False)
        table.add_column("网站", no_wrap=True)
        for word in _STATES.values():
            table.add_column(word, justify="right")
        table.add_column("说明", overflow="ellipsis", no_wrap=True, max_width=40)
        for site, counts in self._rows.items():
            numbers = [str(counts[word]) if counts[word] else "·" for word in _STATES.values()]
            table.add_row(self._names.get(site, site), *numbers, self._notes.get(site, ""))
        return table


def watch_for(console: Console, formatter: JsonFormatter, names: dict[str, str]) -> LogWatch | TableWatch:
    return TableWatch(console, names) if console.is_terminal else LogWatch(formatter)


def set_up_logging() -> JsonFormatter:
    """JSON lines on stderr; libraries from warnings up."""
    formatter = JsonFormatter()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("govcheck").setLevel(logging.INFO)
    return formatter
