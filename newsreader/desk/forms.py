"""The article's form: its text as HTML, cleaned like everything that comes in, and guarded against two editors.

An edit that would lose readers' highlights is held once, with what it does; saved again as it is, it goes through.
"""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib.admin import helpers
from django.contrib.admin.widgets import AdminTextareaWidget
from django.db.models import Model
from django.http import QueryDict

from newsreader.annotations.forecast import forecast
from newsreader.articles.models import Article, Topic
from newsreader.core.clean import TooDeep, TooLarge, clean
from newsreader.desk.preview import Preview, cleaning, seen

if TYPE_CHECKING:
    ArticleModelForm = forms.ModelForm[Article]
else:  # not subscriptable at run time
    ArticleModelForm = forms.ModelForm


class ArticleActionForm(helpers.ActionForm):
    """The topic for the action that adds one."""

    topic = forms.ModelChoiceField(Topic.objects.all(), required=False, empty_label="Topic…", label="Topic")


class HtmlField(forms.CharField):
    """Browsers send a text area's line ends as CR LF; canonical HTML has LF."""

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class HtmlArea(AdminTextareaWidget):
    def __init__(self, **attrs: Any) -> None:
        super().__init__({"rows": 28, "dir": "auto", "class": "vLargeTextField desk-text", **attrs})


def stamp(article: Article) -> str:
    """Changes with every save of the article: what a form was opened on."""
    return f"{article.content_hash[:12]} {article.changed.isoformat()}"


class ArticleForm(ArticleModelForm):
    """Its model fields are named by the admin; these come on top."""

    body = HtmlField(
        label="Text", widget=HtmlArea(), help_text="HTML. Saving cleans it and carries readers’ highlights over."
    )
    # The text that somebody else saved meanwhile, shown beside the one that is being edited.
    present = forms.CharField(label="The text as it is now", required=False, disabled=True, widget=forms.HiddenInput())
    reason = forms.CharField(
        label="Reason for the change",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="Kept with the revision, if the text changes.",
    )
    opened_on = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflict = False
        self.preview: Preview | None = None
        self._opened_on = ""
        if not self.instance.pk or "opened_on" not in self.fields:
            return
        self._opened_on = stamp(self.instance)
        self.initial.update(body=self.instance.html, opened_on=self._opened_on)
        if self.is_bound and self.data.get(self.add_prefix("opened_on")) != stamp(self.instance):
            self._stand_beside()

    def _stand_beside(self) -> None:
        """Shows the present text, and lets the next save replace it: its editor will have seen it."""
        self.conflict = True
        self.initial["present"] = self.instance.html
        self.fields["present"].widget = HtmlArea(readonly=True)
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("opened_on")] = stamp(self.instance)
        self.data = data

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if body := cleaned.get("body"):
            try:
                cleaned["body"] = clean(body, base_url=cleaned.get("address") or "")
            except (TooLarge, TooDeep) as error:
                self.add_error("body", str(error))
            else:
                if not cleaned["body"]:
                    self.add_error("body", "No words are left of it once it is cleaned.")
                elif self.instance.pk:
                    self.preview = self._foresee(body, cleaned["body"])
        if self.conflict:
            self.add_error(None, self._said())
        return cleaned

    def is_valid(self) -> bool:
        """Not while it is only looked at, nor on the first save of an edit that loses highlights."""
        return super().is_valid() and not (self.looking or self.asks)

    @property
    def looking(self) -> bool:
        """Whether a button was pressed that shows and doesn't save."""
        return bool(self.instance.pk) and not {"_preview", "_read"}.isdisjoint(self.data)

    @property
    def asks(self) -> bool:
        """Whether it holds an edit back because it loses highlights, and nobody has been told yet."""
        preview = self.preview
        return bool(preview and preview.loses and self.data.get("seen") != preview.seen)

    def _foresee(self, body: str, html: str) -> Preview:
        same = html == self.instance.html
        does = None if same else forecast(self.instance, html)
        return Preview(html, does, cleaning(body, html), seen(self._opened_on, html, does))

    def _said(self) -> str:
        """What happened, in words, and which of the other fields differ."""
        last = self.instance.revisions.select_related("editor").defer("html").first()
        who = f" The newest revision is by {last.editor.name}." if last and last.editor else ""
        other = [
            f"{self.fields[name].label}: {_shown(self.initial.get(name))}"
            for name in self.changed_data
            if name not in {"body", "present", "reason", "opened_on"}
        ]
        return (
            f"This article was saved since you opened it.{who} Nothing of yours is lost: your text stands below, "
            "the present one beside it. Saving again puts yours in its place."
            + (f" What else is different there now: {'; '.join(other)}." if other else "")
        )


def _shown(value: Any) -> str:
    """A form's initial value in words."""
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value) or "none"
    if isinstance(value, Model):
        return str(value)
    return f"“{value}”" if value not in {None, ""} else "empty"
