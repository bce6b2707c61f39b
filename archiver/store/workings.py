"""The tables that the archive needs for its own work and that the public contract leaves out.

They keep what each capture states, so that the derived tables can be computed again for some
articles without reading a WARC file, and what a crawl, a recovery or a check must remember.
"""

from archiver.store.schema import KEY, Column, Table, required

ARTICLE_STATES = Table(
    "article_states",
    "Contenus d’article distincts ; deux captures sans changement partagent la même ligne.",
    (
        KEY,
        required("digest", "TEXT", "Empreinte de « data »."),
        required("title_key", "TEXT", "Empreinte du titre normalisé."),
        Column("text_key", "TEXT", "Empreinte du texte normalisé."),
        Column("data", "TEXT", "Contenu lu sur la page, en JSON.", null=False, json=True),
    ),
    unique=(("digest",),),
    internal=True,
)

OBSERVATIONS = Table(
    "observations",
    "Ce que chaque capture dit d’un article, d’une redirection ou d’une absence.",
    (
        required("capture_id", "INTEGER", "Capture.", "captures.id"),
        required("site_id", "TEXT", "Site."),
        required("host", "TEXT", "Hôte, sans « www » ni port."),
        required("url_key", "TEXT", "Clé de l’adresse demandée."),
        required("captured_at", "TEXT", "Instant de la capture, UTC."),
        required("role", "TEXT", "Ce qu’est la réponse."),
        required("alive", "INTEGER", "1 si le site répond vraiment."),
        Column("own_key", "TEXT", "Clé de l’adresse canonique de l’article."),
        Column("own_url", "TEXT", "Adresse canonique de l’article."),
        Column("twin_key", "TEXT", "Clé de la page dans la langue du site."),
        Column("redirect_key", "TEXT", "Clé de la cible de la redirection."),
        Column("post_id", "INTEGER", "Numéro WordPress."),
        Column("state_id", "INTEGER", "Contenu.", references="article_states.id"),
        Column("comment_count", "INTEGER", "Commentaires."),
        Column("vote_count", "INTEGER", "Votes."),
        Column("rating", "REAL", "Note."),
        Column("article_id", "INTEGER", "Article auquel la capture est rattachée."),
    ),
    primary_key=("capture_id",),
    indexes=(
        "url_key",
        "own_key",
        "twin_key",
        "redirect_key",
        "post_id, host",
        "state_id",
        "host, alive, captured_at",
        "host, role, captured_at",
    ),
    internal=True,
)

STATEMENTS = Table(
    "statements",
    "Lignes distinctes des flux, plans de site, listes et de l’interface REST.",
    (
        KEY,
        required("digest", "TEXT", "Empreinte de la ligne."),
        required("source", "TEXT", "Origine : feed, rest, sitemap, listing."),
        required("url_key", "TEXT", "Clé de l’adresse."),
        required("url", "TEXT", "Adresse."),
        Column("post_id", "INTEGER", "Numéro WordPress."),
        Column("title", "TEXT", "Titre."),
        Column("published_at", "TEXT", "Publication."),
        Column("modified_at", "TEXT", "Modification."),
        Column("comment_count", "INTEGER", "Commentaires."),
        required("protected", "INTEGER", "1 si l’article est protégé par un mot de passe."),
        required("last_capture_id", "INTEGER", "Dernière capture qui la montre.", "captures.id"),
        Column(
            "first_seen_at",
            "TEXT",
            "Instant de la première capture qui la montre ; vide si elle date d’avant ce relevé.",
        ),
    ),
    unique=(("digest",),),
    indexes=("url_key", "last_capture_id"),
    internal=True,
)

MENTIONS = Table(
    "mentions",
    "Captures qui donnent un nombre de commentaires par un flux ou par REST.",
    (
        required("statement_id", "INTEGER", "Ligne.", "statements.id"),
        required("capture_id", "INTEGER", "Capture.", "captures.id"),
    ),
    primary_key=("statement_id", "capture_id"),
    indexes=("capture_id",),
    internal=True,
    rowid=False,
)

SITE_STATEMENTS = Table(
    "site_statements",
    "La dernière valeur donnée à chaque propriété d’un site, par son profil ou par ses pages.",
    (
        required("site_id", "TEXT", "Site."),
        required("field", "TEXT", "Propriété."),
        required("value", "TEXT", "Valeur."),
        required("stated_at", "TEXT", "Instant, UTC."),
        required("record_id", "TEXT", "Enregistrement WARC, ou vide pour le profil."),
    ),
    primary_key=("site_id", "field"),
    internal=True,
    rowid=False,
)

