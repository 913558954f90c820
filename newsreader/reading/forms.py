"""What readers send. Forms check shape; whether words are in an article, services say."""

from typing import Any, ClassVar

from django import forms

from newsreader.annotations.models import Highlight
from newsreader.articles.models import Reading
from newsreader.core.passages import Quote
from newsreader.core.prose import LONGEST_NOTE

YES_OR_NO = (("true", "Yes"), ("false", "No"))


class StateForm(forms.Form):
    """One or more of place, unread and favourite; what isn't sent stays as it is."""

    place = forms.ChoiceField(choices=Reading.Place.choices, required=False)
    unread = forms.ChoiceField(choices=YES_OR_NO, required=False)
    favourite = forms.ChoiceField(choices=YES_OR_NO, required=False)

    SAID: ClassVar[dict[tuple[str, object], str]] = {
        ("place", "inbox"): "Moved to the inbox.",
        ("place", "later"): "Kept for later.",
        ("place", "archive"): "Archived.",
        ("unread", True): "Marked as unread.",
        ("unread", False): "Marked as read.",
        ("favourite", True): "Added to your favourites.",
        ("favourite", False): "Taken off your favourites.",
    }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not any(cleaned.values()):
            raise forms.ValidationError("Nothing to change.")
        return cleaned

    def changes(self) -> dict[str, Any]:
        told = {name: value for name, value in self.cleaned_data.items() if value}
        return {name: value if name == "place" else value == "true" for name, value in told.items()}

    def said(self) -> str:
        return " ".join(self.SAID[change] for change in self.changes().items())


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
        error_messages={"max_length": f"A note holds {LONGEST_NOTE:,} characters; this one has %(show_value)s."},
    )
    tags = forms.CharField(required=False, max_length=2_000)

    def clean_tags(self) -> list[str]:
        return [name for name in str(self.cleaned_data["tags"]).split(",") if name.strip()]


class EditForm(NoteForm):
    """A change to a highlight, and the version it was made on."""

    version = forms.IntegerField(min_value=1)


class QuoteForm(forms.Form):
    """Words of an article, and what is around them.

    With a hint they come from a selection; without, they were typed; with both a hint and `typed`, its writer was
    asked which of several places is meant, and the hint is the answer.
    """

    exact = LineEndField(strip=False, max_length=1_000_000, error_messages={"required": "Type the words to mark."})
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
