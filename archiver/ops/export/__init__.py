"""`archiver export`: the archive, or a part of it, in forms that others keep and read."""
