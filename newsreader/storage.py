"""Static files under hashed, compressed names, JavaScript modules' imports of each other included."""

import re
from collections.abc import Callable
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage; it also rewrites `import … from "./x.js"` to the hashed name."""

    support_js_module_import_aggregation = True

    def url_converter(
        self, name: str, hashed_files: dict[str, Any], *rest: Any, **more: Any
    ) -> Callable[[re.Match[str]], str]:
        """Leave htmx's files as they are: they import nothing, but name a module in a comment that isn't there."""
        if name.startswith("django_htmx/"):
            return lambda match: match[0]
        converter: Callable[[re.Match[str]], str] = super().url_converter(name, hashed_files, *rest, **more)
        return converter
