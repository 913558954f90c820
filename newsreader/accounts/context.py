"""What the <html> tag of every page says of whoever looks at it."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from newsreader.accounts.models import User
from newsreader.accounts.preferences import Preferences, on_this_device


def look(request: HttpRequest) -> dict[str, Any]:
    """`look`: the reader's preferences, or those of a visitor's device. Asked for only where a template uses it.

    `notes_at_desk`: whether the operator of this library can read notes, which readers are told.
    """

    def made() -> Preferences:
        user = getattr(request, "user", None)
        return user.preferences if isinstance(user, User) else on_this_device(request)

    return {"look": made, "notes_at_desk": settings.NOTES_AT_DESK}
