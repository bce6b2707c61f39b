"""The addresses of what leaves the site as data."""

from archiver.publish.site.addresses import ARTICLE_PATTERN
from archiver.publish.site.out import one_article, openapi, sitemap, views
from archiver.publish.site.tabular import KIND_PATTERN

_KIND = rf"\.(?P<format>{KIND_PATTERN})"

ROUTES = (
    (rf"/recherche{_KIND}", views.articles),
    (rf"/questions{_KIND}", views.questions),
    (r"/questions\.ics", views.due),
    ("/questions", views.to_questions),
    (rf"/changements{_KIND}", views.changes),
    *((path.replace(".", r"\."), views.feed) for path in views.FEEDS),
    (rf"/article/{ARTICLE_PATTERN}\.json", one_article.as_json),
    (rf"/article/{ARTICLE_PATTERN}\.atom", one_article.feed),
    (rf"/commentaires/{ARTICLE_PATTERN}{_KIND}", one_article.readings),
    (r"/openapi\.json", openapi.view),
    (r"/sitemap\.xml", sitemap.whole),
    (r"/sitemap-(?P<number>[1-9]\d{0,3})\.xml", sitemap.part),
    (r"/robots\.txt", sitemap.robots),
)
"""(regular expression on the path, view) pairs, before those of pages."""
