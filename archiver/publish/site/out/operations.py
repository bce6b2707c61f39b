"""What can be asked of the site by a program, as data: each address with its parameters in French,
for `/openapi.json`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from archiver.publish.site.out import columns
from archiver.publish.site.out.columns import Column

FORMATS: Mapping[str, str] = {
    "csv": "text/csv",
    "excel.csv": "text/csv",
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "atom": "application/atom+xml",
    "ics": "text/calendar",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `example` is empty when it is of the archive at hand."""

    name: str
    description: str
    example: str = ""
    place: Literal["query", "path"] = "query"
    choices: tuple[str, ...] = ()


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


FILTERS: Mapping[str, Parameter] = {
    item.name: item
    for item in (
        Parameter(
            "q",
            'Les mots, comme dans la case de recherche : `"expression exacte"`, `-exclu`, '
            "`mot OU mot`, `rénov*`, `titre:`, `question:`, `réponse:`, `ministre:`.",
            "retraites",
        ),
        Parameter("elargir", "`1` élargit aux mots de la même famille.", "1", choices=("1",)),
        Parameter(
            "statut",
            "`repondue`, `sans-reponse`, `en-retard` (sans réponse depuis plus de deux mois), "
            "`retiree`, `caduque` ou `inconnu`.",
            "sans-reponse",
        ),
        Parameter("ministre", "Le destinataire, tel qu’un article l’écrit.", "Premier ministre"),
        Parameter("annee", "Année de publication, en quatre chiffres.", "2021"),
        Parameter("mois", "Mois de publication, `AAAA-MM`.", "2021-03"),
        Parameter("type", "`QE`, `QG` ou `QOSD`.", "QE"),
        Parameter("genre", "`question` ou `actualite`.", "question"),
        Parameter("langue", "Langue de l’article, telle que la page la donne.", "fr"),
        Parameter("categorie", "Une catégorie du site, exactement.", "Santé"),
        Parameter("site", "Un site archivé : son nom de domaine."),
        Parameter("attente", "Jours de la question à la réponse, `de-à`, la fin exclue.", "0-61"),
        Parameter("etat", "`disparu`, `modifie` ou `commente`.", "modifie"),
        Parameter(
            "tri",
            "L’ordre ; par pertinence s’il y a des mots, sinon les plus récents d’abord.",
            "ancien",
            choices=("pertinence", "recent", "ancien", "commentaires"),
        ),
        Parameter("page", "Le numéro du document, à partir de 1, quand il y en a plusieurs.", "1"),
    )
}
"""The filters of a search, which every list of its articles, questions or changes takes."""

_SEARCH = tuple(FILTERS)
_SITE = Parameter("site", "Un site archivé : son nom de domaine.", place="path")
_ARTICLE = Parameter(
    "article",
    "Un article : son numéro WordPress, ou le chemin de sa page. Une ancienne adresse redirige.",
    place="path",
)
_FORMAT = Parameter(
    "format",
    "`csv` (virgules, RFC 4180), `excel.csv` (pour un Excel français : BOM, points-virgules, "
    "aucune formule), `json` ou `ndjson` (un objet par ligne).",
    "json",
    "path",
    ("csv", "excel.csv", "json", "ndjson"),
)
_CHANGE = Parameter(
    "changement",
    "`nouveau`, `reponse`, `texte`, `titre`, `adresse`, `disparu`, `retour`, `commentaires`, "
    "`votes` ou `tous` ; par défaut tous sauf les commentaires et les votes.",
    "reponse",
)
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
        (_FORMAT,),
        _SEARCH,
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
        (_FORMAT,),
        _SEARCH,
        columns.QUESTIONS,
        figures=_FIGURES,
    ),
    Operation(
        "/questions.ics",
        "echeances",
        "Les échéances des réponses",
        "Un calendrier iCalendar (RFC 5545) : un jour par question écrite sans réponse, le dernier "
        "pour y répondre (article 135 : deux mois). Au plus 2 000, les dernières échéances.",
        "Le calendrier.",
        (),
        tuple(name for name in _SEARCH if name not in {"tri", "page"}),
        media_types=(FORMATS["ics"],),
    ),
    Operation(
        "/changements.{format}",
        "changements",
        "Ce qui a changé",
        "Une ligne par changement que l’archive a vu, les plus récents d’abord, dans les articles "
        "qu’une recherche trouve ; au plus 10 000 par document.",
        "Les changements.",
        (_FORMAT, _CHANGE),
        _SEARCH,
        columns.CHANGES,
    ),
    Operation(
        "/recherche.atom",
        "flux_recherche",
        "Suivre une recherche",
        "Les changements des articles qu’une recherche trouve.",
        _FEED_RETURNS,
        (_CHANGE,),
        _SEARCH,
        media_types=_FEED,
    ),
    Operation(
        "/changements.atom",
        "flux_changements",
        "Suivre l’archive",
        "Les changements de tous les articles, ou de ceux qu’une recherche trouve.",
        _FEED_RETURNS,
        (_CHANGE,),
        _SEARCH,
        media_types=_FEED,
    ),
    Operation(
        "/questions.atom",
        "flux_questions",
        "Suivre les questions",
        "Les changements des articles qui posent une question.",
        _FEED_RETURNS,
        (_CHANGE,),
        _SEARCH,
        media_types=_FEED,
    ),
    Operation(
        "/ministres.{format}",
        "ministres",
        "Qui répond, et en combien de temps",
        "Une ligne par office, les plus interrogés d’abord.",
        "Les offices.",
        (_FORMAT,),
        ("annee",),
        columns.MINISTERS,
    ),
    Operation(
        "/ministres.atom",
        "flux_ministres",
        "Suivre les questions aux ministres",
        "Les changements des articles qui posent une question ; `ministre` choisit un office.",
        _FEED_RETURNS,
        (_CHANGE,),
        ("annee", "ministre", "page"),
        media_types=_FEED,
    ),
    Operation(
        "/commentaires.{format}",
        "commentaires",
        "Les articles commentés",
        "Une ligne par article d’au moins un commentaire, les plus commentés d’abord. Des nombres "
        "seulement : l’archive ne garde le nom de personne.",
        "Les articles commentés.",
        (_FORMAT,),
        (),
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
        (_SITE, _ARTICLE, _FORMAT),
        (),
        columns.READINGS,
    ),
    Operation(
        "/article/{site}/{article}.json",
        "article",
        "Tout sur un article",
        "Ses colonnes de `/recherche.json`, son texte, ses questions, versions, changements, "
        "relevés et corrections, chacun avec sa preuve.",
        "L’article.",
        (_SITE, _ARTICLE),
        media_types=(FORMATS["json"],),
        schema=_ANY_OBJECT,
    ),
    Operation(
        "/article/{site}/{article}.atom",
        "flux_article",
        "Suivre un article",
        "Tous ses changements, commentaires et votes compris.",
        _FEED_RETURNS,
        (_SITE, _ARTICLE),
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
        (_SITE, _ARTICLE),
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
            _SITE,
            _ARTICLE,
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
