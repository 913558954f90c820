"""Writes all topics to standard output, as CSV or JSON."""

from newsreader.desk.exchange.commands import Export
from newsreader.desk.exchange.labels import Topics


class Command(Export):
    help = "Writes all topics to standard output, as CSV or JSON."
    kind = Topics()
