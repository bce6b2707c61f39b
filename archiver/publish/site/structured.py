"""JSON-LD of an article (schema.org): an Article, and a Question with its Answer where it is one.

Only what the archive knows is stated; the original is named as what the page archives.
"""

from archiver.publish.site.citation import Citation
from archiver.publish.site.queries.articles import Dossier, Question
from archiver.publish.site.search.marking import unmarked

Data = dict[str, object]


def article_data(found: Dossier, cited: Citation) -> Data:
    """The article as schema.org data."""
    data: Data = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": found.article.title,
        "url": cited.permalink,
        "isBasedOn": cited.url,
        "inLanguage": found.article.lang or "fr",
        "publisher": {"@type": "Organization", "name": cited.site_name},
    }
    if cited.published_on:
        data["datePublished"] = cited.published_on
    if found.modified_at:
        data["dateModified"] = found.modified_at
    if cited.author:
        data["author"] = {"@type": "Person", "name": cited.author}
    if found.article.comment_count is not None:
        data["commentCount"] = found.article.comment_count
    if found.questions:
        data["hasPart"] = [_question(q, found.article.title) for q in found.questions]
    return data


def _question(question: Question, title: str) -> Data:
    data: Data = {"@type": "Question", "name": title, "text": unmarked(question.question)}
    if question.asked_on:
        data["dateCreated"] = question.asked_on
    data["answerCount"] = 1 if question.answer else 0
    if question.answer:
        answer: Data = {"@type": "Answer", "text": unmarked(question.answer)}
        if question.answered_on:
            answer["dateCreated"] = question.answered_on
        data["acceptedAnswer"] = answer
    return data
