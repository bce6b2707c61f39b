"""Search in French: what a reader types becomes an FTS5 expression that knows inflection.

The index holds the original words without accents (`unicode61 remove_diacritics 2`), so that
highlights stay exact and the database stays readable anywhere; inflection is added to the query.
"""
