"""The parameters that addresses of data take, with their meaning in French and an example each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter; `example` is empty when it is of the archive at hand."""

    name: str
    description: str
    example: str = ""
    place: Literal["query", "path"] = "query"
    choices: tuple[str, ...] = ()


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
            "`retiree`, `caduque`, `inconnu`, ou `autre` (aucun des deux premiers).",
            "sans-reponse",
        ),
        Parameter("ministre", "Le destinataire, tel qu’un article l’écrit.", "Premier ministre"),
        Parameter("annee", "Année de publication, en quatre chiffres.", "2021"),
        Parameter("mois", "Mois de publication, `AAAA-MM`.", "2021-03"),
        Parameter("du", "Publié depuis ce jour, ce mois ou cette année, compris.", "2021-03"),
        Parameter("au", "Publié jusqu’à ce jour, ce mois ou cette année, compris.", "2022"),
        Parameter("type", "`QE`, `QG` ou `QOSD`.", "QE"),
        Parameter(
            "legislature", "La législature de la question, par son numéro, ou `inconnue`.", "16"
        ),
        Parameter("genre", "`question` ou `actualite`.", "question"),
        Parameter("langue", "Langue de l’article : `fr` trouve aussi `fr-FR`.", "fr"),
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

SEARCH = tuple(FILTERS)
"""Their names."""
SITE = Parameter("site", "Un site archivé : son nom de domaine.", place="path")
ARTICLE = Parameter(
    "article",
    "Un article : son numéro WordPress, ou le chemin de sa page. Une ancienne adresse redirige.",
    place="path",
)
FORMAT = Parameter(
    "format",
    "`csv` (virgules, RFC 4180), `excel.csv` (pour un Excel français : BOM, points-virgules, "
    "aucune formule), `json` ou `ndjson` (un objet par ligne).",
    "json",
    "path",
    ("csv", "excel.csv", "json", "ndjson"),
)
CHANGE = Parameter(
    "changement",
    "`nouveau`, `reponse`, `texte`, `titre`, `adresse`, `disparu`, `retour`, `commentaires`, "
    "`votes` ou `tous` ; par défaut tous sauf les commentaires et les votes.",
    "reponse",
)
