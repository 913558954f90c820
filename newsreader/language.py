"""The core's English in the language of whoever is answered. What is kept in the database is English."""

import re

from django.utils.formats import number_format
from django.utils.translation import gettext, pgettext

from newsreader.core.sentence import Sentence, Value

_SHARE = re.compile(r"\b(\d+)%")


def worded(said: object) -> str:
    """A Sentence, a refusal with one, or what is kept of one; anything else comes back as it is."""
    if isinstance(said, Exception) and said.args:
        said = said.args[0]
    if isinstance(said, Sentence):
        return gettext(said.form).format(**{name: _told(value) for name, value in said.values.items()})
    text = str(said)
    share = _SHARE.search(text)
    if not share or "{" in text:
        return gettext(text) if text else ""
    return gettext(_SHARE.sub("{share}", text, count=1)).format(share=_told(int(share[1]) / 100))


def _told(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.0%}".replace("%", pgettext("behind a number", "%"))
    return number_format(value, force_grouping=True) if isinstance(value, int) else value
