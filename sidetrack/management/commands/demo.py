"""`manage.py demo`: an invented club over real albums, and out with it again."""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from club.models import Week
from sidetrack.demo.listening import N_LISTENS
from sidetrack.demo.people import give_passwords
from sidetrack.demo.removal import remove
from sidetrack.demo.story import play
from social.models import User

LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}


class Command(BaseCommand):
    help = (
        "Plays a club of 24 invented members through 60 weeks over 300 real albums, with all that they listened to, so "
        "that everything is filled. "
        "On SQLite nothing else can be written for as long as it takes (under a minute)."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing where there are weeks or members")
        parser.add_argument("--anyway", action="store_true", help="also into a club that has weeks of its own")
        parser.add_argument(
            "--listens", type=int, default=N_LISTENS, metavar="N", help=f"how many they heard in all ({N_LISTENS})"
        )
        parser.add_argument("--remove", action="store_true", help="take the demo out again, and nothing else")
        parser.add_argument(
            "--password", action="store_true", help="give an invented moderator and member a new random password"
        )

    def handle(
        self, *args: Any, if_empty: bool, anyway: bool, listens: int, remove: bool, password: bool, **options: Any
    ) -> None:
        if remove:
            self.remove()
        elif User.objects.filter(is_demo=True).exists() or Week.objects.filter(is_demo=True).exists():
            if not password:
                self.stdout.write(
                    "The demo is here. `manage.py demo --password` says how to sign in, `--remove` takes it out again."
                )
        elif if_empty and (Week.objects.exists() or User.objects.exists()):
            self.stdout.write("There are weeks or members already: no demo.")
        elif password:
            raise CommandError("There is no demo that anybody could sign in to. `manage.py demo` makes one.")
        else:
            self.play(anyway=anyway, n_listens=listens)
            password = password or settings.SITE_HOST in LOCAL_HOSTS
            if not password:
                self.stdout.write("`manage.py demo --password` makes two of its members able to sign in.")
        if password:
            self.say_how_to_sign_in()

    def play(self, *, anyway: bool, n_listens: int) -> None:
        if Week.objects.exists() and not anyway:
            raise CommandError(
                "This club has weeks of its own, and the demo's would stand among them on every page. "
                "`manage.py demo --anyway` adds it all the same; `--remove` takes it out again."
            )
        started = time.monotonic()
        stage = play(now=timezone.now(), n_listens=n_listens, say=lambda text: self.stdout.write(f"  {text}"))
        weeks = Week.objects.filter(is_demo=True).count()
        self.stdout.write(
            self.style.SUCCESS(
                f"A club of {len(stage.users)} invented members, {weeks} weeks and {len(stage.albums)} albums, "
                f"in {time.monotonic() - started:.0f} s. `manage.py demo --remove` takes it out again."
            )
        )

    def say_how_to_sign_in(self) -> None:
        """Only here is the password ever shown; the database keeps its hash."""
        password, users = give_passwords()
        names = " or ".join(f"{user.handle} ({'moderator' if user.is_moderator else 'member'})" for user in users)
        self.stdout.write(f"Sign in at {settings.SITE_URL} as {names} with the password {password}")

    def remove(self) -> None:
        done = remove(now=timezone.now())
        counts = ", ".join(f"{n} {name}" for name, n in done.counts().items())
        self.stdout.write(f"Removed {counts}." if counts else "There is no demo here.")
        for sentence in done.kept:
            self.stdout.write(f"  {sentence}")
