"""The ready queries that Datasette lists under the tables: what a newsroom asks first.

Each is plain SQL on the public tables, so that a reader can open it, change it and run it again.
Waits are counted in days, to the answer or to today (UTC); a wait is given only where the archive
knows both of its ends, except that an unanswered question without a date has waited at least since
its article was published.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadyQuery:
    """One query: `name` is its address under `/archive/`, `title` and `description` are French."""

    name: str
    title: str
    description: str
    sql: str


READY_QUERIES: tuple[ReadyQuery, ...] = (
    ReadyQuery(
        "questions_sans_reponse",
        "Questions sans réponse, les plus anciennes d’abord",
        "Les questions en attente, avec le nombre de jours écoulés depuis la question ou, quand sa "
        "date est inconnue, depuis la publication de l’article.",
        """
select
  coalesce(questions.asked_on, articles.published_on) as depuis_le,
  cast(julianday('now') - julianday(coalesce(questions.asked_on, articles.published_on))
    as integer) as jours_d_attente,
  questions.addressee as destinataire,
  articles.title as titre,
  articles.url as adresse
from questions
join articles on articles.id = questions.article_id
where questions.status = 'pending'
order by depuis_le is null, depuis_le, articles.url, questions.position
""",
    ),
    ReadyQuery(
        "plus_longues_attentes",
        "Réponses les plus longues à venir",
        "Les questions répondues dont les deux dates sont connues, de la plus longue attente à la "
        "plus courte.",
        """
select
  cast(julianday(questions.answered_on) - julianday(questions.asked_on) as integer)
    as jours_d_attente,
  questions.asked_on as posee_le,
  questions.answered_on as repondue_le,
  questions.addressee as destinataire,
  articles.title as titre,
  articles.url as adresse
from questions
join articles on articles.id = questions.article_id
where questions.status = 'answered'
  and questions.answered_on >= questions.asked_on
order by jours_d_attente desc, articles.url, questions.position
""",
    ),
    ReadyQuery(
        "articles_les_plus_commentes",
        "Articles les plus commentés",
        "Le dernier nombre de commentaires relevé ; les articles dont le nombre est inconnu n’y "
        "figurent pas.",
        """
select
  comment_count as commentaires,
  vote_count as votes,
  published_on as publie_le,
  title as titre,
  url as adresse
from articles
where comment_count is not null
order by comment_count desc, published_on desc, url
""",
    ),
    ReadyQuery(
        "articles_recemment_modifies",
        "Articles récemment modifiés",
        "Les modifications de texte ou de titre que l’archive a constatées, les plus récentes "
        "d’abord.",
        """
select
  events.at as constate_le,
  case events.kind when 'retitled' then 'titre' else 'texte' end as modification,
  articles.title as titre,
  articles.url as adresse
from events
join articles on articles.id = events.article_id
where events.kind in ('edited', 'retitled')
order by events.at desc, articles.url, events.kind
""",
    ),
    ReadyQuery(
        "questions_par_destinataire",
        "Questions par destinataire",
        "Pour chaque destinataire, tel que l’article l’écrit : questions posées, répondues, en "
        "attente, et attente moyenne en jours quand les deux dates sont connues.",
        """
select
  coalesce(questions.addressee, '(non précisé)') as destinataire,
  count(*) as questions,
  sum(questions.status = 'answered') as repondues,
  sum(questions.status = 'pending') as en_attente,
  round(avg(
    case
      when questions.status = 'answered'
        and questions.answered_on >= questions.asked_on
      then julianday(questions.answered_on) - julianday(questions.asked_on)
    end), 1) as attente_moyenne_en_jours
from questions
group by questions.addressee
order by questions desc, destinataire
""",
    ),
    ReadyQuery(
        "articles_disparus",
        "Articles disparus",
        "Les articles que leur site ne sert plus (404 ou 410 constaté deux fois) ; l’archive en "
        "garde le texte.",
        """
select
  gone_at as disparu_le,
  published_on as publie_le,
  title as titre,
  url as adresse
from articles
where gone_at is not null
order by gone_at desc, url
""",
    ),
)
