"""JSON-LD (schema.org): an article with its questions and their answers, and the site as a whole.

Only what the archive knows is stated: a question that waits has no answer, a language that no page
tells is not French by default. The original is named as what the page archives.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from archiver.publish.metadata import LICENSE_URL, SITE_NAME
from archiver.publish.site.addresses import proof_path, with_query
from archiver.publish.site.reading import Chrome
from archiver.publish.site.search.marking import unmarked

if TYPE_CHECKING:
    # Needed by no page but the article's, which imports them itself: the site starts sooner.
    from archiver.publish.site.citation import Citation
    from archiver.publish.site.queries.articles import Dossier, Question

Data = dict[str, object]
_UNANSWERED = ("pending", "withdrawn", "lapsed")


def site_data(link: Callable[[str], str], chrome: Chrome) -> list[Data]:
    """The site and what can be taken from it, for the home page."""
    home = link("/")
    search = link(with_query("/recherche", {"q": "MOTS"})).replace("MOTS", "{mots}")
    names = ", ".join(name for _, name, _ in chrome.sites)
    dataset: Data = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": f"{SITE_NAME} : {names}" if names else SITE_NAME,
        "description": "Les questions publiées par des élus sur leur site, les réponses, ce qui en "
        "a changé ou disparu, le nombre de commentaires ; chaque valeur avec la preuve de sa "
        "capture.",
        "url": home,
        "inLanguage": "fr",
        "isAccessibleForFree": True,
        "license": LICENSE_URL,
        "isBasedOn": [address for _, _, address in chrome.sites],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": name,
                "encodingFormat": kind,
                "contentUrl": link(path),
            }
            for name, kind, path in (
                ("Articles", "text/csv", "/recherche.csv"),
                ("Questions et réponses", "text/csv", "/questions.csv"),
                ("Changements", "text/csv", "/changements.csv"),
                ("Changements", "application/atom+xml", "/changements.atom"),
            )
        ],
    }
    if chrome.newest_capture:
        dataset["dateModified"] = chrome.newest_capture
    website: Data = {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": SITE_NAME,
        "url": home,
        "inLanguage": "fr",
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=mots",
        },
    }
    return [website, dataset]


def article_data(found: "Dossier", cited: "Citation", link: Callable[[str], str]) -> Data:
    """The article as schema.org data; `link` makes a path of this site an absolute address."""
    data: Data = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": found.article.title,
        "url": cited.permalink,
        "isBasedOn": cited.url,
        "archivedAt": link(proof_path(found.capture.record_id)),
        "publisher": {"@type": "Organization", "name": cited.site_name},
    }
    if found.article.lang:
        data["inLanguage"] = found.article.lang
    if cited.published_on:
        data["datePublished"] = cited.published_on
    if found.modified_at:
        data["dateModified"] = found.modified_at
    if cited.author:
        data["author"] = {"@type": "Person", "name": cited.author}
    if found.article.comment_count is not None:
        data["commentCount"] = found.article.comment_count
    if found.questions:
        data["hasPart"] = [_question(q, cited) for q in found.questions]
    return data


def _question(question: "Question", cited: "Citation") -> Data:
    here = f"{cited.permalink}#q{question.position}"
    data: Data = {"@type": "Question", "name": cited.title, "url": here}
    if question.question:
        data["text"] = unmarked(question.question)
    if question.author:
        data["author"] = {"@type": "Person", "name": question.author}
    if question.asked_on:
        data["dateCreated"] = question.asked_on
    if question.answer:
        answer: Data = {"@type": "Answer", "text": unmarked(question.answer), "url": here}
        if question.answered_on:
            answer["dateCreated"] = question.answered_on
        data |= {"answerCount": 1, "acceptedAnswer": answer}
    elif question.status in _UNANSWERED:
        data["answerCount"] = 0
    return data
