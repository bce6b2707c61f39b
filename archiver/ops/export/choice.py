"""What an export takes, as asked for on the command line, and what that needs to be complete."""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import date, timedelta

from archiver.errors import ArchiverError
from archiver.folder import DataFolder
from archiver.ingest import original_row, profile_for, recall, stored_at
from archiver.provenance import Origin
from archiver.store.database import Store
from archiver.store.selection import Selection


@dataclass(frozen=True, slots=True)
class Choice:
    """`site` is a host, `article` a URL, `since` and `until` the first and the last day (UTC) of
    captures; None chooses all."""

    site: str | None = None
    article: str | None = None
    since: date | None = None
    until: date | None = None

    @property
    def is_everything(self) -> bool:
        return self == Choice()


def select(
    choice: Choice,
    store: Store,
    folder: DataFolder,
    origins: Mapping[str, Origin],
    kept_back: Set[str] = frozenset(),
) -> Selection:
    """The captures that a choice names, with what they cannot be read or shown without, but for the
    records `kept_back`.

    Raises BadInput when the archive holds none.
    """
    selection = Selection(store.connection)
    if choice.article is not None:
        selection.add_article(choice.article)
    elif choice.site is not None:
        selection.add_site(choice.site)
    else:
        selection.add_all()
    until = choice.until + timedelta(days=1) if choice.until else None
    selection.keep_between(
        choice.since.isoformat() if choice.since else None, until.isoformat() if until else None
    )
    if choice.article is not None:
        _add_requisites(selection, store, folder, origins)
    _add_originals(selection, store, folder)
    selection.drop_records(kept_back)
    return selection


def _add_requisites(
    selection: Selection, store: Store, folder: DataFolder, origins: Mapping[str, Origin]
) -> None:
    """What the chosen pages need to be shown, and what their stylesheets need."""
    waiting = selection.ids()
    while waiting:
        capture_id = waiting.pop()
        row = store.capture(capture_id)
        origin = origins.get(row.warc_file)
        if origin is None:
            continue
        try:
            found = recall(store, folder.warcs, capture_id, profile_for(origin.provenance, row.url))
        except ArchiverError:
            continue  # its damage is told by the check
        waiting += selection.add_urls(found.facts.requisites)


def _add_originals(selection: Selection, store: Store, folder: DataFolder) -> None:
    for row in selection.revisits():
        original = original_row(store, folder.warcs, stored_at(folder.warcs, row))
        if original is not None:
            selection.add_record(original.record_id)
