"""manage.py find_occasions: albums heard whole and milestones, made anew from the listens."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from listening.models import AlbumSession, Listener, Milestone
from listening.occasions.finding import find_all, look_again
from social.models import User


class Command(BaseCommand):
    help = (
        "Find albums that were heard whole and round numbers that were reached, for the feed: where listens changed, "
        "or with --all in everybody's whole history. A job does the same every five minutes."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", metavar="HANDLE", help="one member's whole history")
        parser.add_argument("--all", action="store_true", help="every member's whole history")

    def handle(self, *args: Any, **options: Any) -> None:
        listeners = Listener.objects.select_related("user").order_by("pk")
        if options["user"]:
            listeners = listeners.filter(user__handle__iexact=options["user"])
            if not listeners:
                raise CommandError(f"Nobody called {options['user']} has listens.")
        is_whole = options["user"] or options["all"]
        for listener in listeners if is_whole else listeners.filter(occasions_from__isnull=False):
            member: User = listener.user
            if is_whole:
                look_again(user=member)
            find_all(user=member, now=timezone.now())
            n_albums = AlbumSession.objects.filter(user=member).count()
            n_numbers = Milestone.objects.filter(user=member).count()
            self.stdout.write(f"@{member.handle}: {n_albums} albums heard whole, {n_numbers} milestones")
