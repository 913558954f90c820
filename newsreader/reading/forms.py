"""What readers send. Forms check shape; whether words are in an article, services say."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from newsreader.annotations.models import Highlight
from newsreader.articles.models import Reading
from newsreader.articles.services import MOST_AT_ONCE
from newsreader.core.passages import Quote
from newsreader.core.prose import LONGEST_NOTE
from newsreader.intake import pasted
from newsreader.intake.arrivals import HANDED_MOST

YES_OR_NO = (("true", "Yes"), ("false", "No"))


class StateForm(forms.Form):
    """One or more of place, unread and favourite; what isn't sent stays as it is."""

    place = forms.ChoiceField(choices=Reading.Place.choices, required=False)
    unread = forms.ChoiceField(choices=YES_OR_NO, required=False)
    favourite = forms.ChoiceField(choices=YES_OR_NO, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.values()):
            raise forms.ValidationError(_("Nothing to change."))
        return cleaned

    def changes(self) -> dict[str, Any]:
        told = {name: value for name, value in self.cleaned_data.items() if value}
        return {name: value if name == "place" else value == "true" for name, value in told.items()}

    def said(self, count: int = 1) -> str:
        """What was done, in words."""
        done = {
            ("place", "inbox"): ngettext("Moved to the inbox.", "{count} articles moved to the inbox.", count),
            ("place", "later"): ngettext("Kept for later.", "{count} articles kept for later.", count),
            ("place", "archive"): ngettext("Archived.", "{count} articles archived.", count),
            ("unread", True): ngettext("Marked as unread.", "{count} articles marked as unread.", count),
            ("unread", False): ngettext("Marked as read.", "{count} articles marked as read.", count),
            ("favourite", True): ngettext("Added to your favourites.", "{count} articles added to favourites.", count),
            ("favourite", False): ngettext(
                "Taken off your favourites.", "{count} articles taken off favourites.", count
            ),
            ("removed", True): ngettext("Removed from your shelf.", "{count} articles removed from your shelf.", count),
        }
        return " ".join(done[change] for change in self.changes().items()).format(count=count)


class StatesForm(StateForm):
    """The same for several articles; and their owner may remove them, which goes alone."""

    removed = forms.ChoiceField(choices=(("true", "Yes"),), required=False)

    def articles(self) -> list[int]:
        """The keys that are numbers; which of them are the reader's to change, the service knows."""
        sent = cast(QueryDict, self.data).getlist("article")[:MOST_AT_ONCE]
        return list(dict.fromkeys(int(key) for key in sent if key.isascii() and key.isdigit() and len(key) < 16))

    @property
    def removes(self) -> bool:
        return bool(self.cleaned_data["removed"])


class PositionForm(forms.Form):
    position = forms.IntegerField(min_value=0, max_value=2**31 - 1)


class LineEndField(forms.CharField):
    """Text whose line ends a browser may have turned into CR LF on the way."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return text.replace("\r\n", "\n") if isinstance(text, str) else text


class NoteForm(forms.Form):
    """What a reader adds to a passage: colour, note, tags."""

    colour = forms.ChoiceField(choices=Highlight.Colour.choices)
    note = LineEndField(
        required=False,
        max_length=LONGEST_NOTE,
        error_messages={
            "max_length": format_lazy(
                _("A note holds {limit} characters; this one has %(show_value)s."),
                limit=lazy(number_format, str)(LONGEST_NOTE, force_grouping=True),
            )
        },
    )
    tags = forms.CharField(required=False, max_length=2_000)

    def clean_tags(self) -> list[str]:
        return [name for name in str(self.cleaned_data["tags"]).split(",") if name.strip()]


class EditForm(NoteForm):
    """A change to a highlight, and the version it was made on. A note or tags that aren't sent stay as they are."""

    version = forms.IntegerField(min_value=1)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        unsent = {name: None for name in ("note", "tags") if name not in self.data}
        return cleaned | unsent


class QuoteForm(forms.Form):
    """Words of an article, and what is around them.

    With a hint they come from a selection; without, they were typed; with both a hint and `typed`, its writer was
    asked which of several places is meant, and the hint is the answer.
    """

    exact = LineEndField(strip=False, max_length=1_000_000, error_messages={"required": _("Type the words to mark.")})
    before = LineEndField(strip=False, required=False, max_length=200)
    after = LineEndField(strip=False, required=False, max_length=200)
    hint = forms.IntegerField(required=False, min_value=0, max_value=2**31 - 1)
    typed = forms.BooleanField(required=False)

    def quote(self) -> Quote:
        data = self.cleaned_data
        return Quote(exact=data["exact"], prefix=data["before"], suffix=data["after"], hint=data["hint"])

    @property
    def by_hand(self) -> bool:
        return self.cleaned_data["hint"] is None or bool(self.cleaned_data["typed"])

    def take(self, start: int, words: str) -> None:
        """These are the words that were meant by those that were typed."""
        self.cleaned_data["hint"], self.cleaned_data["exact"] = start, words


class HighlightForm(NoteForm, QuoteForm):
    """Words to mark, with what its reader writes beside them."""

    key = forms.CharField(required=False, max_length=40)

    def content(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("colour", "note", "tags", "key")}


class DecisionForm(forms.Form):
    """What a reader decides about a changed passage: the version of it, and the text of the article, that they saw."""

    version = forms.IntegerField(min_value=1)
    text = forms.CharField(required=False, max_length=64)


class WordsForm(QuoteForm):
    """Other words for a passage, and the version that they are chosen for."""

    version = forms.IntegerField(min_value=1)


class AddForm(forms.Form):
    """An address to save. `handed` is the page's HTML as the reader's browser has it; what is wrong with an address,
    services say."""

    url = forms.CharField(
        label=_("Link to an article"),
        max_length=4_000,
        error_messages={"required": _("Type or paste the address of a page."), "max_length": _("This is too long.")},
    )
    title = forms.CharField(required=False)
    handed = forms.CharField(
        required=False,
        strip=False,
        max_length=HANDED_MOST,
        error_messages={"max_length": _("The page is too large to be handed over: save its address alone.")},
    )

    def clean_title(self) -> str:
        return " ".join(str(self.cleaned_data["title"]).split())[:500]


class TextForm(forms.Form):
    """A text to put on the shelf. Without a kind it is recognised by its looks."""

    title = forms.CharField(label=_("Title"), required=False, max_length=500)
    kind = forms.ChoiceField(
        label=_("Kind"),
        required=False,
        choices=(
            ("", _("By its looks")),
            ("text", _("Plain text")),
            ("markdown", _("Markdown")),
            ("html", "HTML"),
        ),
    )
    text = LineEndField(
        label=_("Text"),
        strip=False,
        max_length=pasted.LONGEST,
        error_messages={"required": _("Paste or type the text first.")},
    )

    def clean_title(self) -> str:
        return " ".join(str(self.cleaned_data["title"]).split())


class Files(forms.FileField):
    """Several files, none of which is judged here."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        if not data:
            raise forms.ValidationError(_("Choose one file or more first."), code="required")
        return list(data)


class FilesInput(forms.FileInput):
    """Takes several."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class AddFilesForm(forms.Form):
    """Files to put on the shelf."""

    sent = Files(label=_("Choose files, or drop them here"), widget=FilesInput)


class ImportForm(forms.Form):
    """Another application's export."""

    file = forms.FileField(label=_("The file that you exported there"), max_length=None, allow_empty_file=True)
