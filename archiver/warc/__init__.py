"""Exchanges to WARC 1.1 and back; knows HTTP and WARC, nothing of articles, SQL or Scrapy."""
