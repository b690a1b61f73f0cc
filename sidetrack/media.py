"""`/media/…`: covers, avatars and share images, sent by the web process.

File names change with their content (see the fields that write them), so browsers may keep each for a year. Only
pictures of the listed kinds are sent, and only from under MEDIA_ROOT.
"""

from __future__ import annotations

import stat
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseNotFound, HttpResponseNotModified
from django.utils.cache import get_conditional_response
from django.utils.http import http_date, quote_etag
from django.views.decorators.http import require_safe

KINDS = {".webp": "image/webp", ".png": "image/png", ".jpg": "image/jpeg", ".svg": "image/svg+xml"}
A_YEAR = "public, max-age=31536000, immutable"


@require_safe
def serve(request: HttpRequest, path: str) -> HttpResponseBase:
    file = locate(path)
    if file is None:  # a picture's place needs no page
        return HttpResponseNotFound("No such file.", content_type="text/plain")
    facts = file.stat()
    etag = quote_etag(f"{facts.st_mtime_ns:x}-{facts.st_size:x}")
    headers = {
        "Cache-Control": A_YEAR,
        "ETag": etag,
        "Last-Modified": http_date(facts.st_mtime),
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",  # an SVG opened by itself
    }
    unchanged = get_conditional_response(request, etag=etag, last_modified=int(facts.st_mtime))
    if isinstance(unchanged, HttpResponseNotModified):
        for name, value in headers.items():
            unchanged[name] = value
        return unchanged
    return FileResponse(file.open("rb"), content_type=KINDS[file.suffix.lower()], headers=headers)


def locate(path: str) -> Path | None:
    """The picture that `path` names: never outside MEDIA_ROOT, through no link, no hidden file, no folder."""
    parts = PurePosixPath(path).parts
    if "\0" in path or "\\" in path or any(part.startswith((".", "/")) for part in parts):
        return None
    file = Path(settings.MEDIA_ROOT).resolve().joinpath(*parts)
    try:
        is_ours = file.resolve() == file and stat.S_ISREG(file.stat().st_mode)
    except OSError:
        return None
    return file if is_ours and file.suffix.lower() in KINDS else None
