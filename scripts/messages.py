"""The words of other languages: collects what is marked in the code into .po files, and compiles those.

Needs gettext. What it writes is committed, so that nothing else does: newsreader/locale/<language>/LC_MESSAGES and, for
scripts, static/js/words/<language>.js.
"""

import gettext
import json
import os
import re
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import makemessages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsreader.settings")
ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "newsreader/locale"
LANGUAGES = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
IGNORED = (".venv", "var", "shots", "node_modules", "tests", "bench", "scripts", "manage.py")
# These change with every run, and tell nothing.
CHURN = re.compile(
    r'^"(?:POT-Creation-Date|PO-Revision-Date|Language-Team|Report-Msgid-Bugs-To|Last-Translator):.*\n', re.M
)


class Collect(makemessages.Command):
    """Django's, which also knows the sentences of the core."""

    xgettext_options = [*makemessages.Command.xgettext_options, "--keyword=Sentence:1"]  # noqa: RUF012 - Django's own shape


def collect() -> None:
    for domain in ("django", "djangojs"):
        call_command(
            Collect(),
            locale=list(LANGUAGES),
            domain=domain,
            ignore_patterns=list(IGNORED),
            add_location="file",
            no_wrap=True,
            no_obsolete=True,
        )
    for catalog in LOCALE.glob("*/LC_MESSAGES/*.po"):
        catalog.write_text(CHURN.sub("", catalog.read_text()))


def compile_all() -> None:
    call_command("compilemessages", locale=list(LANGUAGES), ignore_patterns=list(IGNORED))
    for language in LANGUAGES:
        folder = LOCALE / language / "LC_MESSAGES"
        with (folder / "djangojs.mo").open("rb") as compiled:
            (ROOT / f"static/js/words/{language}.js").write_text(for_scripts(gettext.GNUTranslations(compiled)))


def for_scripts(catalog: gettext.NullTranslations) -> str:
    """A catalog as static/js/i18n.js reads it: words by their English, a list of them where it depends on a number."""
    words: dict[str, str | list[str]] = {}
    for key, value in sorted(catalog._catalog.items(), key=str):  # type: ignore[attr-defined]
        if isinstance(key, tuple):
            words.setdefault(key[0], []).append(value)  # type: ignore[union-attr]
        elif key:
            words[key] = value
    plural = re.search(r"plural=(.*?);", catalog.info()["plural-forms"] + ";")
    told = json.dumps(words, ensure_ascii=False, indent=1)
    return f"globalThis.wording = {{ plural: (n) => Number({plural[1] if plural else 'n !== 1'}), words: {told} }};\n"


if __name__ == "__main__":
    os.chdir(ROOT)
    django.setup()
    collect()
    compile_all()
