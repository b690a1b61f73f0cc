"""What `merge_albums`, `merge_artists` and `merge_tracks` have in common."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, ClassVar, Protocol

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from catalog.merging import MergeRefused, MergeReport
from catalog.models import Album, Artist, Track


class Merge(Protocol):
    def __call__(self, *, keep: Any, drop: Any, moderator: None, reason: str, now: Any) -> MergeReport:
        """Make `drop` part of `keep`."""


class MergeCommand(BaseCommand):
    """`KEEP DROP [DROP …]`, each a slug, or a number for what has no page."""

    model: ClassVar[type[Album] | type[Artist] | type[Track]]
    named_by = "slug"
    merge: ClassVar[Merge]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("keep", help=f"{self.named_by} of the one that stays")
        parser.add_argument("drop", nargs="+", help=f"{self.named_by}s of the ones that become part of it")
        parser.add_argument("--reason", default="by command", help="for the log")
        parser.add_argument("--dry-run", action="store_true", help="say what would be moved, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        keep = self._find(options["keep"])
        with transaction.atomic():
            for slug in options["drop"]:
                try:
                    report = type(self).merge(
                        keep=keep,
                        drop=self._find(slug),
                        moderator=None,
                        reason=options["reason"],
                        now=timezone.now(),
                    )
                except MergeRefused as refusal:
                    raise CommandError("\n".join(["Nothing was changed.", *refusal.reasons])) from refusal
                self.stdout.write(f"{slug} → {report}")
            if options["dry_run"]:
                transaction.set_rollback(True)
                self.stdout.write("Only tried: nothing was changed.")

    def _find(self, text: str) -> Album | Artist | Track:
        rows = self.model._default_manager
        row: Any = None
        if self.named_by == "slug":
            row = rows.filter(slug=text).first()
        elif text.isascii() and text.isdigit():
            row = rows.filter(pk=int(text)).first()
        if row is None:
            raise CommandError(f"No {self.model._meta.verbose_name} has the {self.named_by} “{text}”.")
        return row  # type: ignore[no-any-return]
