"""Opens a SQLite file of ours, brings its schema up to date, and says in Chinese what is wrong with it."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError


class DataError(Exception):
    """A data file cannot be used; the text says which, why and what to do."""

    def __init__(self, path: Path, says: str) -> None:
        super().__init__(f"{says}（文件：{path}）")
        self.path = path


class MissingData(DataError):
    """There is no such file, and it was to be read only."""


class NewerData(DataError):
    """Written by a newer program."""


class MissingRun(MissingData):
    """The file is there, and knows nothing of the run that was asked for."""


class OlderData(DataError):
    """Its schema must be brought up to date first, and it was to be read only."""


class CorruptData(DataError):
    """Not a database, or a damaged one."""


class ReadOnlyData(DataError):
    """It cannot be written, or not even opened."""


class FullDisk(DataError):
    """No room left."""


class BusyData(DataError):
    """Another process holds it."""


class ForeignData(DataError):
    """SQLite said something that has no sentence of its own."""


# By the primary name of SQLite's result code (https://sqlite.org/rescode.html).
_SAYS: dict[str, tuple[type[DataError], str]] = {
    "SQLITE_CORRUPT": (CorruptData, "数据文件已损坏，请用 data/backup/ 中最近的备份替换它后重试"),
    "SQLITE_NOTADB": (
        CorruptData,
        "这不是数据库文件或文件已损坏，请用 data/backup/ 中最近的备份替换它，或将它移走后重试",
    ),
    "SQLITE_FULL": (FullDisk, "磁盘空间不足，未写入任何内容，请清理磁盘后重试"),
    "SQLITE_READONLY": (ReadOnlyData, "数据文件不可写，请检查文件和所在文件夹的权限"),
    "SQLITE_PERM": (ReadOnlyData, "没有权限打开数据文件，请检查文件和所在文件夹的权限"),
    "SQLITE_CANTOPEN": (ReadOnlyData, "无法打开数据文件，请检查路径是否正确、文件夹是否可写"),
    "SQLITE_IOERR": (ReadOnlyData, "读写数据文件时出错，请检查磁盘"),
    "SQLITE_BUSY": (BusyData, "数据文件正被另一个程序占用，请稍后重试"),
    "SQLITE_LOCKED": (BusyData, "数据文件正被另一个程序占用，请稍后重试"),
}


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns errors of SQLite and of the file system into `DataError`; errors of ours pass."""
    try:
        with explained_sql(path):
            yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise FullDisk(path, _SAYS["SQLITE_FULL"][1]) from error
        raise ReadOnlyData(path, f"{_SAYS['SQLITE_CANTOPEN'][1]}：{error.strerror}") from error


@contextmanager
def explained_sql(path: Path) -> Iterator[None]:
    """Turns errors of SQLite into `DataError`, also the first one of a group of tasks; all others pass."""
    try:
        yield
    except ExceptionGroup as group:
        found = group.subgroup(lambda error: isinstance(error, DBAPIError | sqlite3.Error))
        if found is None:
            raise
        first = _leaf(found)
        raise _explain(path, first.orig if isinstance(first, DBAPIError) else first) from group
    except DBAPIError as error:
        raise _explain(path, error.orig) from error
    except sqlite3.Error as error:
        raise _explain(path, error) from error


def _leaf(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _explain(path: Path, error: BaseException | None) -> DataError:
    kind, says = _kind(error)
    return kind(path, says)


def explain(error: BaseException | None) -> str:
    """The sentence for an error of SQLite met far from the file."""
    return _kind(error)[1]


def _kind(error: BaseException | None) -> tuple[type[DataError], str]:
    name = str(getattr(error, "sqlite_errorname", ""))
    return _SAYS.get("_".join(name.split("_")[:2]), (ForeignData, f"数据库出错：{error}"))


def open_engine(path: Path, *, read_only: bool = False) -> Engine:
    """WAL, foreign keys, half a minute of patience; transactions begin where SQLAlchemy says so, DDL included."""
    if read_only and not path.exists():
        raise MissingData(path, "还没有数据，请先运行一次检查")
    if not read_only:
        with explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
    mode = "rwc"
    if read_only:
        # In a folder we may not write to, SQLite cannot make the WAL index of a file that nobody has open.
        asleep = not path.with_name(path.name + "-wal").exists() and not os.access(path.parent, os.W_OK)
        mode = "ro&immutable=1" if asleep else "ro"
    address = f"file:{quote(str(path.absolute()))}?mode={mode}"

    def connect() -> sqlite3.Connection:
        return sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False, timeout=30)

    engine = create_engine("sqlite://", creator=connect, poolclass=QueuePool)

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.execute("PRAGMA busy_timeout = 30000")
        connection.execute("PRAGMA foreign_keys = ON")
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A reader that turns writer half-way would fail at once instead of waiting.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")

    return engine


def update_schema(engine: Engine, path: Path, *, version: int, scripts: Path, read_only: bool = False) -> None:
    """Runs alembic only where `PRAGMA user_version` differs: starting it costs 0.1 s."""
    with explained(path), engine.connect() as connection:
        found = _user_version(connection)
    if found == version:
        return
    if found > version:
        raise NewerData(path, f"数据由更新版本的程序写入（版本 {found}，本程序支持到 {version}），请升级程序")
    if read_only:
        raise OlderData(path, "数据来自旧版本的程序，请先运行一次检查以升级数据")
    with explained(path), engine.connect().execution_options(writes=True) as connection:
        if _user_version(connection) != version:  # nobody else did it while we waited for the lock
            _migrate(connection, scripts)
            connection.exec_driver_sql(f"PRAGMA user_version = {version:d}")
        connection.commit()


def _user_version(connection: Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def _migrate(connection: Connection, scripts: Path) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
