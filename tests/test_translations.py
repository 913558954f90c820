"""Every word that a person reads can be said in another language, and German says all of them."""

import ast
import gettext
import re

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import timezone, translation

from newsreader.core.sentence import Sentence
from newsreader.language import worded
from newsreader.reading.pages.trace import flag
from newsreader.reading.templatetags.reading import day, moment_said
from scripts.messages import for_scripts
from tests.translations import LOCALE, MODULES, ROOT, SCRIPTS, TEMPLATES, Bare, marked, read_po

OTHERS = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
CATALOGS = [(code, domain) for code in OTHERS for domain in ("django", "djangojs")]
VALUE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
ELEMENT = re.compile(r"<[^>]+>")


def po_of(language, domain):
    return read_po(LOCALE / language / f"LC_MESSAGES/{domain}.po")


def mo_of(language, domain):
    with (LOCALE / language / f"LC_MESSAGES/{domain}.mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled)


@pytest.mark.parametrize(("language", "domain"), CATALOGS)
def test_everything_that_is_marked_stands_in_the_catalog(language, domain):
    known = {(context, one) for context, one, _ in po_of(language, domain)}
    missing = {key: file for key, file in marked()[domain].items() if key[:2] not in known}
    assert not missing, "make messages, then translate"


@pytest.mark.parametrize(("language", "domain"), CATALOGS)
def test_a_catalog_is_complete_and_keeps_values_and_elements(language, domain):
    for (_, one, many), told in po_of(language, domain).items():
        assert told, one
        assert all(told), one
        assert len(told) == (2 if many else 1), one
        said = many or one
        assert sorted(set(VALUE.findall(said))) == sorted(set(VALUE.findall(told[-1]))), one
        assert sorted(ELEMENT.findall(said)) == sorted(ELEMENT.findall(told[-1])), one
        assert (one[0] == " ", one[-1] == " ") == (told[0][0] == " ", told[0][-1] == " "), one


@pytest.mark.parametrize(("language", "domain"), CATALOGS)
def test_what_is_compiled_is_what_was_written(language, domain):
    written = {}
    for (context, one, many), told in po_of(language, domain).items():
        key = f"{context}\x04{one}" if context else one
        written |= {(key, number): words for number, words in enumerate(told)} if many else {key: told[0]}
    compiled = {key: words for key, words in mo_of(language, domain)._catalog.items() if key}
    assert compiled == written


@pytest.mark.parametrize("language", OTHERS)
def test_scripts_have_the_same_words(language):
    assert (ROOT / f"static/js/words/{language}.js").read_text() == for_scripts(mo_of(language, "djangojs"))


# Names, keys, and letters that show how letters look.
NAMES = {"CSV", "JSON", "Newsreader", "News", "read", "er", "· Newsreader", "ab", "Aa", "Ag", "Shift+K", "Shift+J"}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_words_that_are_not_marked(path):
    assert [words for words in Bare(path.read_text()).found if words not in NAMES] == []


# Modules whose sentences nobody reads in a browser: the operator's terminal, and what only a programmer sees.
NOT_SAID = {
    *("management", "intake", "core", "environment.py", "storage.py", "checks.py", "wsgi.py", "settings.py"),
    *("sqlite", "postgres", "guard.py"),
}
SENTENCE = re.compile(r"^[A-Z“][\w’']*(?: [^ ]+)+[.!?:…]$|^[A-Z][a-z]+ [a-z]+[a-z ]*$")
OF_OTHERS = {"Not found."}


def test_no_module_says_a_sentence_that_is_not_marked():
    bare = []
    for path in MODULES:
        if NOT_SAID & set(path.relative_to(ROOT).parts):
            continue
        tree = ast.parse(path.read_text())
        known = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Expr | ast.Call):
                name = getattr(getattr(node, "func", None), "id", "")
                if isinstance(node, ast.Expr) or "gettext" in name or name in {"_", "Sentence", "_key"}:
                    known |= {id(one) for one in ast.walk(node) if isinstance(one, ast.Constant)}
        bare += [
            f"{path.name}:{node.lineno}: {node.value}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in known
            if SENTENCE.match(node.value) and node.value not in OF_OTHERS
        ]
    assert not bare, chr(10).join(bare)


def test_no_script_says_a_sentence_that_is_not_marked():
    said = re.compile(r"(?<!_\()(?<!, )[\"'`]([A-Z][a-z]+[ ’][a-z][^\"'`]*)[\"'`]")
    for path in SCRIPTS:
        lines = [line for line in path.read_text().splitlines() if not line.strip().startswith(("//", "*", "/*"))]
        bare = [found[1] for line in lines for found in said.finditer(line) if "gettext(" not in line]
        assert bare == [], path.name


# The core


def test_a_sentence_is_english_and_knows_how_it_was_made():
    said = Sentence("Only the first {limit} words.", limit=2000)
    assert said == "Only the first 2,000 words."
    assert (said.form, said.values) == ("Only the first {limit} words.", {"limit": 2000})
    assert Sentence("{ is no value") == "{ is no value"


def test_what_the_core_said_is_told_in_the_readers_language_also_after_it_was_kept():
    short = Sentence("The note is longer than {limit} characters.", limit=10_000)
    with translation.override("de"):
        assert worded(short) == "Die Notiz ist länger als 10.000 Zeichen."
        assert worded(ValueError(short)) == "Die Notiz ist länger als 10.000 Zeichen."
        assert (
            worded("Only 40% of the words are left in their place.")
            == "Nur 40\u00a0% der Wörter stehen noch an ihrem Platz."
        )
        assert worded(Sentence("{share} of the words are left.", share=0.4)) == "40\u00a0% der Wörter sind noch da."
        assert worded("The words were deleted.") == "Die Wörter wurden gelöscht."
        assert worded("") == ""
        assert worded("What a curator wrote, 40% of it {so}") == "What a curator wrote, 40% of it {so}"
    assert worded(short) == short


def test_numbers_for_the_browser_are_written_as_it_reads_them():
    with translation.override("de"):
        told = Template("{{ flag.x }}").render(Context({"flag": flag(1, 8, "yellow")}))
    assert told == "12.5"


def test_dates_are_written_as_the_language_writes_them():
    june = timezone.datetime(2023, 6, 16, 9, 5, tzinfo=timezone.get_current_timezone())
    assert (day(june), moment_said(june)) == ("16 Jun 2023", "16 Jun 2023, 09:05")
    with translation.override("de"):
        assert (day(june), moment_said(june)) == ("16. Juni 2023", "16. Juni 2023, 09:05")
