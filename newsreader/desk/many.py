"""What is done to many articles at once, from their list. Each says what it did, with a button that takes it back."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from newsreader.articles.models import Article, Collection, CollectionItem, Source, Topic
from newsreader.articles.querysets import ArticleQuerySet
from newsreader.desk import briefings, duplicate_pages, duplicates, services, texts
from newsreader.desk.base import Desk, whose


class Choice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Judged by the action that needs it: of a form that isn't valid the admin says only “No action selected”."""

    def clean(self, value: Any) -> Any:
        return value


class ActionForm(helpers.ActionForm):
    """What the actions that file articles file them under."""

    topic = Choice(Topic.objects.all(), required=False, label=gettext_lazy("Topic"))
    source = Choice(Source.objects.of_the_library(), required=False, label=gettext_lazy("Source"))
    collection = Choice(Collection.objects.all(), required=False, label=gettext_lazy("Collection"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields = {
            "topic": Article._meta.get_field("topics"),
            "source": Article._meta.get_field("sources"),
            "collection": CollectionItem._meta.get_field("collection"),
        }
        for name, field in fields.items():
            chosen = self.fields[name]
            chosen.widget = AutocompleteSelect(field, admin.site, attrs={"data-placeholder": chosen.label})
            chosen.widget.choices = chosen.choices  # type: ignore[attr-defined]

    def filed(self) -> list[Any]:
        """The fields of what articles are filed under; the list shows the one that the chosen action needs."""
        return [self[name] for name in ("topic", "source", "collection")]


class ManyAtOnce(Desk[Article]):
    """The actions of the list of articles."""

    action_form = ActionForm
    actions = (
        *("publish", "withdraw", "draft"),
        *("add_topic", "remove_topic", "set_source", "collect"),
        *("clean_again", "find_duplicates"),
    )

    @admin.action(description=gettext_lazy("Publish"), permissions=["change"])
    def publish(self, request: HttpRequest, queryset: ArticleQuerySet) -> None:
        done = services.put_in_state(queryset, Article.State.PUBLISHED, by=whose(request))
        said = ngettext("{n} article published.", "{n} articles published.", len(done.changed))
        already = ngettext("{n} published already.", "{n} published already.", done.already)
        self._tell(request, done, log=_("Many at once: published."), said=said, already=already)

    @admin.action(description=gettext_lazy("Withdraw"), permissions=["change"])
    def withdraw(self, request: HttpRequest, queryset: ArticleQuerySet) -> None:
        done = services.put_in_state(queryset, Article.State.WITHDRAWN, by=whose(request))
        said = ngettext("{n} article withdrawn.", "{n} articles withdrawn.", len(done.changed))
        already = ngettext("{n} withdrawn already.", "{n} withdrawn already.", done.already)
        self._tell(request, done, log=_("Many at once: withdrawn."), said=said, already=already)

    @admin.action(description=gettext_lazy("Take back to draft"), permissions=["change"])
    def draft(self, request: HttpRequest, queryset: ArticleQuerySet) -> None:
        done = services.put_in_state(queryset, Article.State.DRAFT, by=whose(request))
        said = ngettext("{n} article is a draft now.", "{n} articles are drafts now.", len(done.changed))
        already = ngettext("{n} was one already.", "{n} were drafts already.", done.already)
        self._tell(request, done, log=_("Many at once: taken back to draft."), said=said, already=already)

    @admin.action(description=gettext_lazy("Add the topic"), permissions=["change"])
    def add_topic(self, request: HttpRequest, queryset: ArticleQuerySet) -> None:
        if topic := self._chosen(request, Topic, "topic"):
            done = services.label(queryset, topic, on=True, by=whose(request))
            n = len(done.changed)
            said = ngettext("{n} article given the topic “{name}”.", "{n} articles given the topic “{name}”.", n)
            already = ngettext("{n} had it already.", "{n} had it already.", done.already)
            log = _("Many at once: given the topic “{name}”.")
            self._tell(request, done, log=log, said=said, already=already, name=topic.name)

    @admin.action(description=gettext_lazy("Remove the topic"), permissions=["change"])
    def remove_topic(self, request: HttpRequest, queryset: ArticleQuerySet) -> None:
        if topic := self._chosen(request, Topic, "topic"):
            done = services.label(queryset, topic, on=False, by=whose(request))
            n = len(done.changed)
            said = ngettext("{n} article has the topic “{name}” no more.", "{n} have the topic “{name}” no more.", n)
            already = ngettext("{n} did not have it.", "{n} did not have it.", done.already)
            log = _("Many at once: the topic “{name}” taken off.")
            self._tell(request, done, log=log, said=said, already=already, name=topic.name)

    @admin.action(description=gettext_lazy("Set the source"), permissions=["change"])
    def set_source(self, request: HttpRequest, queryset: ArticleQuerySet) -> None:
        if source := self._chosen(request, Source, "source"):
            done = services.set_source(queryset, source, by=whose(request))
            n = len(done.changed)
            said = ngettext("{n} article has the source “{name}” now.", "{n} articles have the source “{name}” now.", n)
            already = ngettext("{n} had it alone already.", "{n} had it alone already.", done.already)
            log = _("Many at once: given the source “{name}”.")
            self._tell(request, done, log=log, said=said, already=already, name=source.name)

    @admin.action(description=gettext_lazy("Add to the collection"), permissions=["change"])
    def collect(self, request: HttpRequest, queryset: ArticleQuerySet) -> None:
        if collection := self._chosen(request, Collection, "collection"):
            try:
                done = briefings.add(collection, queryset, by=whose(request))
            except briefings.Full as error:
                self.message_user(request, str(error), messages.ERROR)
                return
            n = len(done.changed)
            said = ngettext("{n} article added to “{name}”.", "{n} articles added to “{name}”.", n)
            already = ngettext("{n} was in it already.", "{n} were in it already.", done.already)
            log = _("Many at once: added to the collection “{name}”.")
            self._tell(request, done, log=log, said=said, already=already, name=collection.name)

    @admin.action(description=gettext_lazy("Clean again"), permissions=["change"])
    def clean_again(self, request: HttpRequest, queryset: ArticleQuerySet) -> None:
        done = texts.clean_again(queryset, by=whose(request))
        n = len(done.changed)
        said = [ngettext("{n} article has a new revision.", "{n} articles have a new revision.", n).format(n=n)]
        if done.same:
            said.append(ngettext("{n} was clean.", "{n} were clean.", done.same).format(n=done.same))
        if done.refused:
            refused = ngettext(
                "{n} is too large or nested too deep.", "{n} are too large or nested too deep.", done.refused
            )
            said.append(refused.format(n=done.refused))
        if done.lost:
            lost = ngettext("{n} highlight lost its place.", "{n} highlights lost their place.", done.lost)
            said.append(lost.format(n=done.lost))
        if done.left:
            left = ngettext(
                "{n} was not looked at: clean it by itself.",
                "{n} were not looked at, as that takes too long: narrow the list (by date, say) and clean those.",
                done.left,
            )
            said.append(left.format(n=done.left))
        LogEntry.objects.log_actions(whose(request).id, done.changed, CHANGE, change_message=_("Cleaned again."))
        self.tell(request, " ".join(said), done.entry)

    @admin.action(description=gettext_lazy("Find duplicates"), permissions=["change"])
    def find_duplicates(self, request: HttpRequest, queryset: ArticleQuerySet) -> HttpResponseRedirect:
        duplicate_pages.said(self, request, duplicates.scan(queryset))
        return redirect("admin:desk_twins_changelist")

    def _chosen(self, request: HttpRequest, model: Any, field: str) -> Any:
        """What is chosen beside the action, or None, which is said."""
        key, name = request.POST.get(field, ""), request.POST.get(f"{field}_named", "").strip()
        known = model.objects.of_the_library()
        found = known.filter(pk=key).first() if key.isdecimal() and len(key) < 19 else None
        if found is None and name:  # typed, without JavaScript; of two that are called alike, neither
            alike = known.filter(name__iexact=name)[:2]
            found = alike[0] if len(alike) == 1 else None
        if found is None:
            told = _("Choose the {what} beside the action first. Nothing was changed.")
            self.message_user(request, told.format(what=model._meta.verbose_name), messages.ERROR)
        return found

    def _tell(
        self, request: HttpRequest, done: services.Done, *, log: str, said: str, already: str, name: str = ""
    ) -> None:
        LogEntry.objects.log_actions(whose(request).id, done.changed, CHANGE, change_message=log.format(name=name))
        told = [said.format(n=len(done.changed), name=name)]
        if done.already:
            told.append(already.format(n=done.already))
        self.tell(request, " ".join(told), done.entry)
