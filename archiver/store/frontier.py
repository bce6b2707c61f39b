"""What a crawl still has to fetch, as a table, so that a kill at any moment loses no page.

A target stays pending until what its page led to is recorded. `captured` belongs into the
transaction of the capture itself; what a page led to is recorded with the next one (`settle`).
After a kill in between the target is given out again with its `capture_id`, to be read from the
archive instead of fetched.
"""

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from archiver.extract.urls import url_key
from archiver.store.database import Store

BATCH = 16

INSERT = (
    "INSERT INTO frontier (crawl_id, key, turn, url, kind, priority, depth, via, hops, callback,"
    " data, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending') ON CONFLICT DO NOTHING"
)
FIELDS = "url, key, kind, priority, depth, via, hops, callback, data, id, capture_id"
DATA = FIELDS.split(", ").index("data")
ID = DATA + 1


@dataclass(frozen=True, slots=True)
class Target:
    """A URL to fetch. `key` tells it from the others of its crawl, greater `priority` comes first,
    `hops` is the path from the seed in Heritrix letters, `data` what JSON can hold. `id` is set by
    the frontier; `capture_id` when it is captured but was not followed up."""

    url: str
    key: str
    kind: str
    priority: int = 0
    depth: int = 0
    via: str | None = None
    hops: str = ""
    callback: str | None = None
    data: Mapping[str, object] | None = None
    id: int = 0
    capture_id: int | None = None


@dataclass(frozen=True, slots=True)
class FrontierCounts:
    """Targets by state, and URLs left aside."""

    pending: int
    done: int
    failed: int
    skipped: int


@dataclass(frozen=True, slots=True)
class Left:
    """A URL that the crawl does not hold, and why."""

    url: str
    reason: str


