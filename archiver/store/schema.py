"""The tables that readers see, as data: names, types, constraints and a French description of each.

This is the project's only SQL schema; Datasette's descriptions, the data dictionary and the tidy
exports are made from it. The tables are those of the public contract; what the archive needs for
its own work is in `workings`.
"""

from dataclasses import dataclass
from typing import Literal

FORMAT = 6
"""The version of the database's format, kept in `PRAGMA user_version`."""

Type = Literal["INTEGER", "TEXT", "REAL"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `references` names the `table.column` of a foreign key; a value must be one of
    `choices` where these are given; `json` columns hold valid JSON."""

    name: str
    type: Type
    description: str
    null: bool = True
    references: str | None = None
    choices: tuple[str, ...] = ()
    json: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `indexes` are index expressions (`name` or `name DESC`, joined by commas), with
    those of foreign keys and sort columns; `derived` tables are a function of the captures."""

    name: str
    description: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...] = ("id",)
    unique: tuple[tuple[str, ...], ...] = ()
    indexes: tuple[str, ...] = ()
    derived: bool = False
    internal: bool = False
    rowid: bool = True


@dataclass(frozen=True, slots=True)
class Search:
    """A full-text index over `columns` of the table `content`."""

    name: str
    content: str
    columns: tuple[str, ...]
    description: str


def required(name: str, kind: Type, description: str, references: str | None = None) -> Column:
    """A column that is never NULL."""
    return Column(name, kind, description, null=False, references=references)


KEY = required(
    "id", "INTEGER", "Identifiant interne à cette base ; il peut changer si on la refait."
)

SITES = Table(
    "sites",
    "Les sites archivés, un par ligne.",
    (
        required("id", "TEXT", "Nom d’hôte du site, sans « www »."),
        Column("name", "TEXT", "Nom du site, tel que son profil ou ses pages le donnent."),
        required("home_url", "TEXT", "Adresse de la page d’accueil."),
        Column("platform", "TEXT", "Logiciel du site, quand ses pages le disent (« WordPress »)."),
        Column("deputy", "TEXT", "Personne élue dont c’est le site."),
    ),
    derived=True,
)

CRAWLS = Table(
    "crawls",
    "Les collectes : chaque passage sur un site, chaque reprise d’archives faites par d’autres.",
    (
        KEY,
        Column("site_id", "TEXT", "Site collecté.", references="sites.id"),
        Column(
            "source",
            "TEXT",
            "Origine : « live » (le site lui-même), « wayback » (Internet Archive), "
            "« import » (fichiers WARC ou WACZ).",
            null=False,
            choices=("live", "wayback", "import"),
        ),
        required("started_at", "TEXT", "Début, instant UTC."),
        Column(
            "finished_at", "TEXT", "Fin, instant UTC ; vide tant que la collecte n’est pas close."
        ),
        Column("outcome", "TEXT", "Issue de la collecte ; vide tant qu’elle n’est pas close."),
        Column("pages", "INTEGER", "Nombre d’échanges conservés."),
        Column("new_articles", "INTEGER", "Nombre d’articles vus pour la première fois."),
        Column(
            "changed_articles", "INTEGER", "Nombre d’articles modifiés depuis la fois précédente."
        ),
        Column("errors", "INTEGER", "Nombre d’adresses qui n’ont pas pu être collectées."),
        Column("user_agent", "TEXT", "Nom sous lequel le robot s’est présenté."),
        Column("version", "TEXT", "Version du logiciel."),
        Column("options", "TEXT", "Options de la collecte, en JSON.", json=True),
    ),
    indexes=("site_id, started_at", "started_at"),
)

CAPTURES = Table(
    "captures",
    "Les captures : chaque réponse reçue, avec sa place dans les fichiers WARC. "
    "Erreurs, redirections et robots.txt compris.",
    (
        KEY,
        required("crawl_id", "INTEGER", "Collecte à laquelle la capture appartient.", "crawls.id"),
        required("url", "TEXT", "Adresse demandée."),
        required("captured_at", "TEXT", "Instant de la réponse, UTC."),
        Column("status", "INTEGER", "Code HTTP de la réponse (200, 404…)."),
        Column("content_type", "TEXT", "Type de contenu annoncé par le serveur."),
        Column("payload_digest", "TEXT", "Empreinte SHA-256 du contenu, tel qu’il a été transmis."),
        required("warc_file", "TEXT", "Fichier WARC, relatif au dossier « warc »."),
        required(
            "warc_offset", "INTEGER", "Position de l’enregistrement dans ce fichier, en octets."
        ),
        required("warc_length", "INTEGER", "Longueur de l’enregistrement compressé, en octets."),
        required("record_id", "TEXT", "Identifiant WARC de l’enregistrement (WARC-Record-ID)."),
        Column(
            "revisit_of",
            "TEXT",
            "Identifiant WARC de la capture antérieure au contenu identique, quand il y en a une ; "
            "texte vide si un fichier repris ne la nomme pas.",
        ),
        Column(
            "method",
            "TEXT",
            "« wire » : octets exacts du réseau ; « reconstructed » : en-têtes recomposés ; "
            "« imported » : repris d’une archive faite par d’autres.",
            null=False,
            choices=("wire", "reconstructed", "imported"),
        ),
    ),
    unique=(("record_id",),),
    indexes=(
        "crawl_id",
        "url, captured_at",
        "captured_at",
        "payload_digest",
        "revisit_of",
        "warc_file, warc_offset",
    ),
)

