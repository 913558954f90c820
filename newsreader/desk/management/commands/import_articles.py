"""Imports articles from a CSV or JSON file, after saying what each row does."""

from newsreader.desk.exchange.articles import Articles
from newsreader.desk.exchange.commands import ImportFile


class Command(ImportFile):
    help = "Imports articles from a CSV or JSON file, after saying what each row does."
    kind = Articles()
