"""What an address asks for, made harmless: anything may stand in it."""

from django.http import QueryDict

LAST_PAGE = 10_000


def page_number(asked: str) -> int:
    """From 1 to LAST_PAGE; what is no number is page 1."""
    if not (asked.isascii() and asked.isdigit()):
        return 1
    # Python refuses to read a number of thousands of digits.
    return min(max(int(asked[:6]), 1), LAST_PAGE)


def without_nul(query: QueryDict) -> QueryDict:
    """The query without NUL, which PostgreSQL takes in no text."""
    if not any("\0" in value for _, values in query.lists() for value in values):
        return query
    kept = QueryDict(mutable=True)
    for name, values in query.lists():
        kept.setlist(name, [value.replace("\0", "") for value in values])
    return kept
