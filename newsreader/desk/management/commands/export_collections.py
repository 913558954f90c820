"""Writes all collections to standard output, as CSV or JSON."""

from newsreader.desk.exchange.collections import Collections
from newsreader.desk.exchange.commands import Export


class Command(Export):
    help = "Writes all collections to standard output, as CSV or JSON."
    kind = Collections()
