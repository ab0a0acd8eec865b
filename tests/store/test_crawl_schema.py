"""The migrations of crawl.db build what the program reads and writes."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import inspect

from crawler.store import crawl_db as db


def test_migrations_and_tables_agree(tmp_path: Path) -> None:
    engine = db.open_crawl(tmp_path / "crawl.db")
    found = inspect(engine)
    for table in db.metadata.sorted_tables:
        built = {column["name"]: bool(column["nullable"]) for column in found.get_columns(table.name)}
        assert built == {column.name: bool(column.nullable) for column in table.columns}, table.name
        assert {i["name"] for i in found.get_indexes(table.name)} == {i.name for i in table.indexes}, table.name
    engine.dispose()


def test_a_newer_file_is_left_alone(tmp_path: Path) -> None:
    import sqlite3

    import pytest

    from crawler.store.datafile import NewerData

    path = tmp_path / "crawl.db"
    db.open_crawl(path).dispose()
    with sqlite3.connect(path) as connection:
        connection.execute(f"PRAGMA user_version = {db.SCHEMA_VERSION + 1}")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(NewerData, match="更新版本"):
        db.open_crawl(path)
    assert path.read_bytes() == before
