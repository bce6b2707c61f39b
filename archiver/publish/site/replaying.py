"""Where a capture can be seen as it was: on the replay's own origin, which has an address of its
own or is another port of the same host, or nowhere when this site is served without it."""

from typing import Any
from urllib.parse import urlencode, urlsplit

PLUGIN = "archiver"
PORT = "replay_port"
ADDRESS = "replay_address"


def replay_link(datasette: Any, request: Any, url: str, captured_at: str) -> str | None:
    """The address of a capture's replay; None when there is no replay."""
    # Imported here so that the site starts sooner.
    from archiver.warc.cdxj import timestamp

    configured = datasette.plugin_config(PLUGIN) or {}
    query = urlencode({"url": url, "ts": timestamp(captured_at)})
    if configured.get(ADDRESS):
        return f"{configured[ADDRESS]}/?{query}"
    port = configured.get(PORT)
    if not port:
        return None
    try:
        host = urlsplit(f"//{request.host}").hostname
    except ValueError:
        return None
    if not host:
        return None
    shown = f"[{host}]" if ":" in host else host
    return f"{request.scheme}://{shown}:{port}/?{query}"
