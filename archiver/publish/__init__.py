"""What readers see: Datasette on the archive's database, its French metadata and our reading site.

The database is only ever read here; its schema belongs to `archiver.store`.
"""

from archiver.publish.server import serve

__all__ = ["serve"]
