"""A sentence for a person, said by code that knows no language."""

from collections.abc import Mapping
from typing import Any

Value = str | int | float


class Sentence(str):
    """English, as a str; `form` with `values` is what it is said from in another language (newsreader.language).

    A whole number is a count, a fraction a share of one.
    """

    form: str
    values: Mapping[str, Value]

    def __new__(cls, form: str, /, **values: Value) -> "Sentence":
        shown = {name: _english(value) for name, value in values.items()}
        said = super().__new__(cls, form.format(**shown) if shown else form)
        said.form, said.values = form, values
        return said

    @property
    def plain(self) -> dict[str, object]:
        """As it is kept in a database, in no language."""
        return {"form": self.form, "values": dict(self.values)}

    @classmethod
    def again(cls, plain: Mapping[str, Any]) -> "Sentence":
        """The sentence of which `plain` is kept."""
        return cls(plain["form"], **plain["values"])

    @classmethod
    def of(cls, error: Exception) -> "Sentence":
        """What an error that is for a person says."""
        said = error.args[0] if error.args else ""
        return said if isinstance(said, cls) else cls(str(said).replace("{", "{{").replace("}", "}}"))


def _english(value: Value) -> str:
    if isinstance(value, float):
        return f"{value:.0%}"
    return f"{value:,}" if isinstance(value, int) else value
