"""The kinds of problems that the archive reports, each with what a reader is told about it.

A problem is something a person should look at: it says what could not be decided and leaves the
page whole. The descriptions are French, since the reading site shows them.
"""

KINDS: dict[str, str] = {
    "unlabelled_question": (
        "Le texte s’ouvre comme une question au Gouvernement, mais sa fin n’a pas été trouvée : "
        "la page est gardée entière."
    ),
    "unlabelled_answer": (
        "Sans intertitre « Réponse » : ce qui suit la question est peut-être sa réponse."
    ),
    "unconfirmed_labels": (
        "Des intertitres « Question » ou « Réponse » sont là, mais rien ne montre une question "
        "posée au Gouvernement : la page est gardée entière."
    ),
    "answer_without_question": (
        "Une réponse est annoncée sans que sa question ait été trouvée : la page est gardée "
        "entière."
    ),
    "unpaired_question": (
        "Plusieurs questions se suivent avant une réponse : à laquelle elle répond est à vérifier."
    ),
    "several_answers": (
        "Plusieurs réponses suivent une même question : elles ont été gardées bout à bout."
    ),
    "empty_question": "L’intertitre de la question n’est suivi d’aucun texte.",
    "answer_before_question": (
        "La réponse précède la question dans la page : la paire est à vérifier."
    ),
    "dates_disagree": "La réponse porte une date antérieure à celle de la question.",
    "protected": "L’article est protégé par un mot de passe : il n’a qu’un titre et un jour.",
    "missing_leaf": (
        "L’article tient sur plusieurs pages et l’une d’elles n’a jamais été conservée : son texte "
        "est incomplet, et une réponse peut s’y trouver."
    ),
    "joined_leaves": (
        "L’article tient sur plusieurs pages : mis bout à bout, leur texte reste à vérifier."
    ),
    "no_text": "La page est celle d’un article, mais son texte n’a pas été trouvé.",
    "no_day": "Le jour de publication n’a pas été trouvé dans la page.",
    "rule_missed": (
        "Une règle propre au site ne trouve plus rien dans cette page : le profil est à revoir."
    ),
    "unreadable": "Le flux ou le plan du site n’a pas pu être lu : il est gardé tel quel.",
    "truncated": "La réponse du site s’est interrompue : elle est gardée et n’est pas lue.",
    "too_large": "La réponse est trop volumineuse pour être lue : elle est gardée telle quelle.",
    "too_complex": "La page est trop complexe pour être lue : elle est gardée telle quelle.",
    "url_reused": "Une même adresse a porté deux articles différents : ils sont gardés séparément.",
    "correction_unused": (
        "Une correction de `corrections.toml` vise une adresse où l’archive n’a pas d’article."
    ),
    "damaged_record": "Une partie d’un fichier WARC est endommagée et n’a pas pu être relue.",
}
