"""What PostgreSQL's triggers keep beside the vectors: the language of a highlight's article, and the words there are.

A generated column sees its own row only, so a highlight is told its article's language. The list of words is what a
misspelt one is compared with: words are added and never removed, perhaps twice (nobody waits for another who adds the
same), and none is offered unless rows that the reader may see have it.
"""

WORDS = "newsreader_words"
SHORTEST, LONGEST = 3, 40  # characters of a word that is kept
LANGUAGE = "search_language"


def _function(name: str, body: str) -> str:
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"


def _learn(words: str) -> str:
    """SQL that adds words that are not there; `words` yields them as `word`."""
    return (
        f"INSERT INTO {WORDS} SELECT word FROM (SELECT DISTINCT word FROM ({words}) AS every) AS found "  # noqa: S608 our own
        f"WHERE length(word) BETWEEN {SHORTEST} AND {LONGEST} "
        f"AND NOT EXISTS (SELECT FROM {WORDS} AS known WHERE known.word = found.word)"
    )


# Made before the vectors.
TABLE = (
    f'CREATE TABLE IF NOT EXISTS {WORDS} (word text COLLATE "C" NOT NULL)',
    f"CREATE INDEX IF NOT EXISTS {WORDS}_word ON {WORDS} (word)",
    f"CREATE INDEX IF NOT EXISTS {WORDS}_trigrams ON {WORDS} USING gin (word gin_trgm_ops)",
)
LANGUAGES = (
    f"ALTER TABLE annotations_highlight ADD COLUMN {LANGUAGE} varchar(35) NOT NULL DEFAULT ''",
    f"UPDATE annotations_highlight SET {LANGUAGE} = language FROM articles_article "  # noqa: S608 our own names
    "WHERE articles_article.id = article_id AND language <> ''",
    _function(
        "newsreader_of_its_language",
        f"NEW.{LANGUAGE} := coalesce((SELECT language FROM articles_article WHERE id = NEW.article_id), ''); "  # noqa: S608
        "RETURN NEW;",
    ),
    "CREATE TRIGGER newsreader_language BEFORE INSERT OR UPDATE OF article_id ON annotations_highlight "
    "FOR EACH ROW EXECUTE FUNCTION newsreader_of_its_language()",
    _function(
        "newsreader_in_another_language",
        f"UPDATE annotations_highlight SET {LANGUAGE} = NEW.language WHERE article_id = NEW.id; RETURN NULL;",  # noqa: S608
    ),
    "CREATE TRIGGER newsreader_language AFTER UPDATE OF language ON articles_article "
    "FOR EACH ROW WHEN (OLD.language <> NEW.language) EXECUTE FUNCTION newsreader_in_another_language()",
)
NO_LANGUAGES = (
    "DROP TRIGGER IF EXISTS newsreader_language ON articles_article",
    "DROP TRIGGER IF EXISTS newsreader_language ON annotations_highlight",
    "DROP FUNCTION IF EXISTS newsreader_in_another_language()",
    "DROP FUNCTION IF EXISTS newsreader_of_its_language()",
    f"ALTER TABLE annotations_highlight DROP COLUMN IF EXISTS {LANGUAGE}",
)


def learning(table: str, columns: tuple[str, ...], vector: str) -> tuple[str, ...]:
    """What keeps the list, made after a table's vectors: many rows that are added at once are learnt from at once."""
    return (
        _learn(f"SELECT unnest(tsvector_to_array({vector})) AS word FROM {table}"),  # noqa: S608 our own names
        _function(
            "newsreader_learn_many",
            _learn(f"SELECT unnest(tsvector_to_array({vector})) AS word FROM added") + "; RETURN NULL;",  # noqa: S608
        ),
        f"CREATE TRIGGER newsreader_added AFTER INSERT ON {table} REFERENCING NEW TABLE AS added "
        "FOR EACH STATEMENT EXECUTE FUNCTION newsreader_learn_many()",
        _function(
            "newsreader_learn_one",
            _learn(f"SELECT unnest(tsvector_to_array(NEW.{vector})) AS word") + "; RETURN NULL;",
        ),
        f"CREATE TRIGGER newsreader_changed AFTER UPDATE OF {', '.join(columns)} ON {table} "
        f"FOR EACH ROW WHEN (OLD.{vector} IS DISTINCT FROM NEW.{vector}) EXECUTE FUNCTION newsreader_learn_one()",
    )


def not_learning(table: str) -> tuple[str, ...]:
    """The way back of `learning`, but for functions that the other table's triggers call."""
    return (
        f"DROP TRIGGER IF EXISTS newsreader_added ON {table}",
        f"DROP TRIGGER IF EXISTS newsreader_changed ON {table}",
    )


NOTHING = (
    f"DROP TABLE IF EXISTS {WORDS}",
    "DROP FUNCTION IF EXISTS newsreader_learn_many()",
    "DROP FUNCTION IF EXISTS newsreader_learn_one()",
)
