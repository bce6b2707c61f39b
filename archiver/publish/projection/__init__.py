"""`archiver publish`: a folder that a public host serves, and that holds only what it may show.

The folder keeps its last versions side by side; `current` names the one that is served, and a new
one takes its place in one step, while readers read.
"""

from archiver.publish.projection.run import Published, publish

__all__ = ["Published", "publish"]