ARTICLES = Table(
    "articles",
    "Les articles, un par ligne, tels que les montre leur dernière bonne capture.",
    (
        KEY,
        required("site_id", "TEXT", "Site de l’article.", "sites.id"),
        required("url", "TEXT", "Adresse canonique de l’article."),
        Column("post_id", "INTEGER", "Numéro de l’article chez WordPress."),
        Column("lang", "TEXT", "Langue déclarée par la page."),
        required("title", "TEXT", "Titre."),
        Column(
            "kind",
            "TEXT",
            "« question » : l’article porte une question au gouvernement ; « news » : actualité.",
            null=False,
            choices=("question", "news"),
        ),
        Column("published_on", "TEXT", "Jour de publication affiché, à l’heure du site."),
        Column("modified_at", "TEXT", "Dernière modification selon le site, instant UTC."),
        Column("author", "TEXT", "Auteur affiché."),
        Column("categories", "TEXT", "Catégories, liste JSON.", null=False, json=True),
        Column("tags", "TEXT", "Étiquettes, liste JSON.", null=False, json=True),
        Column(
            "body_text",
            "TEXT",
            "Texte de l’article. Vide quand il est protégé par un mot de passe : les révisions "
            "gardent alors le dernier texte connu.",
        ),
        Column(
            "comment_count",
            "INTEGER",
            "Nombre de commentaires, selon le relevé le plus récent ; vide si rien ne le dit.",
        ),
        Column("vote_count", "INTEGER", "Nombre de votes affiché sur la page."),
        Column("rating", "REAL", "Note moyenne affichée sur la page."),
        required("first_captured_at", "TEXT", "Première bonne capture, instant UTC."),
        required("last_captured_at", "TEXT", "Dernière bonne capture, instant UTC."),
        Column(
            "gone_at",
            "TEXT",
            "Instant de la première réponse « introuvable », quand l’article a disparu du site.",
        ),
        required("capture_id", "INTEGER", "Capture dont cette ligne est tirée.", "captures.id"),
    ),
    unique=(("url",),),
    indexes=(
        "site_id",
        "capture_id",
        "post_id",
        "kind",
        "published_on",
        "modified_at",
        "comment_count",
        "vote_count",
        "first_captured_at",
        "last_captured_at",
        "gone_at",
        "title",
    ),
    derived=True,
)

QUESTIONS = Table(
    "questions",
    "Les questions au gouvernement et leurs réponses, telles que les donne l’article.",
    (
        KEY,
        required("article_id", "INTEGER", "Article qui porte la question.", "articles.id"),
        required("position", "INTEGER", "Rang de la question dans l’article, à partir de 1."),
        Column(
            "type",
            "TEXT",
            "« QE » : question écrite ; « QG » : question au gouvernement ; "
            "« QOSD » : question orale sans débat.",
            choices=("QE", "QG", "QOSD"),
        ),
        Column("number", "TEXT", "Numéro officiel de la question."),
        Column("legislature", "INTEGER", "Législature (15, 16, 17…)."),
        Column("author", "TEXT", "Personne qui pose la question."),
        Column("addressee", "TEXT", "Destinataire, tel qu’il est écrit."),
        Column("asked_on", "TEXT", "Jour de la question."),
        Column("answered_on", "TEXT", "Jour de la réponse."),
        Column(
            "status",
            "TEXT",
            "« answered » : répondue ; « pending » : en attente ; « withdrawn » : retirée ; "
            "« lapsed » : caduque ; « unknown » : la page ne permet pas de le dire.",
            null=False,
            choices=("answered", "pending", "withdrawn", "lapsed", "unknown"),
        ),
        Column("question", "TEXT", "Texte de la question."),
        Column("answer", "TEXT", "Texte de la réponse ; vide tant qu’il n’y en a pas."),
        Column("demand", "TEXT", "Phrase finale qui dit ce qui est demandé."),
    ),
    unique=(("article_id", "position"),),
    indexes=("status, asked_on", "asked_on", "answered_on", "addressee", "number", "type"),
    derived=True,
)

