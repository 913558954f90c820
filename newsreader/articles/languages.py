"""Which languages there are articles in: one step in the index for each language, not for each article."""

from django.db import connection

MOST = 100


def languages() -> list[str]:
    """As articles have them, those of drafts and of readers' own copies too: for asking by, not for showing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH RECURSIVE found(language) AS (SELECT min(language) FROM articles_article UNION ALL "
            "SELECT (SELECT min(language) FROM articles_article WHERE language > found.language) FROM found "
            "WHERE found.language IS NOT NULL) SELECT language FROM found WHERE language IS NOT NULL LIMIT %s",
            [MOST],
        )
        return [language for (language,) in cursor.fetchall()]
