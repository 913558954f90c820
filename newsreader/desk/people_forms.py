"""The forms for accounts and invitations."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from newsreader.accounts.models import Invitation, User
from newsreader.accounts.roles import Role, role_of
from newsreader.desk.curators import WORDS

if TYPE_CHECKING:
    UserForm = forms.ModelForm[User]
    OfInvitation = forms.ModelForm[Invitation]
else:  # not subscriptable at run time
    UserForm = OfInvitation = forms.ModelForm

WHO = ("username", "first_name", "last_name", "email")
MORE = ("is_superuser", "groups", "user_permissions")
GRANTS = ("role", *MORE)


def _explained() -> list[tuple[str, str]]:
    """Each role with what it may do."""
    return [(role.value, format_html("<span><b>{}.</b> {}</span>", role.label, WORDS[role])) for role in Role]


def roles() -> forms.ChoiceField:
    """Empty is what they were; a page that doesn't show it changes nothing."""
    return forms.ChoiceField(
        label=gettext_lazy("Role"), choices=_explained, required=False, widget=forms.RadioSelect, initial=Role.READER
    )


class ReaderForm(UserForm):
    role = roles()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if self.instance.pk:
            self.initial["role"] = role_of(self.instance).value
            if "groups" in self.fields:
                self.initial["groups"] = list(self.instance.groups.exclude(name__in=Role.values))

    def clean(self) -> dict[str, Any]:
        """The last operator stays: without one nobody could make another."""
        cleaned = super().clean() or self.cleaned_data
        before = User.objects.filter(pk=self.instance.pk, is_superuser=True, is_active=True).exists()
        after = cleaned.get("is_superuser", self.instance.is_superuser)
        others = User.objects.exclude(pk=self.instance.pk).filter(is_superuser=True, is_active=True)
        if before and not after and not others.exists():
            raise forms.ValidationError(_("This is the last operator: make another one first."))
        return cleaned


class InvitationForm(OfInvitation):
    role = roles()

    def clean_role(self) -> str:
        return str(self.cleaned_data["role"] or Role.READER)
