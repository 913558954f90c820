"""Imports topics from a CSV or JSON file, after saying what each row does."""

from newsreader.desk.exchange.commands import ImportFile
from newsreader.desk.exchange.labels import Topics


class Command(ImportFile):
    help = "Imports topics from a CSV or JSON file, after saying what each row does."
    kind = Topics()
