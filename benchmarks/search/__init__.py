"""How well the search finds what is right: texts, searches, the rule that judges, and the table."""
