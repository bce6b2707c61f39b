"""What leaves the reading site as data: tables, feeds, calendar, site map, and their description.

Every list is read from the same conditions as the page that shows it (`queries`), so that the
figures of all formats are those of the page.
"""
