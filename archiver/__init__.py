"""The archive of record of what an elected person publishes on the web."""

__version__ = "0.1.0"
