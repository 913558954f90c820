"""What the suggestions of the search say: each field, and the values of those that have few. Lazy, to be translated."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Label = str | Promise

FIELDS: dict[str, Label] = {
    "source": _("who published it"),
    "author": _("who wrote it"),
    "topic": _("what it is about"),
    "tag": _("your label on a passage"),
    "colour": _("of a passage"),
    "is": _("unread, kept for later, changed …"),
    "has": _("passages, a note, tags"),
    "in": _("one kind of result, or a collection"),
    "lang": _("language"),
    "title": _("words of the title"),
    "text": _("words of the text"),
    "quote": _("words of a passage"),
    "note": _("words of your notes"),
    "after": _("from that day on"),
    "before": _("until that day"),
    "on": _("that day, month or year"),
    "minutes": _("how long it takes to read"),
    "sort": _("in which order"),
}
# What only a reader with an account has.
OF_A_READER = {"tag", "colour", "is", "has", "quote", "note"}

STATES: dict[str, Label] = {
    "unread": _("not opened yet"),
    "read": _("read to the end, or marked as read"),
    "later": _("kept for later"),
    "archived": pgettext_lazy("place", "in the archive"),
    "favourite": _("one of your favourites"),
    "changed": _("its words were edited under your passage"),
    "lost": _("your passage lost its place"),
}
THINGS: dict[str, Label] = {
    "passages": _("you marked something in it"),
    "note": _("you wrote something to it"),
    "tags": _("with tags of yours"),
}
SORTS: dict[str, Label] = {
    "relevance": _("best match first"),
    "newest": _("newest first"),
    "oldest": _("oldest first"),
    "longest": _("longest first"),
    "passages": _("most of your passages first"),
}
DAYS: dict[str, Label] = {
    "today": "",
    "yesterday": "",
    "-1w": _("a week ago"),
    "-1m": _("a month ago"),
    "-1y": _("a year ago"),
}
LENGTHS: dict[str, Label] = {
    "<5": _("less than five minutes"),
    "5-15": _("five to fifteen"),
    ">15": _("more than fifteen"),
}
KINDS: dict[str, Label] = {
    "articles": _("only articles"),
    "passages": _("only passages"),
    "notes": _("only notes"),
}
