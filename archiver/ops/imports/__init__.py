"""`archiver import`: WARC and WACZ files that anyone made, brought into the archive."""

from archiver.ops.imports.run import bring_in
from archiver.ops.imports.summary import print_imported

__all__ = ["bring_in", "print_imported"]
