"""The made archive (`sample`) as a database file, and Datasette on it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from datasette.app import Datasette

from archiver.publish.engine import build
from archiver.store.migrations import ddl
from tests.publish import sample


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "archive.db"
    with closing(sqlite3.connect(path)) as connection:
        for statement in ddl():
            connection.execute(statement)
        sample.fill(connection)
    return path


@pytest.fixture
def site(database: Path) -> Datasette:
    return build(database)
