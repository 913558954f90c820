"""Forms of the accounts' pages. What is wrong stands beside its field, except at sign-in, which doesn't say what."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from newsreader.accounts.models import User

EMPTY = _("Enter your username and your password.")
WRONG = _("The username and the password don’t belong together. Check both and try again.")
TAKEN = _("Somebody here has that name. Choose another one.")
LONGEST_PASSWORD = 1000
# What settings.AUTH_PASSWORD_VALIDATORS ask for, in one breath.
ASKS = _("At least 8 characters. Not only digits, not like your name, and none of the common ones.")


def _password(label: Any, autocomplete: str, **more: Any) -> forms.CharField:
    attrs = {"class": "input", "autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
    widget = forms.PasswordInput(attrs=attrs)
    return forms.CharField(label=label, strip=False, max_length=LONGEST_PASSWORD, widget=widget, **more)


def _new_password() -> forms.CharField:
    return _password(_("Password"), "new-password", help_text=ASKS)


def _username() -> UsernameField:
    attrs = {"class": "input", "spellcheck": "false"}
    return UsernameField(label=_("Username"), max_length=150, widget=forms.TextInput(attrs=attrs))


class SignInForm(forms.Form):
    """Username and password; one sentence above them says that they were refused."""

    username = _username()
    password = _password(_("Password"), "current-password")
    remember = forms.BooleanField(label=_("Stay signed in on this device"), required=False)
    sentence = ""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        named = self.is_bound or self.initial.get("username")
        self.fields["password" if named else "username"].widget.attrs["autofocus"] = True

    def refuse(self, sentence: str) -> None:
        """Puts the sentence above the form, and ties both fields to it: neither alone is the wrong one."""
        self.sentence = sentence
        for name in ("username", "password"):
            self.fields[name].widget.attrs |= {"aria-invalid": "true", "aria-describedby": self.sentence_id}

    @property
    def sentence_id(self) -> str:
        return str(self.auto_id) % "sentence"


class NewAccountForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable at run time
    """A name that is free and a password that is not too easy; saves nothing itself: `account()` is the new reader."""

    username = _username()
    password = _new_password()

    class Meta:
        model = User
        fields = ("username",)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        _validate(self, "password", self.instance)

    def account(self) -> User:
        """The reader to save."""
        user: User = self.instance
        user.set_password(self.cleaned_data["password"])
        return user


class NewPasswordForm(forms.Form):
    """A password for the reader of a one-time link."""

    password = _new_password()

    def __init__(self, user: User, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.user = user

    def clean(self) -> None:
        _validate(self, "password", self.user)


class PresentPasswordForm(forms.Form):
    """Asks for the password once more. Judged by the view, which counts attempts."""

    current = _password(_("Present password"), "current-password")


class ChangePasswordForm(NewPasswordForm):
    """The same, by someone who knows the present one. That is judged by the view, which counts attempts."""

    current = _password(_("Present password"), "current-password")
    password = _password(_("New password"), "new-password", help_text=ASKS)
    field_order = ("current", "password")


def _languages() -> list[tuple[str, Any]]:
    return [("", _("As the browser says")), *settings.LANGUAGES]


class ProfileForm(forms.Form):
    """What a page calls its reader, and the language it speaks."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        required=False,
        help_text=_("What pages call you. Empty: your username."),
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "name", "dir": "auto"}),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=_languages,
        required=False,
        widget=forms.Select(attrs={"class": "input"}),
    )


def _validate(form: forms.BaseForm, field: str, user: User) -> None:
    if password := form.cleaned_data.get(field):
        try:
            validate_password(password, user)
        except ValidationError as error:
            form.add_error(field, error)
