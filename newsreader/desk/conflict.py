"""Two curators at one article: what the second one typed beside what stands there now, and nothing of it lost."""

import json
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.forms import BaseForm
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from newsreader.articles.models import Article
from newsreader.core.told import differences

# What of a form is a curator's own words and choices; a moment is two fields.
TYPED = (
    *("title", "standfirst", "byline", "body", "written_in", "reason", "state", "published_0", "published_1"),
    *("language", "address", "sources", "topics"),
)
_BESIDE_THE_TEXT = {"body", "written_in", "was_in", "present", "reason", "opened_on", "kept"}


@dataclass(frozen=True, slots=True)
class Differs:
    """A field with two values: as it was typed, and as it stands there now."""

    label: str
    typed: str
    present: str


def keep(data: QueryDict) -> str:
    """What was typed into a form, to travel in the next one."""
    return json.dumps({name: data.getlist(name) for name in TYPED if name in data}, ensure_ascii=False)


def kept(written: str) -> QueryDict | None:
    """What `keep` wrote, as a form sends it; None for anything else."""
    try:
        found = json.loads(written)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    data = QueryDict(mutable=True)
    for name, values in found.items():
        if name in TYPED and isinstance(values, list) and all(isinstance(value, str) for value in values):
            data.setlist(name, values)
    return data if "body" in data else None


def differing(form: BaseForm) -> list[Differs]:
    """The fields besides the text in which a bound form and what is stored are different."""
    return [
        Differs(
            str(form.fields[name].label),
            shown(form, name, form.cleaned_data.get(name, form.data.get(name, ""))),
            shown(form, name, form.initial.get(name)),
        )
        for name in form.changed_data
        if name not in _BESIDE_THE_TEXT
    ]


def shown(form: BaseForm, name: str, value: Any) -> str:
    """A field's value in words."""
    if choices := dict(getattr(form.fields[name], "choices", ()) if name == "state" else ()):
        return str(choices.get(value, value))
    if isinstance(value, str) or value is None:
        return value or _("empty")
    if hasattr(value, "tzinfo"):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    return ", ".join(sorted(str(one) for one in value)) or _("none")


def last_saved(article: Article) -> str:
    """Who saved an article last, and when, in a sentence; "" if nobody at the desk did."""
    here = ContentType.objects.get_for_model(Article)
    done = LogEntry.objects.filter(content_type=here, object_id=str(article.pk)).select_related("user")
    if last := done.order_by("-action_time", "-pk").first():
        when = date_format(timezone.localtime(last.action_time), "SHORT_DATETIME_FORMAT")
        return _("It was saved last by {name}, {when}.").format(name=last.user.name, when=when)
    return ""


def clash(form: Any) -> dict[str, Any]:
    """What the page of a form shows of what another curator saved: the differences, or what was laid aside for it."""
    if form.conflict:
        text = differences(form.instance.html, form.preview.html) if form.preview else []
        return {"conflict": True, "differing": differing(form), "blocks": text}
    if aside := form.aside:
        return {"aside": aside, "aside_text": aside.get("body", ""), "aside_fields": _plain(form, aside)}
    return {}


def _plain(form: Any, aside: QueryDict) -> list[tuple[str, str]]:
    """The words and choices that were laid aside, besides the text, where they are others than the stored ones."""
    found = []
    for name in ("title", "standfirst", "byline", "state", "language", "address", "reason"):
        value = aside.get(name, "")
        if name in form.fields and value != (form.initial.get(name) or ""):
            found.append((str(form.fields[name].label), shown(form, name, value)))
    return found
