"""manage.py check_rollups: are the totals of listens what the listens say?"""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from listening.models import Listener
from listening.proving import differences
from listening.totals import recount
from social.models import User


class Command(BaseCommand):
    help = "Compare each member's totals with plain SQL over the listens; --rebuild counts anew where they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", metavar="HANDLE", help="one member only")
        parser.add_argument("--rebuild", action="store_true", help="count anew what differs")

    def handle(self, *args: Any, **options: Any) -> None:
        members = User.objects.filter(pk__in=Listener.objects.values("user")).order_by("pk")
        if options["user"]:
            members = User.objects.filter(handle__iexact=options["user"])
            if not members:
                raise CommandError(f"Nobody is called {options['user']}.")
        n_wrong = 0
        for member in members.iterator():
            wrong = differences(user=member)
            for sentence in wrong:
                self.stdout.write(f"@{member.handle}: {sentence}")
            if wrong and options["rebuild"]:
                recount(user=member, now=timezone.now())
                self.stdout.write(f"@{member.handle}: counted anew")
            n_wrong += bool(wrong)
        if not n_wrong:
            self.stdout.write(f"The totals of {members.count()} members are what plain SQL gives.")
        elif not options["rebuild"]:
            raise CommandError(f"The totals of {n_wrong} members differ. With --rebuild they are counted anew.")
