"""Views that are imported when first asked for, so that the site answers sooner after its start."""

from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import Any

from datasette.utils.asgi import Response

View = Callable[[Any, Any], Awaitable[Response]]


def deferred(name: str) -> View:
    """The view of this package called `module.function`; ImportError or AttributeError, when it is
    asked for, if there is none."""
    module, _, function = f"{__package__}.{name}".rpartition(".")

    async def view(datasette: Any, request: Any) -> Response:
        response: Response = await getattr(import_module(module), function)(datasette, request)
        return response

    return view
