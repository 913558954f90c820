"""What tests know of languages: what is marked in the code, what stands in the catalogs, what is not marked."""

import ast
import re
from functools import cache
from html.parser import HTMLParser

from django.conf import settings
from django.utils.translation.template import templatize

ROOT = settings.BASE_DIR
LOCALE = ROOT / "newsreader/locale"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
MODULES = sorted(path for path in (ROOT / "newsreader").rglob("*.py") if "migrations" not in path.parts)
SCRIPTS = sorted(path for path in (ROOT / "static/js").glob("*.js") if path.name != "i18n.js")

# The words of one place in a catalog: context, singular, plural; "" where there is none.
Key = tuple[str, str, str]
# What marks words, and which of its arguments is what.
MARKS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop", "Sentence"), ("one",)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), ("one", "many")),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ("context", "one")),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ("context", "one", "many")),
}


def read_po(path) -> dict[Key, list[str]]:
    """A catalog as gettext writes it, without its head; None of what is obsolete."""
    entries, fields, last = {}, {}, ""
    for line in [*path.read_text().splitlines(), ""]:
        if not line.strip():
            if "msgid" in fields:
                told = [fields[name] for name in sorted(fields) if name.startswith("msgstr")]
                entries[fields.get("msgctxt", ""), fields["msgid"], fields.get("msgid_plural", "")] = told
            fields, last = {}, ""
        elif line.startswith("#,") and "fuzzy" in line:
            fields["fuzzy"] = "yes"
        elif line.startswith('"'):
            fields[last] += ast.literal_eval(line)
        elif not line.startswith("#"):
            last, _, words = line.partition(" ")
            fields[last] = ast.literal_eval(words)
    assert not any("fuzzy" in told for told in entries.values())
    return {key: told for key, told in entries.items() if key[1]}


def _calls(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in MARKS:
                yield name, node


def _key(name, words) -> Key:
    told = dict(zip(MARKS[name], words, strict=False))
    return told.get("context", ""), told["one"], told.get("many", "")


@cache
def marked() -> dict[str, dict[Key, str]]:
    """What is marked, by the catalog it belongs in; each with a file that has it."""
    found: dict[str, dict[Key, str]] = {"django": {}, "djangojs": {}}
    for path in MODULES:
        for name, node in _calls(ast.parse(path.read_text())):
            words = [one.value for one in node.args if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if words:
                found["django"][_key(name, words)] = path.name
    for path in TEMPLATES:
        for call in re.finditer(r"\b(n?p?gettext|_)\((.+?)\) ", templatize(path.read_text()) + " "):
            for name, node in _calls(ast.parse(call[0].strip())):
                words = [one.value for one in node.args if isinstance(one, ast.Constant)]
                found["django"][_key(name, words)] = path.name
    for path in SCRIPTS:
        for call in re.finditer(r'\b(ngettext|_)\("((?:[^"\\]|\\.)*)"(?:, "((?:[^"\\]|\\.)*)")?', path.read_text()):
            found["djangojs"][_key(call[1], [words for words in call.groups()[1:] if words])] = path.name
    return found


COMMENT = re.compile(r"{#.*?#}|{% comment.*?endcomment %}", re.DOTALL)
SAID = re.compile(r"{% blocktranslate.*?endblocktranslate %}", re.DOTALL)
# Tags, and an attribute that a block hands to the page around it.
TAG = re.compile(r"(?<=%}) data-[a-z-]+(?={%)|{%.*?%}|{{.*?}}", re.DOTALL)
LETTERS = re.compile(r"[^\W\d_]{2,}")
SPOKEN = {"title", "aria-label", "placeholder", "alt", "aria-description", "aria-roledescription", "label"}


class Bare(HTMLParser):
    """The words of a template that nothing marks: in its text, and in attributes that somebody reads or hears."""

    def __init__(self, template: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.mute = 0
        self.feed(TAG.sub(" ", SAID.sub(" ", COMMENT.sub(" ", template))))
        self.close()

    def handle_starttag(self, tag, attrs):
        self.mute += tag in {"script", "style", "kbd", "code"}
        at = dict(attrs)
        spoken = SPOKEN | ({"value"} if at.get("type") in {"submit", "button", "reset"} else set())
        self.found += [value for name, value in attrs if name in spoken and value and LETTERS.search(value)]

    def handle_endtag(self, tag):
        self.mute -= tag in {"script", "style", "kbd", "code"}

    def handle_data(self, data):
        if not self.mute and LETTERS.search(data):
            self.found.append(" ".join(data.split()))
