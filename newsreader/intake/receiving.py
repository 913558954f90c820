"""How much is received in one request with files: Django itself limits everything but the files' bytes.

Only who is signed in may send large files; where a request is too large, the rest of it is not kept.
"""

import time
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

_CHUNK = 65_536
_PATIENCE = 10  # seconds
_DRAINED = 8  # times the limit


class Limited(FileUploadHandler):
    """The first of FILE_UPLOAD_HANDLERS: refuses a request that is larger than its sender may send."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Mapping[str, Any],  # noqa: N803 - Django's own name
        content_length: int,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        limit = most(self.request)
        if content_length > limit:
            _drain(input_data, _DRAINED * limit)
            raise RequestDataTooBig(f"More than {limit} bytes of files in one request.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data  # the next handler keeps it

    def file_complete(self, file_size: int) -> None:
        return None


def most(request: HttpRequest | None) -> int:
    """How many bytes this request may have."""
    user = getattr(request, "user", None)
    limit: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    if user and user.is_authenticated:
        limit = settings.UPLOAD_MOST if user.is_staff else settings.READER_UPLOAD_MOST
    return limit


def _drain(stream: Any, most: int) -> None:
    """Reads what comes and forgets it: a browser that is cut off while it sends shows no answer at all."""
    until = time.monotonic() + _PATIENCE
    while most > 0 and time.monotonic() < until and (chunk := stream.read(_CHUNK)):
        most -= len(chunk)
