"""What readers' pages count, kept ready: one narrow row a question, the rises of comments, tallies.

They follow from other tables and say nothing new; without them a page would read every article to
count a few. The writer keeps them row by row (`summarising`); `summarise` makes them all again.
"""

import sqlite3

from archiver.store.schema import Column, Table, required

FACETS = Table(
    "facets",
    "Ce qu’une recherche filtre et compte : une ligne par question, ou par article sans question.",
    (
        required("article_id", "INTEGER", "Article.", "articles.id"),
        required("position", "INTEGER", "Rang de la question ; 0 pour un article sans question."),
        required("alone", "INTEGER", "1 si l’article n’a pas d’autre ligne ici."),
        required("site_id", "TEXT", "Site."),
        required("kind", "TEXT", "Genre de l’article."),
        Column("lang", "TEXT", "Langue."),
        Column("published_on", "TEXT", "Jour de publication."),
        Column("categories", "TEXT", "Catégories, liste JSON.", null=False, json=True),
        Column("comment_count", "INTEGER", "Nombre de commentaires."),
        Column("gone_at", "TEXT", "Disparition."),
        required("edited", "INTEGER", "1 si le titre ou le texte a été modifié."),
        Column("status", "TEXT", "Statut de la question."),
        Column("type", "TEXT", "Type de la question."),
        Column("legislature", "INTEGER", "Législature de la question."),
        Column("addressee", "TEXT", "Destinataire, tel qu’il est écrit."),
        Column("since", "TEXT", "Jour de la question, à défaut celui de la publication."),
        Column("wait", "INTEGER", "Jours de la question à la réponse, si les deux sont connus."),
        Column("post_id", "INTEGER", "Numéro WordPress, qui range les articles d’un même jour."),
        required("url", "TEXT", "Adresse de l’article, qui range ceux qui n’ont pas de numéro."),
    ),
    primary_key=("article_id", "position"),
    indexes=(
        "status, since, article_id, position",
        "addressee, published_on, status, since, wait",
        "legislature, status",
    ),
    derived=True,
    internal=True,
    rowid=False,
)

COMMENT_RISES = Table(
    "comment_rises",
    "Les relevés qui comptent plus de commentaires que le précédent de même source.",
    (
        required("article_id", "INTEGER", "Article.", "articles.id"),
        required("observed_at", "TEXT", "Instant du relevé, UTC."),
        required("source", "TEXT", "Source des deux relevés."),
    ),
    primary_key=("article_id", "observed_at", "source"),
    indexes=("observed_at",),
    derived=True,
    internal=True,
    rowid=False,
)

TALLIES = Table(
    "tallies",
    "Des nombres de lignes de « facets ».",
    (
        required(
            "what",
            "TEXT",
            "« articles », ou un statut de question : par mois de publication ; « edited » : "
            "articles modifiés ; « waiting » : questions en attente, par jour ; « waited » : "
            "réponses, par nombre de jours.",
        ),
        required("value", "TEXT", "Mois, jour ou nombre de jours ; texte vide s’il est inconnu."),
        required("number", "INTEGER", "Combien."),
    ),
    primary_key=("what", "value"),
    derived=True,
    internal=True,
    rowid=False,
)

CHAMBERS = Table(
    "chambers",
    "L’assemblée où siège la personne élue de chaque site, où le profil ou le site le disent.",
    (
        required("site_id", "TEXT", "Site.", "sites.id"),
        Column("chamber", "TEXT", "Assemblée.", null=False, choices=("AN", "Sénat")),
    ),
    primary_key=("site_id",),
    derived=True,
    internal=True,
    rowid=False,
)

SUMMARIES = (FACETS, COMMENT_RISES, TALLIES, CHAMBERS)
"""The tables of this module; tallies are made from facets."""

_FILL = (
    """
    INSERT INTO facets
    SELECT a.id, coalesce(q.position, 0),
      (SELECT count(*) FROM questions other WHERE other.article_id = a.id) < 2,
      a.site_id, a.kind, a.lang, a.published_on, a.categories, a.comment_count, a.gone_at,
      EXISTS (
        SELECT 1 FROM events e WHERE e.article_id = a.id AND e.kind IN ('edited', 'retitled')),
      q.status, q.type, q.legislature, q.addressee,
      CASE WHEN q.id IS NOT NULL THEN coalesce(q.asked_on, a.published_on) END,
      CASE WHEN q.status = 'answered' AND q.answered_on >= q.asked_on
        THEN CAST(julianday(q.answered_on) - julianday(q.asked_on) AS INTEGER) END,
      a.post_id, a.url
    FROM articles a LEFT JOIN questions q ON q.article_id = a.id
    """,
    """
    INSERT INTO comment_rises
    SELECT article_id, observed_at, source FROM (
      SELECT article_id, observed_at, source, comment_count, lag(comment_count) OVER (
        PARTITION BY article_id, source ORDER BY observed_at) AS earlier
      FROM comment_counts WHERE comment_count IS NOT NULL
    ) WHERE comment_count > earlier
    """,
    """
    INSERT INTO tallies
    SELECT status, coalesce(substr(published_on, 1, 7), ''), count(*) FROM facets
      WHERE status IS NOT NULL GROUP BY 1, 2
    UNION ALL
    SELECT 'articles', coalesce(substr(published_on, 1, 7), ''), count(DISTINCT article_id)
      FROM facets GROUP BY 2
    UNION ALL
    SELECT 'edited', '', count(DISTINCT article_id) FROM facets WHERE edited GROUP BY 2
    UNION ALL
    SELECT 'waiting', coalesce(since, ''), count(*) FROM facets
      WHERE status = 'pending' GROUP BY 2
    UNION ALL
    SELECT 'waited', wait, count(*) FROM facets WHERE wait IS NOT NULL GROUP BY 2
    """,
    """
    INSERT INTO chambers
    SELECT id, chamber FROM (
      SELECT id, coalesce(
        (SELECT json_extract(value, '$.chamber') FROM site_statements
          WHERE site_id = id AND field = 'profile'),
        (SELECT value FROM site_statements WHERE site_id = id AND field = 'chamber')
      ) AS chamber FROM sites
    ) WHERE chamber IS NOT NULL
    """,
)


def summarise(connection: sqlite3.Connection) -> None:
    """Make the summaries of a whole database again from its other tables."""
    for table in SUMMARIES:
        connection.execute(f'DELETE FROM "{table.name}"')
    for statement in _FILL:
        connection.execute(statement)
