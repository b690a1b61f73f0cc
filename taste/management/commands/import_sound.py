"""`manage.py import_sound FILE…`: what AcousticBrainz or Spotify said of tracks, from files of it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from taste.axes.importing import Report, bring_in
from taste.axes.sources.files import Unreadable, read_file

CLEAR = "\r\x1b[K"


class Command(BaseCommand):
    help = (
        "Bring in how tracks sound: AcousticBrainz documents (JSON, JSON lines, a zip or tar of them) and Spotify's "
        "audio features (JSON, CSV). Tracks are found by MusicBrainz recording, Spotify id, or artist and title."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument("--dry-run", action="store_true", help="say what it would bring, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        for path in options["files"]:
            try:
                report = bring_in(read_file(path), now=timezone.now(), is_dry=options["dry_run"], tell=self._tell)
            except Unreadable as error:
                raise CommandError(str(error)) from error
            self._say(path, report, is_dry=options["dry_run"])

    def _tell(self, report: Report) -> None:
        """One line that moves at a terminal; nothing where nobody watches."""
        if self.stdout.isatty():
            self.stdout.write(f"{CLEAR}{report.n_records:,} records, {report.n_matched:,} matched", ending="")
            self.stdout.flush()

    def _say(self, path: Path, report: Report, *, is_dry: bool) -> None:
        clear = CLEAR * self.stdout.isatty()
        self.stdout.write(f"{clear}{path.name}: {report.n_records:,} records, {report.n_matched:,} matched")
        for how, n in report.matched.most_common():
            self.stdout.write(f"  by {how}: {n:,}")
        for why, n in report.refused.most_common():
            example = f" (such as {report.examples[why]})" if why in report.examples else ""
            self.stdout.write(f"  left out, {why}: {n:,}{example}")
        if is_dry:
            self.stdout.write("  Nothing was written.")
        else:
            self.stdout.write(f"  {report.n_values:,} values are new, {report.n_changed:,} tracks sound different now.")
