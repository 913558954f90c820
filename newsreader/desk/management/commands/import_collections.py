"""Imports collections from a CSV or JSON file, after saying what each row does."""

from newsreader.desk.exchange.collections import Collections
from newsreader.desk.exchange.commands import ImportFile


class Command(ImportFile):
    help = "Imports collections from a CSV or JSON file, after saying what each row does."
    kind = Collections()
