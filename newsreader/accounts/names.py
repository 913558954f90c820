"""One spelling for user names that a person would take for the same: “Ada”, “ada” and “ＡＤＡ” are one account."""

import unicodedata
from typing import Any

from django.db import models


def fold(username: str) -> str:
    """NFKC and without case. Two accounts never have the same answer.

    In Python and not with LOWER(): SQLite knows only the case of ASCII letters.
    """
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", username).casefold())


class FoldedField(models.CharField):  # type: ignore[type-arg]  # not subscriptable at run time
    """Always the folded `username` of its row, however the row is written: one by one or in bulk."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        folded = fold(getattr(model_instance, "username"))  # noqa: B009 - any user model has one
        setattr(model_instance, self.attname, folded)
        return folded
