"""The article's form: its text as Markdown or HTML, cleaned like everything that comes in, and guarded against two
editors. An edit that would lose readers' highlights is held once, with what it does; saved again as it is, it goes
through. What is typed is read as it says beside it; a text is never converted unless that was asked for.
"""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsreader.annotations.forecast import forecast
from newsreader.articles.models import Article
from newsreader.core.clean import TooDeep, TooLarge, clean
from newsreader.desk import conflict, writing
from newsreader.desk.preview import Preview, cleaning, seen
from newsreader.desk.writing import Written
from newsreader.language import worded

if TYPE_CHECKING:
    ArticleModelForm = forms.ModelForm[Article]
else:  # not subscriptable at run time
    ArticleModelForm = forms.ModelForm

UNSAYABLE = gettext_lazy("Markdown can’t say all of this text, so it stays HTML.")
# Buttons that show something and save nothing.
LOOKING = frozenset({"_preview", "_read", "_convert", "_mine", "_look"})


class TextField(forms.CharField):
    """Browsers send a text area's line ends as CR LF; canonical HTML has LF."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class TextArea(AdminTextareaWidget):
    def __init__(self, **attrs: Any) -> None:
        super().__init__({"rows": 28, "dir": "auto", "class": "vLargeTextField desk-text", **attrs})


def stamp(article: Article) -> str:
    """Changes with every save of the article: what a form was opened on."""
    return f"{article.content_hash[:12]} {article.changed.isoformat()}"


class ArticleForm(ArticleModelForm):
    """Its model fields are named by the admin; these come on top."""

    prefers: str = Written.HTML  # how a text that stands already is opened; the admin says how its curator last wrote

    written_in = forms.ChoiceField(
        label=gettext_lazy("Written in"),
        choices=Written,
        initial=Written.MARKDOWN,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "desk-ways"}),
    )
    body = TextField(
        label=gettext_lazy("Text"),
        widget=TextArea(),
        help_text=gettext_lazy("Saving cleans it and carries readers’ highlights over."),
    )
    # The text that somebody else saved meanwhile, shown beside the one that is being edited.
    present = forms.CharField(
        label=gettext_lazy("The text as it is now"), required=False, disabled=True, widget=forms.HiddenInput()
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason for the change"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("Kept in the history."),
    )
    opened_on = forms.CharField(label="", required=False, widget=forms.HiddenInput())
    # How the text was written when the form was shown; empty if there was none.
    was_in = forms.CharField(label="", required=False, widget=forms.HiddenInput())
    # What a second editor had typed and laid aside, as JSON.
    kept = forms.CharField(label="", required=False, strip=False, widget=forms.HiddenInput())

    def __init__(self, data: Any = None, files: Any = None, *args: Any, **kwargs: Any) -> None:
        aside = ""
        if data is not None and "_theirs" in data:  # goes on from what is stored
            aside, data, files = conflict.keep(data), None, None
        elif data is not None and "_mine" in data and (mine := conflict.kept(data.get("kept", ""))):
            mine["_mine"], mine["opened_on"] = "1", data.get("opened_on", "")
            data = mine
        super().__init__(data, files, *args, **kwargs)
        for name in {"title", "standfirst", "byline"} & set(self.fields):
            self.fields[name].widget.attrs["dir"] = "auto"
        self.before = dict(self.initial)  # as it is stored: what is typed is put into `instance` later
        self.conflict = self.read_otherwise = False
        self.preview: Preview | None = None
        self.problem = self._opened_on = ""
        if self.instance.pk and "opened_on" in self.fields:
            self._opened_on = stamp(self.instance)
            self.initial.update(opened_on=self._opened_on, kept=aside)
            if not self.is_bound:
                self._open()
        if self.is_bound and isinstance(self.data, QueryDict):
            self._take()

    def _open(self) -> None:
        """Shows the text that is stored, written as its curator last wrote, where that can be."""
        said = writing.said_in(self.instance.html, self.prefers)
        way = self.prefers if said is not None else Written.HTML
        body = self.instance.html if said is None else said
        self.initial.update(body=body, written_in=way, was_in=way)

    def _take(self) -> None:
        """Reads how the text is written and on what it was opened, and says so anew for the next time."""
        data = self.data = self.data.copy()  # type: ignore[attr-defined]
        data.setdefault("written_in", Written.HTML)
        was_in = data.get("was_in", "")
        if "_convert" in data and was_in:
            self._convert(was_in, data["written_in"])
        elif was_in in Written.values:
            self.read_otherwise = was_in != data["written_in"]
        data["was_in"] = data["written_in"] if data.get("body", "").strip() else ""
        if self._opened_on and data.get("opened_on") != self._opened_on:
            self.conflict = True
            # It stands beside, and the next save may replace it: its editor will have seen it.
            self.initial["present"] = self.instance.html
            self.fields["present"].widget = TextArea(readonly=True)
            data["opened_on"] = self._opened_on

    def _convert(self, was_in: str, into: str) -> None:
        data = self.data
        typed = data.get("body", "").replace("\r\n", "\n")
        try:
            said = writing.converted(typed, was_in, into, base_url=data.get("address", ""))
        except (TooLarge, TooDeep):
            said = None
        self.problem = "" if said is not None else str(UNSAYABLE)
        data["body"], data["written_in"] = (typed, was_in) if said is None else (said, into)  # type: ignore[index]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["written_in"] = cleaned.get("written_in") or Written.HTML
        if body := cleaned.get("body"):
            try:
                cleaned["body"] = self._read(body, cleaned["written_in"], cleaned.get("address") or "")
            except (TooLarge, TooDeep) as error:
                self.add_error("body", worded(error))
        if self.problem:
            self.add_error("written_in", self.problem)
        if self.conflict:
            self.add_error(None, self._said())
        return cleaned

    def is_valid(self) -> bool:
        """Not while it is only looked at, nor on the first save of an edit that asks."""
        return super().is_valid() and not (self.looking or self.asks)

    @property
    def looking(self) -> bool:
        """Whether a button was pressed that shows and doesn't save."""
        return not LOOKING.isdisjoint(self.data)

    @property
    def asks(self) -> bool:
        """Whether it holds an edit back, because it loses highlights or its text is read otherwise than it was, and
        nobody has been told yet."""
        preview = self.preview
        asking = bool(self.instance.pk and preview and (preview.loses or self.read_otherwise))
        return asking and preview is not None and self.data.get("seen") != preview.seen

    @property
    def aside(self) -> QueryDict | None:
        """What its editor had typed and laid aside for the text that is stored."""
        return conflict.kept(str(self["kept"].value() or "")) if "kept" in self.fields else None

    def _read(self, body: str, written_in: str, address: str) -> str:
        """The text as it will be stored; what saving it does is foreseen."""
        raw = writing.as_html(body, written_in)
        html = clean(raw, base_url=address)
        if not html:
            self.add_error("body", _("No words are left of it once it is cleaned."))
            return html
        changes = bool(self.instance.pk) and html != self.instance.html
        does = forecast(self.instance, html) if changes else None
        said = cleaning(raw, html, typed=body)
        self.preview = Preview(html, does, said, seen(self._opened_on, html, does))
        return html

    def _said(self) -> str:
        """What happened, in words."""
        return " ".join(
            said
            for said in (
                _("This article was saved since you opened it."),
                conflict.last_saved(self.instance),
                _("Nothing of yours is lost: it stands in the form. Saving again puts it in the place of theirs."),
            )
            if said
        )