class Frontier:
    """The frontier of one crawl. What has been popped is remembered in memory only, so that a new
    Frontier of the same crawl gives it out again."""

    def __init__(self, store: Store, crawl_id: int) -> None:
        self._store = store
        self._crawl_id = crawl_id
        self._in_flight: dict[int, int] = {}
        self._ready: deque[Target] = deque()
        self._finished: list[tuple[int | None, Sequence[Target]]] = []

    def add(self, target: Target, *, again: bool = False) -> bool:
        """Ask for a target; False when its key is known to this crawl.

        `again` asks once more for one that is done or failed, and gives back to the queue one that
        was popped.
        """
        self.settle()
        with self._store.atomic():
            turn = 0
            if again:
                row = self._store.connection.execute(
                    "SELECT id, turn, state FROM frontier WHERE crawl_id = ? AND key = ?"
                    " ORDER BY turn DESC LIMIT 1",
                    (self._crawl_id, target.key),
                ).fetchone()
                if row is not None and row[2] == "pending":
                    return self._give_back(row[0])
                turn = 0 if row is None else row[1] + 1
            added = self._store.connection.execute(INSERT, self._row(target, turn)).rowcount
        if added and self._ready and target.priority > self._ready[-1].priority:
            self._ready.clear()
        return bool(added)

    def finish(self, target_id: int | None, asked: Sequence[Target]) -> None:
        """A page has been read, and led to `asked`, of which those count whose keys are not known
        to this crawl. It is recorded by `settle`."""
        self._finished.append((target_id, asked))

    def settle(self) -> None:
        """Record what `finish` has told, in one transaction; to be called in that of a capture, or
        when the order of what is next depends on it. Until then a power cut, or a kill, undoes it
        without loss, because the pages are read again."""
        if not self._finished:
            return
        finished, self._finished = self._finished, []
        asked = [target for _, targets in finished for target in targets]
        with self._store.unhurried():
            self._store.connection.executemany(INSERT, [self._row(target, 0) for target in asked])
            for target_id, _ in finished:
                if target_id is not None:
                    self.done(target_id)
        highest = max((target.priority for target in asked), default=None)
        if highest is not None and self._ready and highest > self._ready[-1].priority:
            self._ready.clear()

    def _row(self, target: Target, turn: int) -> tuple[object, ...]:
        return (
            self._crawl_id,
            target.key,
            turn,
            target.url,
            target.kind,
            target.priority,
            target.depth,
            target.via,
            target.hops,
            target.callback,
            None if target.data is None else json.dumps(target.data, ensure_ascii=False),
        )

    def pop(self, first: int | None = None) -> Target | None:
        """The pending target of the highest priority, the oldest of these first; None when every
        pending target has been popped, or when it must wait: those of priority `first` or more are
        to be done before any other."""
        if self._changes_order(first):
            self.settle()
        if not self._fill():
            return None
        if first is not None and self._ready[0].priority < first and self._has_above(first):
            return None
        target = self._ready.popleft()
        self._in_flight[target.id] = target.priority
        return target

    def _changes_order(self, first: int | None) -> bool:
        """Whether what is finished and not recorded decides what is next."""
        if not self._ready:
            return True
        told = [target.priority for _, asked in self._finished for target in asked]
        if told and max(told) > self._ready[-1].priority:
            return True
        if first is None or self._ready[0].priority >= first:
            return False
        ended = (self._in_flight.get(target_id or 0, 0) for target_id, _ in self._finished)
        return any(priority >= first for priority in ended)

    def has_pending(self) -> bool:
        """Whether `pop` would give a target."""
        self.settle()
        return self._fill()

    def captured(self, target_id: int, capture_id: int) -> None:
        """The target's response is in the archive; call it in the transaction of the capture."""
        self._store.connection.execute(
            "UPDATE frontier SET capture_id = ? WHERE id = ?", (capture_id, target_id)
        )

    def recaptured(self, capture_ids: Iterable[int]) -> None:
        """Captures that a crash had left without a row: the targets that they answer are captured,
        unless the answer was one to try again."""
        with self._store.atomic():
            self._store.connection.executemany(
                "UPDATE frontier SET capture_id = c.id FROM captures c WHERE c.id = ?"
                " AND frontier.crawl_id = ? AND frontier.url = c.url"
                " AND frontier.state = 'pending' AND frontier.capture_id IS NULL"
                " AND c.status < 500 AND c.status <> 429",
                [(capture_id, self._crawl_id) for capture_id in capture_ids],
            )

    def done(self, target_id: int, capture_id: int | None = None) -> None:
        """Nothing is left to do for the target; call it in the transaction of the capture, or of
        the targets that its page asked for. One that has failed stays so: an answer such as 503 is
        kept and read, but is not the page."""
        self._store.connection.execute(
            "UPDATE frontier SET state = 'done', capture_id = coalesce(?, capture_id)"
            " WHERE id = ? AND state <> 'failed'",
            (capture_id, target_id),
        )
        self._in_flight.pop(target_id, None)

    def failed(self, target_id: int, reason: str) -> None:
        """The target could not be captured."""
        with self._store.atomic():
            self._store.connection.execute(
                "UPDATE frontier SET state = 'failed', reason = ? WHERE id = ?",
                (reason, target_id),
            )
        self._in_flight.pop(target_id, None)

    def postpone(self, target_id: int) -> None:
        """The target stays pending, and comes after the others when the crawl is taken up again."""
        with self._store.atomic():
            self._store.connection.execute(
                "UPDATE frontier SET priority = priority - 1 WHERE id = ?", (target_id,)
            )

    def skipped(self, url: str, reason: str) -> None:
        """The crawl leaves a URL aside: out of scope, closed by robots.txt, beyond the budget."""
        with self._store.atomic():
            self._store.connection.execute(
                "INSERT INTO skipped (crawl_id, url, reason) VALUES (?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                (self._crawl_id, url, reason),
            )

    def counts(self) -> FrontierCounts:
        """How far the crawl has come."""
        query = "SELECT state, count(*) FROM frontier WHERE crawl_id = ? GROUP BY state"
        states = dict(self._store.connection.execute(query, (self._crawl_id,)).fetchall())
        (skipped,) = self._store.connection.execute(
            "SELECT count(*) FROM skipped WHERE crawl_id = ?", (self._crawl_id,)
        ).fetchone()
        return FrontierCounts(
            states.get("pending", 0), states.get("done", 0), states.get("failed", 0), skipped
        )

    def failures(self, kind: str | None = None) -> Iterator[Left]:
        """The targets that could not be captured, of one kind if it is given, in order."""
        rows = self._store.connection.execute(
            "SELECT url, reason FROM frontier WHERE crawl_id = ?1 AND state = 'failed'"
            " AND (?2 IS NULL OR kind = ?2) ORDER BY id",
            (self._crawl_id, kind),
        )
        return (Left(*row) for row in rows)

    def captures(self, kind: str) -> list[int]:
        """The captures of the targets of one kind that have been read, in the order asked for."""
        self.settle()
        rows = self._store.connection.execute(
            "SELECT capture_id FROM frontier WHERE crawl_id = ? AND kind = ? AND state = 'done'"
            " AND capture_id IS NOT NULL ORDER BY id",
            (self._crawl_id, kind),
        )
        return [capture_id for (capture_id,) in rows]

    def has_asked(self, url: str) -> bool:
        """Whether this crawl has asked for a page, or is going to."""
        self.settle()
        row = self._store.connection.execute(
            "SELECT 1 FROM frontier WHERE crawl_id = ? AND key = ?", (self._crawl_id, url_key(url))
        ).fetchone()
        return row is not None

    def left_aside(self) -> Iterator[Left]:
        """The URLs that were skipped, by reason and URL."""
        rows = self._store.connection.execute(
            "SELECT url, reason FROM skipped WHERE crawl_id = ? ORDER BY reason, url",
            (self._crawl_id,),
        )
        return (Left(*row) for row in rows)

    def _has_above(self, priority: int) -> bool:
        """Whether a target of this priority or more is not done, be it popped or not."""
        (highest,) = self._store.connection.execute(
            "SELECT max(priority) FROM frontier WHERE crawl_id = ? AND state = 'pending'",
            (self._crawl_id,),
        ).fetchone()
        return highest is not None and highest >= priority

    def _give_back(self, target_id: int) -> bool:
        if target_id not in self._in_flight:
            return False
        self._in_flight.pop(target_id, None)
        self._ready.clear()
        return True

    def _fill(self) -> bool:
        """Read the next targets if none is ready; whether one is."""
        if not self._ready:
            rows = self._store.connection.execute(
                f"SELECT {FIELDS} FROM frontier WHERE crawl_id = ? AND state = 'pending'"
                " ORDER BY priority DESC, id LIMIT ?",
                (self._crawl_id, len(self._in_flight) + BATCH),
            ).fetchall()
            self._ready.extend(target_of(row) for row in rows if row[ID] not in self._in_flight)
        return bool(self._ready)


def target_of(row: tuple[Any, ...]) -> Target:
    """A target from its row, in the order of FIELDS."""
    values = list(row)
    values[DATA] = json.loads(row[DATA]) if row[DATA] else None
    return Target(*values)
