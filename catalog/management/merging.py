"""What `merge_albums` and `merge_artists` have in common."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, ClassVar, Protocol

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from catalog.merging import MergeRefused, MergeReport
from catalog.models import Album, Artist


class Merge(Protocol):
    def __call__(self, *, keep: Any, drop: Any, moderator: None, reason: str, now: Any) -> MergeReport:
        """Make `drop` part of `keep`."""


class MergeCommand(BaseCommand):
    """`KEEP DROP [DROP …]`, each a slug."""

    model: ClassVar[type[Album] | type[Artist]]
    merge: ClassVar[Merge]

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("keep", help="slug of the one that stays")
        parser.add_argument("drop", nargs="+", help="slugs of the ones that become part of it")
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

    def _find(self, slug: str) -> Album | Artist:
        row = self.model._default_manager.filter(slug=slug).first()
        if row is None:
            raise CommandError(f"No {self.model._meta.verbose_name} has the slug “{slug}”.")
        return row
