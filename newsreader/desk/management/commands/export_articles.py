"""Writes the library’s articles to standard output, as CSV or JSON."""

from newsreader.desk.exchange.articles import Articles
from newsreader.desk.exchange.commands import Export


class Command(Export):
    help = "Writes the library’s articles to standard output, as CSV or JSON."
    kind = Articles()
