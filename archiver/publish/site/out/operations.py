"""What can be asked of the site by a program, as data: each address with its parameters in French,
for `/openapi.json`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from archiver.publish.site.out import columns
from archiver.publish.site.out.columns import Column
from archiver.publish.site.out.parameters import (
    ARTICLE,
    CHANGE,
    FORMAT,
    SEARCH,
    SITE,
    Parameter,
)
from archiver.publish.site.out.schemas import article_schema

FORMATS: Mapping[str, str] = {
    "csv": "text/csv",
    "excel.csv": "text/csv",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "atom": "application/atom+xml",
    "ics": "text/calendar",
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One address. With `columns` it is a list, in the four kinds of table; else `media_types` and
    the `schema` say what it gives. `figures` are further fields of a list's JSON."""

    path: str
    name: str
    summary: str
    description: str
    returns: str
    parameters: tuple[Parameter, ...] = ()
    filters: tuple[str, ...] = ()
    columns: tuple[Column, ...] | None = None
    media_types: tuple[str, ...] = ()
    schema: Mapping[str, Any] = field(default_factory=lambda: {"type": "string"})
    figures: Mapping[str, str] = field(default_factory=dict)


_FIGURES = {
    "articles": "Nombre d’articles que la recherche trouve, comme sur sa page.",
    "questions": "Nombre de questions que la recherche trouve, comme sur sa page.",
}
_FEED = (FORMATS["atom"],)
_FEED_RETURNS = (
    "Un flux Atom (RFC 4287), au plus 500 changements, les plus récents d’abord ; les précédents "
    "sont à l’adresse rel=next. Chaque entrée est un changement, son identifiant ne change jamais."
)
_ANY_OBJECT = {"type": "object"}

