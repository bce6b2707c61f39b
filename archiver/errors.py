"""The errors of this project, each with one sentence that says what to do.

Only `archiver.cli` turns them into exit codes; every other module raises them and lets them pass.
"""


class ArchiverError(Exception):
    """Something a person can act on; `exit_code` is what the command line ends with."""

    exit_code = 1


class BadInput(ArchiverError):
    """The command, a profile, a file or a folder given by the user cannot be used."""


class CrawlIncomplete(ArchiverError):
    """A listed article was not captured, the host was not reached, or no article was found."""

    exit_code = 2


class ArchiveDamaged(ArchiverError):
    """Bytes in the archive are not what they were when they were written."""

    exit_code = 3


class StorageFailed(ArchiverError):
    """The disk refused a write: full, read-only or broken."""

    exit_code = 4


class Interrupted(ArchiverError):
    """A person stopped the command; what was reported captured is safe and the crawl resumes."""

    exit_code = 130
