"""Transactions of an open database, one inside another where need be."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from archiver.store.connection import Connection, translated


class Transactions:
    """What is written together."""

    connection: Connection

    @contextmanager
    def unhurried(self) -> Iterator[None]:
        """As `atomic`, for what a power cut may undo without loss, because it can be done again: it
        reaches the disk with the next commit, that of an outer block if there is one."""
        if self.connection.in_transaction:
            with self.atomic():
                yield
            return
        self.connection.execute("PRAGMA synchronous = NORMAL")
        try:
            with self.atomic():
                yield
        finally:
            self.connection.execute("PRAGMA synchronous = FULL")

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """All that is written inside is kept together, or, when an exception leaves it, not at all;
        an inner block that fails undoes only itself if the outer one catches that."""
        connection = self.connection
        nested = connection.in_transaction
        connection.execute("SAVEPOINT part" if nested else "BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("RELEASE part" if nested else "COMMIT")
        except BaseException as error:
            # An error such as a full disk may have ended the transaction already.
            if connection.in_transaction:
                if nested:
                    connection.execute("ROLLBACK TO part")
                connection.execute("RELEASE part" if nested else "ROLLBACK")
            if isinstance(error, sqlite3.DatabaseError):
                raise translated(error, connection.name) from error
            raise
