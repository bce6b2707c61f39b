"""The SQL of the reading site: one module a page, plain functions of a read-only connection.

Connections are Datasette's, whose rows are read by name; the schema belongs to `archiver.store`.
"""
