"""manage.py aggregate: members' weeks of taste, now and here."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from social.models import User
from taste.weeks.aggregating import aggregate
from taste.weeks.due import due_members

CLEAR = "\r\x1b[K"


class Command(BaseCommand):
    help = "Compute the weeks of taste of members whose listens or sound changed; only weeks that changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--user", metavar="HANDLE", help="this member, due or not")
        parser.add_argument("--all", action="store_true", help="every week anew, of everybody or of --user")

    def handle(self, *args: Any, **options: Any) -> None:
        began, n_recomputed = time.monotonic(), 0
        members = self._members(options["user"], options["all"])
        for place, member in enumerate(members, start=1):
            self._tell(f"{place} of {len(members)}: @{member.handle}, {time.monotonic() - began:.0f} s")
            done = aggregate(user=member, now=timezone.now(), everything=options["all"])
            n_recomputed += done.n_recomputed
            if not self.stdout.isatty():
                self.stdout.write(f"@{member.handle}: {done.n_recomputed} of {done.n_weeks} weeks computed.")
        self.stdout.write(
            f"{CLEAR * self.stdout.isatty()}{len(members)} members, {n_recomputed} weeks computed "
            f"in {time.monotonic() - began:.1f} s."
        )

    def _members(self, handle: str | None, everybody: bool) -> list[User]:
        if handle:
            member = User.objects.by_handle(handle.removeprefix("@")).first()
            if member is None:
                raise CommandError(f"There is no member {handle}.")
            return [member]
        return list(User.objects.filter(pk__in=due_members(now=timezone.now(), everybody=everybody)).order_by("pk"))

    def _tell(self, words: str) -> None:
        """One line that moves at a terminal; nothing where nobody watches."""
        if self.stdout.isatty():
            self.stdout.write(f"{CLEAR}{words}", ending="")
            self.stdout.flush()