DIRTY = Table(
    "dirty",
    "Adresses dont les lignes dérivées sont à recalculer.",
    (required("url_key", "TEXT", "Clé de l’adresse."),),
    primary_key=("url_key",),
    internal=True,
    rowid=False,
)

APPLIED_CORRECTIONS = Table(
    "applied_corrections",
    "Corrections dont les lignes dérivées tiennent compte.",
    (
        required("url_key", "TEXT", "Clé de l’adresse."),
        required("digest", "TEXT", "Empreinte des corrections de cet article."),
    ),
    primary_key=("url_key",),
    internal=True,
    rowid=False,
)

FRONTIER = Table(
    "frontier",
    "Adresses à collecter, par collecte.",
    (
        KEY,
        required("crawl_id", "INTEGER", "Collecte.", "crawls.id"),
        required("key", "TEXT", "Clé de l’adresse."),
        required("turn", "INTEGER", "0, puis 1, 2… quand la même adresse est demandée à nouveau."),
        required("url", "TEXT", "Adresse."),
        required("kind", "TEXT", "Sorte de cible."),
        required("priority", "INTEGER", "Les plus grandes d’abord."),
        required("depth", "INTEGER", "Profondeur depuis la première adresse."),
        Column("via", "TEXT", "Adresse qui a mené ici."),
        required("hops", "TEXT", "Chemin depuis la première adresse, en lettres de Heritrix."),
        Column("callback", "TEXT", "Suite à donner à la réponse."),
        Column("data", "TEXT", "Données de la cible, en JSON.", json=True),
        Column("state", "TEXT", "État.", null=False, choices=("pending", "done", "failed")),
        Column("reason", "TEXT", "Raison de l’échec."),
        Column("capture_id", "INTEGER", "Capture obtenue.", references="captures.id"),
    ),
    unique=(("crawl_id", "key", "turn"),),
    indexes=("crawl_id, state, priority DESC, id", "capture_id"),
    internal=True,
)

SKIPPED = Table(
    "skipped",
    "Adresses laissées de côté, et pourquoi.",
    (
        required("crawl_id", "INTEGER", "Collecte.", "crawls.id"),
        required("url", "TEXT", "Adresse."),
        required("reason", "TEXT", "Raison."),
    ),
    primary_key=("crawl_id", "url", "reason"),
    internal=True,
    rowid=False,
)

WARC_FILES = Table(
    "warc_files",
    "Fichiers WARC clos, avec leur empreinte.",
    (
        required("warc_file", "TEXT", "Fichier, relatif au dossier « warc »."),
        required("sha256", "TEXT", "Empreinte SHA-256 du fichier, en hexadécimal."),
        required("bytes", "INTEGER", "Taille en octets."),
        required("finished_at", "TEXT", "Instant de clôture, UTC."),
    ),
    primary_key=("warc_file",),
    internal=True,
)

RECOVERIES = Table(
    "recoveries",
    "Réparations faites à l’ouverture, après un arrêt brutal.",
    (
        KEY,
        required("recovered_at", "TEXT", "Instant, UTC."),
        required("warc_file", "TEXT", "Fichier réparé."),
        required("records", "INTEGER", "Enregistrements remis dans la base."),
        required("cut_bytes", "INTEGER", "Octets coupés en fin de fichier."),
        Column("quarantine_file", "TEXT", "Copie des octets coupés, dans « quarantine »."),
        required("detail", "TEXT", "Explication."),
    ),
    indexes=("recovered_at",),
    internal=True,
)

VERIFY_RUNS = Table(
    "verify_runs",
    "Journal des vérifications.",
    (
        KEY,
        required("started_at", "TEXT", "Début, instant UTC."),
        Column("finished_at", "TEXT", "Fin, instant UTC."),
        required("scope", "TEXT", "Ce qui a été vérifié."),
        Column("files", "INTEGER", "Fichiers lus."),
        Column("records", "INTEGER", "Enregistrements lus."),
        Column("bytes", "INTEGER", "Octets lus."),
        Column("damages", "INTEGER", "Dommages trouvés."),
        Column("report", "TEXT", "Dommages et avertissements, en JSON.", json=True),
    ),
    indexes=("started_at",),
    internal=True,
)

INTERNAL = (
    ARTICLE_STATES,
    OBSERVATIONS,
    STATEMENTS,
    MENTIONS,
    SITE_STATEMENTS,
    DIRTY,
    APPLIED_CORRECTIONS,
    FRONTIER,
    SKIPPED,
    WARC_FILES,
    RECOVERIES,
    VERIFY_RUNS,
)
"""The tables outside the public contract, referenced ones first."""