REVISIONS = Table(
    "revisions",
    "Les états successifs du texte de chaque article.",
    (
        KEY,
        required("article_id", "INTEGER", "Article.", "articles.id"),
        required("capture_id", "INTEGER", "Première capture de cet état.", "captures.id"),
        required("seen_at", "TEXT", "Première fois que cet état a été vu, instant UTC."),
        required("last_seen_at", "TEXT", "Dernière fois, avant un autre état, instant UTC."),
        required("content_digest", "TEXT", "Empreinte du titre, du texte et des questions."),
        required("title", "TEXT", "Titre."),
        Column("body_text", "TEXT", "Texte ; vide si l’article était protégé par un mot de passe."),
        Column("questions", "TEXT", "Questions et réponses, liste JSON.", null=False, json=True),
    ),
    indexes=("article_id, seen_at", "capture_id", "seen_at", "content_digest"),
    derived=True,
)

COMMENT_COUNTS = Table(
    "comment_counts",
    "Les relevés du nombre de commentaires et de votes : un par capture qui en donne un. "
    "Les nombres de sources différentes ne se comparent pas.",
    (
        required("article_id", "INTEGER", "Article.", "articles.id"),
        required("observed_at", "TEXT", "Instant du relevé, UTC."),
        Column("comment_count", "INTEGER", "Nombre de commentaires."),
        Column("vote_count", "INTEGER", "Nombre de votes."),
        Column("rating", "REAL", "Note moyenne."),
        Column(
            "source",
            "TEXT",
            "« page » : la page de l’article ; « feed » : le flux RSS ; "
            "« rest » : l’interface REST, qui ne compte pas les rétroliens.",
            null=False,
            choices=("page", "feed", "rest"),
        ),
        required("capture_id", "INTEGER", "Capture d’où vient le relevé.", "captures.id"),
    ),
    primary_key=("article_id", "observed_at", "source"),
    indexes=("capture_id", "observed_at"),
    derived=True,
)

EVENTS = Table(
    "events",
    "Ce qui a changé, un changement par ligne.",
    (
        KEY,
        required("article_id", "INTEGER", "Article.", "articles.id"),
        required("at", "TEXT", "Instant de la capture qui montre le changement, UTC."),
        Column(
            "kind",
            "TEXT",
            "« new » : vu pour la première fois ; « answered » : réponse arrivée ; « edited » : "
            "texte modifié ; « retitled » : titre modifié ; « renamed » : adresse modifiée ; "
            "« comments » : nombre de commentaires ; « votes » : votes ou note ; « gone » : "
            "disparu ; « back » : revenu.",
            null=False,
            choices=(
                "new",
                "answered",
                "edited",
                "retitled",
                "renamed",
                "comments",
                "votes",
                "gone",
                "back",
            ),
        ),
        Column("before", "TEXT", "Ce qu’il y avait avant : texte court ou JSON."),
        Column("after", "TEXT", "Ce qu’il y a depuis : texte court ou JSON."),
        required("capture_id", "INTEGER", "Capture qui montre le changement.", "captures.id"),
    ),
    indexes=("article_id, at", "at", "kind, at", "capture_id"),
    derived=True,
)

CORRECTIONS = Table(
    "corrections",
    "Les valeurs corrigées à la main, par qui et pourquoi (fichier « corrections.toml »).",
    (
        KEY,
        required("article_id", "INTEGER", "Article corrigé.", "articles.id"),
        Column("position", "INTEGER", "Rang de la question corrigée ; vide pour l’article même."),
        required("field", "TEXT", "Colonne corrigée."),
        Column("before", "TEXT", "Valeur lue sur la page."),
        Column("after", "TEXT", "Valeur corrigée, celle que montre la base."),
        required("corrected_by", "TEXT", "Auteur de la correction."),
        required("reason", "TEXT", "Raison de la correction."),
        required("corrected_on", "TEXT", "Jour de la correction."),
    ),
    indexes=("article_id", "corrected_on"),
    derived=True,
)

PROBLEMS = Table(
    "problems",
    "Ce qu’une personne devrait regarder : pages qui n’ont pas pu être lues avec certitude.",
    (
        KEY,
        Column("capture_id", "INTEGER", "Dernière capture concernée.", references="captures.id"),
        required("url", "TEXT", "Adresse concernée."),
        required("kind", "TEXT", "Sorte de problème."),
        required("detail", "TEXT", "Explication, et ce qu’on peut faire."),
        required("seen_at", "TEXT", "Dernière fois que le problème a été vu, instant UTC."),
    ),
    unique=(("url", "kind", "detail"),),
    indexes=("capture_id", "kind, seen_at", "seen_at"),
    derived=True,
)

PUBLIC = (
    SITES,
    CRAWLS,
    CAPTURES,
    ARTICLES,
    QUESTIONS,
    REVISIONS,
    COMMENT_COUNTS,
    EVENTS,
    CORRECTIONS,
    PROBLEMS,
)
"""The tables of the public contract, referenced ones first."""

SEARCHES = (
    Search(
        "articles_fts",
        "articles",
        ("title", "body_text"),
        "Index de recherche sur le titre et le texte des articles.",
    ),
    Search(
        "questions_fts",
        "questions",
        ("question", "answer", "addressee"),
        "Index de recherche sur les questions, les réponses et leurs destinataires.",
    ),
)
