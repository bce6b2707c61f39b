"""Bytes, URL and profile to facts: pure functions that know HTML, nothing of SQL or Scrapy."""
