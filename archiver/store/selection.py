"""Which captures a hand-over takes: all, or those of a site, of an article, of some days.

The chosen captures are a table of this connection alone. With a capture that shows an article go
those that its history stands on; a revisit brings the capture that has its payload.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archiver.errors import BadInput
from archiver.extract.urls import url_key
from archiver.store.connection import Connection
from archiver.store.model import CAPTURE_COLUMNS, CaptureRow

GOOD_PAGES = (
    "SELECT c.url, c.captured_at, r.title, a.published_on, a.url AS article"
    " FROM revisions r JOIN captures c ON c.id = r.capture_id JOIN articles a ON a.id = article_id"
    " UNION SELECT c.url, c.captured_at, a.title, a.published_on, a.url"
    " FROM articles a JOIN captures c ON c.id = a.capture_id"
)
HOMES = (
    "SELECT c.url, max(c.captured_at), s.name FROM captures c JOIN observations o"
    " ON o.capture_id = c.id JOIN sites s ON s.id = o.site_id JOIN chosen ON chosen.id = c.id"
    " WHERE c.status = 200 AND (o.url_key = s.id OR c.url = s.home_url) GROUP BY s.id ORDER BY s.id"
)


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page that a reader of the hand-over may open."""

    url: str
    captured_at: str
    title: str | None


class Selection:
    """The chosen captures; at first, none."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        connection.execute("DROP TABLE IF EXISTS temp.chosen")
        connection.execute("CREATE TEMP TABLE chosen (id INTEGER PRIMARY KEY)")

    def add_all(self) -> None:
        """Choose every capture."""
        self._add("SELECT id FROM captures")

    def add_site(self, site: str) -> None:
        """Choose the captures of a site, with what lies beside them in the same WARC files and is
        of no other site, such as images; BadInput when the archive has none."""
        self._require("SELECT 1 FROM observations WHERE site_id = ? LIMIT 1", site, "site")
        self._add(
            "SELECT c.id FROM captures c LEFT JOIN observations o ON o.capture_id = c.id"
            " WHERE o.site_id = ?1 OR (c.warc_file IN (SELECT warc_file FROM captures JOIN"
            " observations ON capture_id = captures.id WHERE site_id = ?1)"
            " AND coalesce(o.site_id NOT IN (SELECT id FROM sites), 1))",
            site,
        )

    def add_article(self, url: str) -> None:
        """Choose every capture of an article, by any of its addresses, and of its absences;
        BadInput when the archive has no such article."""
        key = url_key(url)
        article = (
            "SELECT article_id FROM observations WHERE url_key = ?1 OR own_key = ?1"
            " UNION SELECT id FROM articles WHERE url = ?2"
        )
        found = self._connection.execute(article, (key, url)).fetchall()
        if not [number for (number,) in found if number is not None]:
            raise BadInput(f"The archive has no article {url}: copy the address from its page.")
        self._add(
            "SELECT capture_id FROM observations WHERE article_id IN"
            f" (SELECT article_id FROM ({article}) WHERE article_id IS NOT NULL)",
            key,
            url,
        )
        self._add(
            "SELECT capture_id FROM observations WHERE url_key = ? OR url_key IN (SELECT url_key"
            " FROM observations JOIN chosen ON chosen.id = capture_id)"
            # Its further pages: they have a content, and the address of the first page as target.
            " OR (state_id IS NOT NULL AND redirect_key IN (SELECT own_key FROM observations"
            " JOIN chosen ON chosen.id = capture_id))",
            key,
        )

    def add_urls(self, urls: Iterable[str]) -> list[int]:
        """Choose the captures of these addresses; the IDs of those that were not chosen yet."""
        added = []
        for url in urls:
            found = self._connection.execute(
                "SELECT id FROM captures WHERE url = ? AND id NOT IN (SELECT id FROM chosen)",
                (url,),
            ).fetchall()
            added += [number for (number,) in found]
            self._add("SELECT id FROM captures WHERE url = ?", url)
        return added

    def add_record(self, record_id: str) -> None:
        """Choose a capture by the ID of its WARC record."""
        self._add("SELECT id FROM captures WHERE record_id = ?", record_id)

    def drop_records(self, record_ids: Iterable[str]) -> None:
        """Drop the captures of these WARC records."""
        self._connection.executemany(
            "DELETE FROM chosen WHERE id = (SELECT id FROM captures WHERE record_id = ?)",
            [(record_id,) for record_id in record_ids],
        )

    def keep_between(self, since: str | None, until: str | None) -> None:
        """Drop what was captured before the instant `since`, or at `until` or later."""
        self._connection.execute(
            "DELETE FROM chosen WHERE id IN (SELECT id FROM captures WHERE captured_at < ?1"
            " OR captured_at >= ?2)",
            (since or "", until or "~"),
        )

    def ids(self) -> list[int]:
        """The IDs of the chosen captures, in order."""
        return [number for (number,) in self._connection.execute("SELECT id FROM chosen")]

    def revisits(self) -> list[CaptureRow]:
        """The chosen captures whose payload is another's."""
        columns = ", ".join(f"captures.{name}" for name in CAPTURE_COLUMNS.split(", "))
        rows = self._connection.execute(
            f"SELECT {columns} FROM captures JOIN chosen USING (id) WHERE revisit_of IS NOT NULL"
        )
        return [CaptureRow(*row) for row in rows]

    def places(self) -> dict[str, set[int]]:
        """The offsets of the chosen records, by WARC file."""
        found: dict[str, set[int]] = {}
        for name, offset in self._connection.execute(
            "SELECT warc_file, warc_offset FROM captures JOIN chosen USING (id)"
        ):
            found.setdefault(name, set()).add(offset)
        return found

    def pages(self) -> Iterator[PageRow]:
        """The home pages among the chosen captures, then each state of each article, the newest
        article first."""
        yield from (PageRow(*row) for row in self._connection.execute(HOMES).fetchall())
        rows = self._connection.execute(
            f"SELECT p.url, p.captured_at, p.title FROM ({GOOD_PAGES}) p JOIN captures c"
            " ON c.url = p.url AND c.captured_at = p.captured_at JOIN chosen ON chosen.id = c.id"
            " GROUP BY p.url, p.captured_at"
            " ORDER BY p.published_on DESC, p.article, p.captured_at DESC"
        )
        yield from (PageRow(*row) for row in rows.fetchall())

    def _add(self, query: str, *values: str) -> None:
        self._connection.execute(f"INSERT OR IGNORE INTO chosen {query}", values)

    def _require(self, query: str, value: str, what: str) -> None:
        if self._connection.execute(query, (value,)).fetchone() is None:
            raise BadInput(f"The archive has no {what} {value}: see `archiver status`.")
