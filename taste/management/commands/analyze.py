"""`manage.py analyze`: look what music lies in AUDIO_ROOT, and hear what is due, now and here."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Collection
from math import ceil
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from catalog.models import Track
from catalog.naming import standing
from taste.audio import due
from taste.audio.file_matching import match_waiting, waiting
from taste.audio.progress import Progress, duration
from taste.audio.readiness import why_not
from taste.audio.running import PoolBroken, n_cores, run
from taste.audio.scanning import NoFolder, Scanned, scan
from taste.audio.switches import settings_now
from taste.embeddings.adapters import states
from taste.models import AudioFile

N_SHOWN = 10


class Command(BaseCommand):
    help = (
        "Scan AUDIO_ROOT, match its files to tracks and measure how they sound. What is done already is not repeated."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--all", action="store_true", help="hear every file anew, not only those that are due")
        what.add_argument("--track", type=int, metavar="ID", help="hear this track's file anew")
        what.add_argument("--path", type=Path, metavar="PATH", help="hear this file, or a folder's, anew")
        parser.add_argument("--workers", type=int, metavar="N", help="processes; as many as there are cores if not set")

    def handle(self, *args: Any, **options: Any) -> None:
        switches = settings_now()
        if switches.root is None or why_not(switches):
            raise CommandError(why_not(switches))
        if options["workers"] is not None and options["workers"] < 1:
            raise CommandError("--workers is a number from 1.")
        try:
            only = self._which(switches.root, options)
            self._tell_models()
            self._hear(only, options["workers"])
        except KeyboardInterrupt:
            raise CommandError("Stopped. “manage.py analyze” goes on where this stopped.") from None
        self._tell_unmatched(only)

    def _which(self, root: Path, options: dict[str, Any]) -> Collection[int] | None:
        """The ids of the files that are asked for; None for all."""
        if options["track"] is not None:
            track = Track.objects.select_related("merged_into").filter(pk=options["track"]).first()
            if track is None:
                raise CommandError(f"There is no track {options['track']}.")
            files = AudioFile.objects.filter(track=standing(track), gone_at__isnull=True)
            if not files:
                raise CommandError(f"No file belongs to “{track}”. Without --track, new files are looked for first.")
        else:
            scanned = self._scan(root, options["path"])
            files = AudioFile.objects.all()
            if options["path"]:
                files = files.filter(pk__in=scanned.ids)
            elif not options["all"]:
                return None
        due.make_due(files)
        return None if options["all"] else list(files.values_list("pk", flat=True))

    def _scan(self, root: Path, path: Path | None) -> Scanned:
        bar = Progress(self.stdout, 0, "Reading new files")  # type: ignore[arg-type]
        below = None if path is None else path if path.is_absolute() or path.exists() else root / path
        try:
            scanned = scan(root, below=below, tell=lambda n_read, n_found: bar.show(n_read, total=n_found))
        except NoFolder as error:
            raise CommandError(str(error)) from error
        finally:
            bar.end()
        n_matched = scanned.n_matched + match_waiting(now=timezone.now())
        self.stdout.write(f"{scanned} {n_matched:,} found their track.")
        return scanned

    def _tell_models(self) -> None:
        for name, version, why_off in states():
            self.stdout.write(f"Model {name}: {f'off. {why_off}' if why_off else f'version {version}'}")

    def _hear(self, only: Collection[int] | None, n_workers: int | None) -> None:
        files = due.due(due.plan_now())
        n_due = (files if only is None else files.filter(pk__in=only)).count()
        if not n_due:
            self.stdout.write("Nothing is due.")
            return
        bar = Progress(self.stdout, n_due)  # type: ignore[arg-type]
        began = time.monotonic()
        try:
            done = run(
                only=only,
                n_workers=min(n_workers or n_cores(), ceil(n_due / due.BATCH)),
                tell=lambda n_done, problems: bar.add(n_done, len(problems)),
                on_stop=lambda: self.stderr.write("\nStopping after what is under way; Ctrl-C again drops that."),
            )
        except PoolBroken as error:
            raise CommandError(str(error)) from error
        finally:
            bar.end()
        for path, problem in done.problems:
            self.stderr.write(f"{path}: {problem}")
        failed = f", {len(done.problems):,} could not be" if done.problems else ""
        self.stdout.write(f"{_files(done.n_done)} analysed{failed}, in {duration(time.monotonic() - began)}.")
        if done.was_stopped:
            raise KeyboardInterrupt

    def _tell_unmatched(self, only: Collection[int] | None) -> None:
        files = waiting() if only is None else waiting().filter(pk__in=only)
        n_all = files.count()
        if not n_all:
            return
        self.stdout.write(f"{_files(n_all)} without a track:")
        shown = files.order_by("path").values_list("path", "no_match_reason")
        for path, reason in shown if self.verbosity > 1 else shown[:N_SHOWN]:
            self.stdout.write(f"  {path}: {reason}")
        if n_all > N_SHOWN and self.verbosity <= 1:
            self.stdout.write(f"  … and {n_all - N_SHOWN:,} more; -v 2 lists them all.")

    def execute(self, *args: Any, **options: Any) -> str | None:
        self.verbosity = options["verbosity"]
        return super().execute(*args, **options)


def _files(n: int) -> str:
    return f"{n:,} file{'s' * (n != 1)}"
