"""What commands share: the data folder, and their order in the list of commands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.folder import DataFolder


class InOrder(click.Group):
    """Lists its commands in the order in which they were declared, as the contract does."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)


def with_data(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--data DIR`, given to the command as a `DataFolder`."""

    def folder(_context: click.Context, _parameter: click.Parameter, value: Path) -> DataFolder:
        from archiver.folder import DataFolder

        return DataFolder(value)

    return click.option(
        "--data",
        "folder",
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("data"),
        envvar="ARCHIVER_DATA",
        show_default=True,
        show_envvar=True,
        callback=folder,
        help="The data folder.",
    )(command)
