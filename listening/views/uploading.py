"""Stops an upload that is larger than it may be, before it fills the disk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

A_LITTLE = 1_000_000  # the form around the file


class Measured(FileUploadHandler):
    """First in the row of upload handlers: counts what comes, and keeps nothing itself.

    `was_too_large` says afterwards why no file came. A body of up to twice the limit is read to its end, so that the
    browser hears the answer; a longer one is cut off.
    """

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.limit = settings.IMPORT_MAX_MB * 1_000_000
        self.n_bytes = 0
        self.was_too_large = self.is_absurd = False

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, Any],  # noqa: N803  (Django's name)
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self.was_too_large = content_length > self.limit + A_LITTLE
        self.is_absurd = content_length > 2 * self.limit + A_LITTLE

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        if self.was_too_large:
            raise StopUpload(connection_reset=self.is_absurd)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.n_bytes += len(raw_data)
        if self.n_bytes > self.limit:
            self.was_too_large = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
