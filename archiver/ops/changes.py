"""What is new, answered, edited or gone: the rows of `events`, as lines and as JSON.

The same code tells the news of one crawl and those since a day. An event is dated by the capture
that showed it, not by the site.
"""

import json
import re
import shlex
import signal
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from types import FrameType

from archiver.errors import BadInput, Interrupted
from archiver.folder import DataFolder
from archiver.instants import format_instant, parse_instant
from archiver.ops.verify_model import printable
from archiver.store.database import Store

SHOWN = 20
"""Lines printed of one kind of change."""

HOOK_SECONDS = 600
STOPPING = (signal.SIGINT, signal.SIGTERM)
STDERR = 2

SPAN = re.compile(r"(\d{1,5})\s*([hdw])")
HOURS = {"h": 1, "d": 24, "w": 168}

ORDER = ("new", "answered", "edited", "retitled", "renamed", "gone", "back", "comments", "votes")

EVENTS = (
    "SELECT events.at, events.kind, articles.site_id, articles.url, articles.title, before, after"
    " FROM events JOIN articles ON articles.id = article_id"
)


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one article; `before` and `after` as in the table `events`."""

    at: str
    kind: str
    site: str
    url: str
    title: str
    before: str | None
    after: str | None

    @property
    def comments(self) -> int:
        """How many comments came, below 0 when they went; 0 for other kinds."""
        if self.kind != "comments":
            return 0
        return int(self.after or 0) - int(self.before or 0)


def changes_since(folder: DataFolder, since: str, now: datetime) -> list[Change]:
    """The changes seen since an instant, a day or so long ago, oldest first."""
    return _read(folder, " WHERE events.at >= ?", start_of(since, now))


def changes_of_crawl(folder: DataFolder, crawl_id: int) -> list[Change]:
    """The changes that the captures of a crawl show."""
    captured = " JOIN captures ON captures.id = events.capture_id WHERE crawl_id = ?"
    return _read(folder, captured, crawl_id)


def _read(folder: DataFolder, condition: str, value: str | int) -> list[Change]:
    store = Store.open_to_read(folder.database)
    try:
        sql = f"{EVENTS}{condition} ORDER BY events.at, articles.url, events.kind, events.id"
        return [Change(*row) for row in store.connection.execute(sql, (value,))]
    finally:
        store.close()


def start_of(since: str, now: datetime) -> str:
    """The instant that `7d`, `12h`, `2w`, a day (UTC) or an instant means; BadInput otherwise."""
    span = SPAN.fullmatch(since.strip())
    try:
        if span:
            return format_instant(now - timedelta(hours=int(span[1]) * HOURS[span[2]]))
        if len(since) == len("2024-06-14"):
            return format_instant(datetime.combine(date.fromisoformat(since), time(), UTC))
        return format_instant(parse_instant(since))
    except (ValueError, OverflowError) as error:
        raise BadInput(
            f"“{since}” is no time: write 7d, 12h, 2w or a day as 2024-06-14."
        ) from error


def sentence(changes: Sequence[Change]) -> str:
    """“3 new, 1 answered, 14 new comments”; “nothing new” when there is nothing."""
    counts = Counter(change.kind for change in changes)
    parts = [
        f"{counts[kind]} {kind}"
        for kind in ORDER
        if counts[kind] and kind not in ("comments", "votes")
    ]
    came = sum(max(0, change.comments) for change in changes)
    went = -sum(min(0, change.comments) for change in changes)
    parts += [f"{came} new comment{'s' * (came > 1)}"] if came else []
    parts += [f"{went} comment{'s' * (went > 1)} removed"] if went else []
    parts += [f"votes on {counts['votes']}"] if counts["votes"] else []
    return ", ".join(parts) or "nothing new"


def lines_of(changes: Sequence[Change]) -> Iterator[str]:
    """The sentence, then each change with its address, the kinds in one order."""
    yield sentence(changes)
    for kind, found in groupby(sorted(changes, key=_place), key=lambda change: change.kind):
        same = list(found)
        for change in same[:SHOWN]:
            yield printable(f"  {kind:9} {change.url}  {_detail(change)}")
        if len(same) > SHOWN:
            yield f"  {kind:9} and {len(same) - SHOWN} more"


def _place(change: Change) -> tuple[int, str]:
    return ORDER.index(change.kind), change.at


def _detail(change: Change) -> str:
    if change.kind in ("comments", "renamed", "retitled"):
        return f"{change.before} → {change.after}"
    wait = json.loads(change.after or "{}") if change.kind == "answered" else {}
    if "days" not in wait:
        return change.title
    start = "the question" if wait["from"] == "asked_on" else "its publication"
    seen = ", when that was seen" if wait["to"] == "seen" else ""
    return f"{change.title} ({wait['days']} days after {start}{seen})"


def as_data(changes: Sequence[Change]) -> dict[str, object]:
    """For scripts: the sentence, the number of each kind and every change."""
    counts = Counter(change.kind for change in changes)
    return {
        "summary": sentence(changes),
        "counts": {kind: counts[kind] for kind in ORDER if counts[kind]},
        "changes": [asdict(change) for change in changes],
    }


def run_hook(command: str, changes: Sequence[Change]) -> str | None:
    """Run a person's command, without a shell, with the changes as JSON on its standard input, if
    there are any; a sentence when it failed. What it prints goes to standard error, so that the
    JSON of a crawl stays JSON; SIGINT and SIGTERM end it."""
    if not changes:
        return None
    data = json.dumps(as_data(changes), ensure_ascii=False).encode()
    # Scrapy leaves its handlers behind, which would wait for a crawl that has ended.
    left = {number: signal.signal(number, _stop) for number in STOPPING}
    try:
        done = subprocess.run(
            shlex.split(command), input=data, stdout=STDERR, timeout=HOOK_SECONDS, check=False
        )
    except Interrupted as stopped:
        return str(stopped)
    except (OSError, ValueError, IndexError) as error:
        return f"The command of --on-change could not be run ({error}): check how it is written."
    except subprocess.TimeoutExpired:
        return f"The command of --on-change was stopped after {HOOK_SECONDS} seconds."
    finally:
        for number, handler in left.items():
            signal.signal(number, handler)
    if done.returncode:
        return f"The command of --on-change ended with code {done.returncode}."
    return None


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise Interrupted(
        "The command of --on-change was stopped: `archiver changes` tells again what it was told."
    )
