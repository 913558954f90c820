"""Columns that need more than Django's own."""

from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    TextField = models.TextField[str, str]
else:  # not subscriptable at run time
    TextField = models.TextField


class LongTextField(TextField):
    """A text of many pages, which stands last in its row whatever is added to the table later.

    SQLite reads a row from its beginning: to know the owner of an article whose column came behind the text, it went
    through every page of that text. Django orders columns by this counter, also where it makes a table anew.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.creation_counter += 1_000_000
