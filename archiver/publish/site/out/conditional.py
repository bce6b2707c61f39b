"""Answers that need not be sent again: entity tags, `If-None-Match`, `If-Modified-Since`, and HEAD.

RFC 9110 sections 8.8, 9.3.2 and 13: an entity tag is the digest of the body, and wins over dates.
"""

from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from datasette.utils.asgi import Response

LAST_MODIFIED = "last-modified"
_KEPT = ("etag", LAST_MODIFIED, "cache-control")


def last_modified(database: Path, *also: datetime) -> str:
    """When what is read from a database last changed: its files', or a later one of the moments
    given that is past. One second less while that second lasts, since more may come in it."""
    now = datetime.now(UTC)
    files = (path for path in (database, Path(f"{database}-wal")) if path.exists())
    written = (datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in files)
    newest = max((moment for moment in (*written, *also) if moment <= now), default=now)
    second = min(int(newest.timestamp()), int(now.timestamp()) - 1)
    return format_datetime(datetime.fromtimestamp(second, UTC), usegmt=True)


def answer(request: Any, response: Response) -> Response:
    """The response with an entity tag and its length; 304 when the reader
    has it already, no body for HEAD. Only whole answers (200) are compared."""
    body = response.body if isinstance(response.body, bytes) else response.body.encode()
    response.body = body
    if response.status == 200:
        response.headers["etag"] = f'"{sha256(body).hexdigest()[:32]}"'
        if _is_known(request, response.headers):
            kept = {n: v for n, v in response.headers.items() if n.lower() in _KEPT}
            return Response(b"", 304, kept, response.content_type)
    response.headers["content-length"] = str(len(body))
    if request.method == "HEAD":
        response.body = b""
    return response


def _is_known(request: Any, headers: dict[str, str]) -> bool:
    tags = request.headers.get("if-none-match")
    if tags is not None:
        known = {tag.strip().removeprefix("W/") for tag in tags.split(",")}
        return "*" in known or headers["etag"] in known
    since, modified = request.headers.get("if-modified-since"), headers.get(LAST_MODIFIED)
    if since is None or modified is None:
        return False
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False
