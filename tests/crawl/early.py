"""`python -m tests.crawl.early MODULE COMMAND...`: the archiver command, sent SIGTERM when it
begins to import a module."""

import os
import signal
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

from archiver.cli import main


class Ending(MetaPathFinder):
    """Finds nothing."""

    def __init__(self, awaited: str) -> None:
        self._awaited = awaited

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> None:
        if name == self._awaited:
            os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    module, *command = sys.argv[1:]
    sys.modules.pop(module, None)  # a fork has it already
    sys.meta_path.insert(0, Ending(module))
    sys.argv = ["archiver", *command]
    main()