OPERATIONS = (
    Operation(
        "/recherche.{format}",
        "articles",
        "Les articles d’une recherche",
        "Une ligne par article trouvé, dans l’ordre de la page de recherche ; au plus 10 000 par "
        "document.",
        "Les articles trouvés.",
        (FORMAT,),
        SEARCH,
        columns.ARTICLES,
        figures=_FIGURES,
    ),
    Operation(
        "/questions.{format}",
        "questions",
        "Les questions d’une recherche, avec leurs textes entiers",
        "Une ligne par question trouvée, au plus 2 000 par document. Avec `statut=sans-reponse`, "
        "les questions sans réponse.",
        "Les questions trouvées.",
        (FORMAT,),
        SEARCH,
        columns.QUESTIONS,
        figures=_FIGURES,
    ),
    Operation(
        "/questions.ics",
        "echeances",
        "Les échéances des réponses",
        "Un calendrier iCalendar (RFC 5545) : un jour par question écrite sans réponse, le dernier "
        "pour y répondre (deux mois). Au plus 2 000, les dernières échéances.",
        "Le calendrier.",
        (),
        tuple(name for name in SEARCH if name not in {"tri", "page"}),
        media_types=(FORMATS["ics"],),
    ),
    Operation(
        "/changements.{format}",
        "changements",
        "Ce qui a changé",
        "Une ligne par changement que l’archive a vu, les plus récents d’abord, dans les articles "
        "qu’une recherche trouve ; au plus 10 000 par document.",
        "Les changements.",
        (FORMAT, CHANGE),
        SEARCH,
        columns.CHANGES,
    ),
    Operation(
        "/recherche.atom",
        "flux_recherche",
        "Suivre une recherche",
        "Les changements des articles qu’une recherche trouve.",
        _FEED_RETURNS,
        (CHANGE,),
        SEARCH,
        media_types=_FEED,
    ),
    Operation(
        "/changements.atom",
        "flux_changements",
        "Suivre l’archive",
        "Les changements de tous les articles, ou de ceux qu’une recherche trouve.",
        _FEED_RETURNS,
        (CHANGE,),
        SEARCH,
        media_types=_FEED,
    ),
    Operation(
        "/questions.atom",
        "flux_questions",
        "Suivre les questions",
        "Les changements des articles qui posent une question.",
        _FEED_RETURNS,
        (CHANGE,),
        SEARCH,
        media_types=_FEED,
    ),
    Operation(
        "/ministres.{format}",
        "ministres",
        "Qui répond, et en combien de temps",
        "Une ligne par office, les plus interrogés d’abord.",
        "Les offices.",
        (FORMAT,),
        ("annee", "du", "au", "legislature"),
        columns.MINISTERS,
    ),
    Operation(
        "/ministres.atom",
        "flux_ministres",
        "Suivre les questions aux ministres",
        "Les changements des articles qui posent une question ; `ministre` choisit un office.",
        _FEED_RETURNS,
        (CHANGE,),
        ("annee", "du", "au", "legislature", "ministre", "page"),
        media_types=_FEED,
    ),
    Operation(
        "/commentaires.{format}",
        "commentaires",
        "Les articles commentés",
        "Une ligne par article d’au moins un commentaire, les plus commentés d’abord ; au plus "
        "10 000 par document. Des nombres seulement : l’archive ne garde le nom de personne.",
        "Les articles commentés.",
        (FORMAT,),
        ("page",),
        columns.COMMENTED,
    ),
    Operation(
        "/commentaires.atom",
        "flux_commentaires",
        "Suivre les commentaires",
        "Les nombres de commentaires et de votes qui ont changé.",
        _FEED_RETURNS,
        (),
        ("page",),
        media_types=_FEED,
    ),
    Operation(
        "/commentaires/{site}/{article}.{format}",
        "releves",
        "Les relevés de commentaires d’un article",
        "Une ligne par relevé, dans l’ordre du temps.",
        "Les relevés.",
        (SITE, ARTICLE, FORMAT),
        (),
        columns.READINGS,
    ),
    Operation(
        "/hausses.{format}",
        "hausses",
        "Les plus fortes hausses de commentaires",
        "Une ligne par article dont les commentaires ont augmenté, entre deux relevés d’une même "
        "source, pendant les derniers jours avant le dernier relevé ; au plus 10 000.",
        "Les hausses.",
        (
            FORMAT,
            Parameter("jours", "Le nombre de jours, de 1 à 999 ; 7 par défaut.", "30"),
        ),
        (),
        columns.RISES,
    ),
    Operation(
        "/mois.{format}",
        "mois",
        "Les questions par mois",
        "Une ligne par mois de publication qui a des questions, dans l’ordre du temps.",
        "Les mois.",
        (FORMAT,),
        (),
        columns.MONTHS,
    ),
    Operation(
        "/lot.{format}",
        "lot",
        "La recherche par lot",
        "Une ligne par terme, une colonne par année : le nombre d’articles. Ce qui n’a pas pu être "
        "compté à temps suit à l’adresse rel=next.",
        "La matrice.",
        (
            FORMAT,
            Parameter("termes", "Les termes, un par ligne, 200 au plus.", "retraites\npasseport"),
            Parameter("exact", "`1` prend chaque ligne comme une expression exacte.", "1"),
        ),
        ("elargir", "genre", "statut"),
        media_types=(FORMATS["csv"], FORMATS["json"], FORMATS["ndjson"]),
        schema=_ANY_OBJECT,
    ),
    Operation(
        "/etat.json",
        "etat",
        "L’état de l’archive",
        "Ce que l’archive tient, ce qui lui manque, ses dernières collectes et vérifications.",
        "L’état.",
        media_types=(FORMATS["json"],),
        schema=_ANY_OBJECT,
    ),
    Operation(
        "/article/{site}/{article}.json",
        "article",
        "Tout sur un article",
        "Ses colonnes de `/recherche.json`, son texte, ses questions, versions, changements, "
        "relevés et corrections, chacun avec sa preuve.",
        "L’article.",
        (SITE, ARTICLE),
        media_types=(FORMATS["json"],),
        schema=article_schema(),
    ),
    Operation(
        "/article/{site}/{article}.atom",
        "flux_article",
        "Suivre un article",
        "Tous ses changements, commentaires et votes compris.",
        _FEED_RETURNS,
        (SITE, ARTICLE),
        ("page",),
        media_types=_FEED,
    ),
    Operation(
        "/revisions/{site}/{article}.json",
        "versions",
        "Les versions d’un article et leur différence",
        "Les deux dernières versions sont comparées mot à mot, ou celles que `de` et `a` nomment "
        "par leur instant.",
        "Les versions.",
        (SITE, ARTICLE),
        media_types=(FORMATS["json"],),
        schema=_ANY_OBJECT,
    ),
    Operation(
        "/citer/{site}/{article}.{format}",
        "citation",
        "Citer un article",
        "La citation de sa dernière bonne capture : une phrase, BibTeX, RIS ou CSL-JSON.",
        "La citation.",
        (
            SITE,
            ARTICLE,
            Parameter(
                "format", "La forme de la citation.", "json", "path", ("txt", "bib", "ris", "json")
            ),
        ),
        media_types=("application/vnd.citationstyles.csl+json",),
        schema={"type": "array"},
    ),
    Operation(
        "/preuve/{capture}/verifier.json",
        "verification",
        "Vérifier une capture maintenant",
        "Relit les octets dans le fichier WARC et recalcule leur empreinte.",
        "Le résultat.",
        (Parameter("capture", "Le WARC-Record-ID de la capture, sans chevrons.", place="path"),),
        media_types=(FORMATS["json"],),
        schema=_ANY_OBJECT,
    ),
)
