"""Code run as by a user whom permissions bind, also when the tests are run by root."""

import ctypes
import os
import traceback
from collections.abc import Callable
from pathlib import Path

_VERSION_3 = 0x20080522  # of the header that capset(2) takes


def unprivileged(action: Callable[[], None], told: Path) -> None:
    """Run `action` in a process of its own and wait for it; what it raises is written to the file
    `told` and fails here."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            _give_up_capabilities()
            action()
            code = 0
        except Exception:  # noqa: BLE001 - told to the parent, whose failure it is
            told.write_text(traceback.format_exc())
        finally:
            os._exit(code)
    assert os.waitpid(pid, 0)[1] == 0, told.read_text()


def _give_up_capabilities() -> None:
    if os.geteuid() != 0:
        return
    header = (ctypes.c_uint32 * 2)(_VERSION_3, 0)
    assert ctypes.CDLL(None, use_errno=True).capset(header, (ctypes.c_uint32 * 6)()) == 0
