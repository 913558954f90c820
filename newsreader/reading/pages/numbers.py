"""How numbers of results are said."""

from django.utils.formats import number_format

from newsreader.search.results import COUNT_LIMIT


def counted(count: int) -> str:
    """A number of rows, “1,000+” where nobody counted on."""
    said = number_format(min(count, COUNT_LIMIT), force_grouping=True)
    return said if count <= COUNT_LIMIT else f"{said}+"
