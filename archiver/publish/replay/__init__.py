"""Replay: captures shown as they were, on an origin of their own, and Memento (RFC 7089).

What sites sent runs here and nowhere else: this origin has no cookie, no form and no data but the
archive's captures, which are public, so a hostile page gains nothing from it.
"""
