"""Serves a published folder on a public host, and takes up a new version while readers read."""
