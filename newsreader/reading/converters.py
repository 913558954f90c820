"""Parts of addresses that Django's own converters don't know."""


class SlugConverter:
    """A slug with the letters of any language, as slugify(allow_unicode=True) makes them."""

    regex = r"[-\w]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
