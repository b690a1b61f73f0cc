"""One style sheet from many: `collectstatic` puts imported files in place of the `@import` lines of site.css.

The sources stay one file a component and need no build: site.css with its imports is what a browser gets while
DEBUG is on. On a real site the same file arrives whole, in one request, hashed and compressed by whitenoise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import Any

from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

SHEET = "css/site.css"
IMPORT = re.compile(r'^@import url\("(?P<path>[^"]+)"\) layer\((?P<layer>\w+)\);$', re.MULTILINE)
COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)


def bundled(read: Callable[[str], str], sheet: str = SHEET) -> str:
    """The text of `sheet` with each import replaced by that file in its layer, comments left out.

    read: gives the text of a static file by its name. Addresses inside an imported file keep their meaning because
    only `fonts.css`, beside the sheet itself, holds any.
    """
    folder = PurePosixPath(sheet).parent

    def inlined(found: re.Match[str]) -> str:
        return f"@layer {found['layer']} {{\n{read(str(folder / found['path'])).strip()}\n}}"

    return COMMENT.sub("", IMPORT.sub(inlined, read(sheet)))


def read_source(name: str) -> str:
    """A static file as it lies in the source tree."""
    path = finders.find(name)
    if not path:
        raise FileNotFoundError(f"{name} is imported by {SHEET} and is in no static folder.")
    with open(path, encoding="utf-8") as file:  # noqa: PTH123  (finders answer a plain string)
        return file.read()


class BundlingStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's hashed and compressed files, with the style sheet in one piece."""

    def post_process(
        self, paths: dict[str, tuple[Any, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool | Exception]]:
        if SHEET in paths and not dry_run:
            self.delete(SHEET)
            self._save(SHEET, ContentFile(bundled(read_source).encode()))
            paths = {**paths, SHEET: (self, SHEET)}
        yield from super().post_process(paths, dry_run, **options)
