"""Static files as they are served: small, under hashed names, compressed; modules' imports of each other included.

The sources stay as they are written, and are what NEWSREADER_DEBUG serves. Only comments and white space go, and a
stylesheet that is a list of `@import`s becomes one file.
"""

import hashlib
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from rcssmin import cssmin
from rjsmin import jsmin
from whitenoise.storage import CompressedManifestStaticFilesStorage

OURS = ("css/", "js/")
IMPORTED_SHEET = re.compile(r'@import "([\w/.-]+)";')
RELATIVE = re.compile(r'url\("(\.[^"]+)"\)')
# In `.a :is(.b)` the space counts, but cssmin knows that in no @layer, and takes it out; in `.a *:is(.b)` it doesn't.
DESCENDANT = re.compile(r"(?<=[\w)\]*]) +(?=::?[a-z])")
IMPORTED_MODULE = re.compile(r'^(?:import|export)\b[^"(;]*"\./([\w-]+\.js)";', re.MULTILINE)


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage; it also makes our files small and rewrites `import … from "./x.js"` to the hashed name."""

    support_js_module_import_aggregation = True
    _modules = ""  # the hash over all of them

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Between the copying and the hashing, make ours small, and have them read from where they are."""
        if not dry_run:
            # Read as they were written, not from the copies, which an interrupted run may have made small already.
            sources = {name: paths[name][0].path(paths[name][1]) for name in sorted(paths) if name.startswith(OURS)}
            small = {name: shrink(Path(source)) for name, source in sources.items()}
            for name, text in small.items():
                Path(self.path(name)).write_text(text)
            paths = {**paths, **{name: (self, name) for name in small}}
            modules = "\n".join(text for name, text in small.items() if name.startswith("js/"))
            self._modules = hashlib.sha256(modules.encode()).hexdigest()[:12]
        yield from super().post_process(paths, dry_run=dry_run, **options)  # type: ignore[no-untyped-call]

    def file_hash(self, name: str, content: Any = None) -> str | None:
        """All modules share one hash, over all of them: so they may import each other in a circle."""
        if self._modules and name is not None and name.startswith("js/"):
            return self._modules
        own: str | None = super().file_hash(name, content)
        return own

    def url_converter(
        self, name: str, hashed_files: dict[str, Any], *rest: Any, **more: Any
    ) -> Callable[[re.Match[str]], str]:
        """Leave htmx's files as they are: they import nothing, but name a module in a comment that isn't there."""
        if name.startswith("django_htmx/"):
            return lambda match: match[0]
        converter: Callable[[re.Match[str]], str] = super().url_converter(name, hashed_files, *rest, **more)
        return converter


def shrink(path: Path) -> str:
    """A script or stylesheet without comments and white space."""
    if path.suffix == ".css":
        return str(cssmin(DESCENDANT.sub(" *", whole(path))))
    return str(jsmin(path.read_text()))


def whole(sheet: Path) -> str:
    """A stylesheet with those that it imports in their places; the addresses in them hold from where it lies."""

    def taken_in(found: re.Match[str]) -> str:
        other = sheet.parent / found[1]
        moved = lambda address: f'url("{os.path.relpath(other.parent / address[1], sheet.parent)}")'  # noqa: E731
        return RELATIVE.sub(moved, whole(other))

    return IMPORTED_SHEET.sub(taken_in, sheet.read_text())


def modules(entry: str) -> list[str]:
    """The modules that `entry` (as in "js/reader.js") imports, and those that they import: what a page waits for."""
    folder = settings.BASE_DIR / "static/js"
    found = [entry.removeprefix("js/")]
    for name in found:  # grows as it goes
        found += [other for other in IMPORTED_MODULE.findall((folder / name).read_text()) if other not in found]
    return [f"js/{name}" for name in found[1:]]
