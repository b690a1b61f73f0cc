"""Cover Art Archive: https://musicbrainz.org/doc/Cover_Art_Archive/API

Its answers are redirects to archive.org, so everything goes through `fetch_public`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings

from catalog.clients.remembering import remembered
from sidetrack.http import MEGABYTE, NotThere, OddReply, Reply, fetch_public

INDEXES_LAST = timedelta(days=7)
LARGEST_PICTURE = 15 * MEGABYTE


@dataclass(frozen=True)
class CoverImage:
    """One picture; addresses of the sizes that exist, 0 for the original."""

    is_front: bool
    is_approved: bool
    addresses: tuple[tuple[int, str], ...]

    def address_for(self, size: int) -> str:
        """The smallest file that is at least `size` pixels wide, else the original."""
        large_enough = sorted(each for each in self.addresses if each[0] >= size)
        return large_enough[0][1] if large_enough else dict(self.addresses).get(0, self.addresses[-1][1])


def read_images(body: Any) -> tuple[CoverImage, ...]:
    """The pictures of an index; pictures without any address are left out. Thumbnails are keyed by width or by name."""
    images = body.get("images") if isinstance(body, dict) else None
    read = []
    for image in images if isinstance(images, list) else []:
        if not isinstance(image, dict):
            continue
        thumbnails = image.get("thumbnails")
        sizes = list(thumbnails.items()) if isinstance(thumbnails, dict) else []
        named = {"small": 250, "large": 500}
        addresses: dict[int, str] = {}
        for name, address in [*sizes, ("0", image.get("image"))]:
            size = named.get(str(name)) or (int(name) if str(name).isdigit() else None)
            if size is not None and isinstance(address, str) and address:
                addresses[size] = address
        if addresses:
            types = image.get("types") or []
            is_front = bool(image.get("front")) or "Front" in types
            read.append(
                CoverImage(is_front, image.get("approved") is not False, tuple(sorted(addresses.items(), reverse=True)))
            )
    return tuple(read)


class CoverArtArchive:
    def __init__(self, *, now: datetime) -> None:
        self.now = now

    def front_of(self, release_group: UUID, *, size: int) -> bytes:
        """The front cover that stands for an album, at least `size` wide where there is one so large."""
        path = f"/release-group/{release_group}"
        action, subject = "find the cover of", str(release_group)
        body = remembered(
            service="coverart",
            path=path,
            params={},
            ask=lambda: self._fetch(settings.COVERART_URL + path, action, subject, "application/json", 2 * MEGABYTE),
            now=self.now,
            keep_for=INDEXES_LAST,
        )
        fronts = sorted((image for image in read_images(body) if image.is_front), key=lambda each: not each.is_approved)
        if not fronts:
            raise NotThere(f"The Cover Art Archive has no front cover of {release_group}.")
        return self._fetch(fronts[0].address_for(size), action, subject, "image/*", LARGEST_PICTURE).content

    def _fetch(self, address: str, action: str, subject: str, accept: str, max_bytes: int) -> Reply:
        if address.startswith("http://") and not address.startswith(settings.COVERART_URL):
            address = "https://" + address.removeprefix("http://")
        try:
            return fetch_public(
                address,
                action=action,
                subject=subject,
                accept=accept,
                max_bytes=max_bytes,
                trusted=[settings.COVERART_URL],
            )
        except OddReply as error:
            raise OddReply(f"Cover Art Archive: {error}", status=error.status) from error
