"""Our Datasette plug-in: the French reading site over the archive's tables.

Only the hooks are here; each page is a module of `pages`, its SQL one of `queries`.
"""

from collections.abc import Callable

from datasette import hookimpl

from archiver.publish.site.headers import App, with_security_headers


@hookimpl  # type: ignore[untyped-decorator]
def asgi_wrapper() -> Callable[[App], App]:
    """Security headers on every response."""
    return with_security_headers
