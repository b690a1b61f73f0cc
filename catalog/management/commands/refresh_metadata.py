"""`manage.py refresh_metadata`: ask MusicBrainz and the cover sources about our albums, now and here."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalog.covers import fetch_cover
from catalog.identification import identify_album
from catalog.models import Album
from catalog.naming import standing
from sidetrack.http import ExternalApiError, TryLater

LONGEST_NAP_S = 60.0

Outcome = TypeVar("Outcome")


class Command(BaseCommand):
    help = "Identify albums at MusicBrainz, refresh their track lists, and fetch their covers. Safe to stop and repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slugs", nargs="*", help="albums by their slug; by default the unidentified ones")
        parser.add_argument("--all", action="store_true", help="every album, identified ones too")
        parser.add_argument("--no-covers", action="store_true", help="leave the covers alone")
        parser.add_argument("--limit", type=int, default=0, help="at most so many albums")

    def handle(self, *args: Any, **options: Any) -> None:
        albums = Album.objects.current().filter(is_demo=False).select_related("artist").order_by("id")
        if options["slugs"]:
            albums = Album.objects.current().filter(slug__in=options["slugs"]).order_by("id")
            if missing := set(options["slugs"]) - set(albums.values_list("slug", flat=True)):
                raise CommandError(f"No album is called {', '.join(sorted(missing))}.")
        elif not options["all"]:
            albums = albums.unidentified()
        ids = list(albums.values_list("pk", flat=True))[: options["limit"] or None]
        outcomes: Counter[str] = Counter()
        for number, pk in enumerate(ids, start=1):
            outcome = self._refresh(pk, has_covers=not options["no_covers"])
            outcomes[outcome] += 1
            self.stdout.write(f"[{number}/{len(ids)}] {Album.objects.get(pk=pk)}: {outcome}")
        told = ", ".join(f"{count} {outcome}" for outcome, count in outcomes.most_common())
        self.stdout.write(self.style.SUCCESS(f"{len(ids)} albums: {told}." if ids else "No album to ask about."))

    def _refresh(self, pk: int, *, has_covers: bool) -> str:
        """One album, in words; a service that asks for a short pause gets it, once."""
        try:
            resolution = self._patiently(lambda: identify_album(album=Album.objects.get(pk=pk), now=timezone.now()))
        except TryLater as error:
            return f"not now ({error})"
        except ExternalApiError as error:
            return f"failed ({error})"
        album = standing(Album.objects.select_related("artist", "merged_into").get(pk=pk))
        if has_covers and not album.cover_300 and album.release_group_mbid:
            try:
                self._patiently(lambda: fetch_cover(album=album, now=timezone.now()))
            except TryLater:
                return f"{resolution.label.lower()}, cover later"
        return str(resolution.label.lower())

    def _patiently(self, act: Callable[[], Outcome]) -> Outcome:
        try:
            return act()
        except TryLater as error:
            if error.after > LONGEST_NAP_S:
                raise
            self.stdout.write(f"Waiting {error.after:.0f} s: {error}")
            time.sleep(error.after)
            return act()
