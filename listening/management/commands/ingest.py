"""`manage.py ingest`: read the accounts that are due, a member's accounts, or a file, now and here."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from listening.models import SyncState
from listening.syncing.accounts import follow_accounts
from listening.syncing.registry import ask_anew, due, sync_account
from listening.syncing.sources import SOURCES
from social.models import User

CLEAR = "\r\x1b[K"


class Command(BaseCommand):
    help = "Bring listens in: from the accounts that are due, from one member's accounts, or from a file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a listening history, of --user")
        parser.add_argument("--user", metavar="HANDLE", help="this member's accounts, due or not; the owner of FILE")
        parser.add_argument("--source", choices=sorted(SOURCES), help="only accounts of this service")
        parser.add_argument("--since", metavar="DATE", help="with --user: read from there on, even what is held")
        parser.add_argument("--dry-run", action="store_true", help="with FILE: say what it would bring, write nothing")
        parser.add_argument("--yes", action="store_true", help="with FILE: import it without being asked")

    def handle(self, *args: Any, **options: Any) -> None:
        member = self._member(options["user"]) if options["user"] else None
        if options["file"]:
            self._import(options["file"], member, is_dry=options["dry_run"], is_agreed=options["yes"])
            return
        if options["since"] and not member:
            raise CommandError("--since needs --user.")
        now = timezone.now()
        follow_accounts(now=now, user=member)
        states = SyncState.objects.filter(user=member) if member else due(now)
        if options["source"]:
            states = states.filter(source=options["source"])
            self._require(options["source"])
        if member:
            for state in states:
                ask_anew(state, now=now, since=_moment(options["since"]) if options["since"] else None)
        self._read(states.select_related("user"), member)

    def _read(self, states: Iterable[SyncState], member: User | None) -> None:
        """One account after the other; a bad one stops none of the rest."""
        n_read = n_problems = 0
        for state in states:
            label = f"{state.user.handle}, {SOURCES[state.source].label} ({state.account_name})"
            synced = sync_account(state.pk, now=timezone.now(), tell=self._teller(label))
            self.stdout.write(f"{CLEAR * self.stdout.isatty()}{label}: {synced}")
            n_read += 1
            n_problems += bool(synced.problem)
        if not n_read:
            self.stdout.write(f"{member.handle} has no account to read." if member else "No account is due.")
        elif n_problems:
            self.stderr.write(f"{n_problems} of {n_read} accounts had a problem.")

    def _teller(self, label: str) -> Callable[[str], None]:
        """One line that moves at a terminal; nothing where nobody watches."""

        def tell(words: str) -> None:
            if self.stdout.isatty():
                self.stdout.write(f"{CLEAR}{label}: {words}", ending="")
                self.stdout.flush()

        return tell

    def _import(self, path: Path, member: User | None, *, is_dry: bool, is_agreed: bool) -> None:
        from listening.importing.terminal import FileFailed, read_file

        if member is None:
            raise CommandError("Whose listens are these? Name a member: --user HANDLE.")
        try:
            agree = (lambda: True) if is_agreed or not sys.stdin.isatty() else self._ask
            read_file(path=path, member=member, out=self.stdout, is_dry=is_dry, agree=agree)  # type: ignore[arg-type]
        except FileFailed as error:
            raise CommandError(str(error)) from error

    def _ask(self) -> bool:
        self.stdout.write("Import it? [y/N] ", ending="")
        self.stdout.flush()
        return sys.stdin.readline().strip().lower() in {"y", "yes"}

    def _require(self, source: str) -> None:
        if variable := SOURCES[source].missing():
            raise CommandError(f"{SOURCES[source].label} is off: set {variable}.")

    def _member(self, handle: str) -> User:
        member: User | None = User.objects.by_handle(handle.removeprefix("@")).filter(is_active=True).first()
        if member is None:
            raise CommandError(f"There is no member {handle}.")
        return member


def _moment(text: str) -> datetime:
    """A date or a date and time; UTC where it names no zone."""
    try:
        day = parse_date(text)
        moment = datetime.combine(day, time.min, tzinfo=UTC) if day else parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise CommandError(f"{text} is no date: write 2025-11-24 or 2025-11-24T20:00.")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
