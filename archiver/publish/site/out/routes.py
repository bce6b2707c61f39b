"""The addresses of what leaves the site as data."""

from archiver.publish.site.addresses import ARTICLE_PATTERN
from archiver.publish.site.deferred import deferred
from archiver.publish.site.tabular import KIND_PATTERN

_KIND = rf"\.(?P<format>{KIND_PATTERN})"

ROUTES = (
    (rf"/recherche{_KIND}", deferred("out.views.articles")),
    (rf"/questions{_KIND}", deferred("out.views.questions")),
    (r"/questions\.ics", deferred("out.views.due")),
    ("/questions", deferred("out.views.to_questions")),
    (rf"/changements{_KIND}", deferred("out.views.changes")),
    (rf"/mois{_KIND}", deferred("out.views.months")),
    (rf"/hausses{_KIND}", deferred("pages.comments.export_rises")),
    (
        r"/(?:recherche|changements|questions|ministres|commentaires)\.atom",
        deferred("out.views.feed"),
    ),
    (rf"/article/{ARTICLE_PATTERN}\.json", deferred("out.one_article.as_json")),
    (rf"/article/{ARTICLE_PATTERN}\.atom", deferred("out.one_article.feed")),
    (rf"/commentaires/{ARTICLE_PATTERN}{_KIND}", deferred("out.one_article.readings")),
    (r"/openapi\.json", deferred("out.openapi.view")),
    (r"/sitemap\.xml", deferred("out.sitemap.whole")),
    (r"/sitemap-(?P<number>[1-9]\d{0,3})\.xml", deferred("out.sitemap.part")),
    (r"/robots\.txt", deferred("out.sitemap.robots")),
)
"""(regular expression on the path, view) pairs, before those of pages."""
