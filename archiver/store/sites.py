"""The rows of `sites`: what profiles and pages state, the newest statement first.

A profile's word counts before a page's.
"""

import json
from urllib.parse import urlsplit

from archiver.extract.facts import Facts
from archiver.store.connection import Connection
from archiver.store.encoding import as_json, storable
from archiver.store.model import Site

Moment = tuple[str, str]


def describe(connection: Connection, site: Site, *, shown: bool) -> None:
    """Record a profile's description of its site, unless a newer one is known; `shown` puts it into
    the table at once, else the first article does."""
    described = {
        "name": storable(site.name),
        "home_url": storable(site.home_url),
        "platform": storable(site.platform),
        "deputy": storable(site.deputy),
        "chamber": site.chamber,
    }
    record(connection, site.id, "profile", as_json(described), (site.stated_at, ""))
    if shown:
        show(connection, site.id)


def state_site(
    connection: Connection, site_id: str, url: str, facts: Facts, moment: Moment
) -> None:
    """Record what a page says of its site."""
    parts = urlsplit(url)
    record(connection, site_id, "home_url", f"{parts.scheme}://{parts.netloc}/", moment)
    record(connection, site_id, "name", storable(facts.site_name), moment)
    record(connection, site_id, "platform", storable(facts.platform), moment)
    record(connection, site_id, "chamber", facts.chamber, moment)


def record(
    connection: Connection, site_id: str, field: str, value: str | None, moment: Moment
) -> None:
    """Keep a value unless a newer one is known; None states nothing."""
    if value is not None:
        connection.execute(
            "INSERT INTO site_statements (site_id, field, value, stated_at, record_id)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT (site_id, field) DO UPDATE SET"
            " value = excluded.value, stated_at = excluded.stated_at,"
            " record_id = excluded.record_id"
            " WHERE (excluded.stated_at, excluded.record_id, excluded.value)"
            " > (stated_at, record_id, value)",
            (site_id, field, value, *moment),
        )


def show(connection: Connection, site_id: str) -> None:
    """Bring the row of a site up to date, if anything states its home page."""
    said = dict(
        connection.execute(
            "SELECT field, value FROM site_statements WHERE site_id = ?", (site_id,)
        ).fetchall()
    )
    described = json.loads(said.pop("profile", "{}"))
    row = {**said, **{field: value for field, value in described.items() if value is not None}}
    if "home_url" in row:
        connection.execute(
            "INSERT INTO sites (id, name, home_url, platform, deputy) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name, home_url = excluded.home_url,"
            " platform = excluded.platform, deputy = excluded.deputy",
            (site_id, *(row.get(name) for name in ("name", "home_url", "platform", "deputy"))),
        )
        connection.execute("DELETE FROM chambers WHERE site_id = ?", (site_id,))
        if chamber := row.get("chamber"):
            connection.execute(
                "INSERT INTO chambers (site_id, chamber) VALUES (?, ?)", (site_id, chamber)
            )


def show_all(connection: Connection) -> None:
    """Bring the rows of all known sites up to date."""
    for (site_id,) in connection.execute("SELECT id FROM sites").fetchall():
        show(connection, site_id)
