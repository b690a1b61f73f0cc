"""manage.py week …: run a week of the club from a shell."""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from catalog.naming import get_or_create_album
from club import lifecycle
from club.clock import club_zone
from club.errors import ClubRuleBroken
from club.models import Nomination, Week
from club.moderating import override_winner, undo
from club.nominating import nominate, withdraw
from club.ratings import rate
from club.rhythm import DEADLINES, local_moment
from club.status import status_lines
from club.voting import cast_ballot
from social.models import User

DURATION = re.compile(r"^(?=.)(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?$")
EPILOG = "Without --week, the newest week that is not over is meant. Times without a zone are the club's."


def duration(text: str) -> timedelta:
    """`1d12h`, `90m`, `1w`."""
    if (match := DURATION.match(text)) is None:
        raise ArgumentTypeError(f"{text} is no duration: write one such as 1d, 12h, 1d12h or 90m.")
    weeks, days, hours, minutes = (int(part or 0) for part in match.groups())
    return timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes)


def moment(text: str) -> datetime:
    """`2025-11-10T09:00`, in the club's zone unless it names one."""
    try:
        parsed = parse_datetime(text)
    except ValueError:
        parsed = None
    if parsed is None:
        raise ArgumentTypeError(f"{text} is no time: write one such as 2025-11-10T09:00.")
    return parsed if parsed.tzinfo else local_moment(parsed.date(), parsed.time(), club_zone())


def half_stars(text: str) -> int:
    """`3.5` is 7."""
    try:
        doubled = float(text) * 2
    except ValueError:
        doubled = 0.0
    if doubled not in range(2, 11):
        raise ArgumentTypeError(f"{text} is no rating: 1.0 to 5.0 in halves.")
    return int(doubled)


class Command(BaseCommand):
    help = f"Run a week of the club without Discord. {EPILOG}"

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

        def verb(name: str, words: str, *, is_moderating: bool = True) -> CommandParser:
            sub: CommandParser = verbs.add_parser(name, help=words, description=f"{words.capitalize()}. {EPILOG}")
            sub.add_argument("--week", type=int, help="number of the week")
            if is_moderating:
                sub.add_argument("--by", help="handle of the moderator who does it (default: the operator)")
                sub.add_argument("--reason", default="", help="kept in the moderators' log")
            return sub

        opening = verb("open", "open a week, at once or as --opens-at says")
        opening.add_argument("--theme", default="")
        for each in (opening, verb("deadlines", "set deadlines that lie ahead")):
            for name in DEADLINES:
                each.add_argument(f"--{name.replace('_', '-')}", type=moment, metavar="TIME")
        verb("status", "show phase, deadlines, nominations, voters and ratings", is_moderating=False)
        verb("advance", "move every week that is due", is_moderating=False)
        verb("close", "end the current phase now")
        verb("extend", "end the current phase later, and all that follows").add_argument("delta", type=duration)
        verb("reopen", "go back to the phase before").add_argument("--until", type=moment, metavar="TIME")
        verb("skip", "cancel a week that has no winner yet")
        verb("override", "give the week another winner").add_argument("nomination", type=int, help="id, see status")
        verb("undo", "take the last moderator act back")
        verb("withdraw", "withdraw a nomination").add_argument("nomination", type=int, help="id, see status")
        nominating = verb("nominate", "nominate an album for a member", is_moderating=False)
        for name in ("member", "artist", "title"):
            nominating.add_argument(name)
        nominating.add_argument("--year", type=int)
        for name in ("pitch", "genre", "decade", "country"):
            nominating.add_argument(f"--{name}", default="")
        voting = verb("vote", "cast a member's ballot", is_moderating=False)
        voting.add_argument("member")
        voting.add_argument("first", type=int, help="id of the nomination, see status")
        voting.add_argument("second", type=int, nargs="?")
        rating = verb("rate", "rate the week's album for a member", is_moderating=False)
        rating.add_argument("member")
        rating.add_argument("stars", type=half_stars, help="1.0 to 5.0")
        rating.add_argument("--favorite-track")
        rating.add_argument("--review")

    def handle(self, *args: Any, **options: Any) -> None:
        self.now = timezone.now()
        self.options = options
        act: Callable[[], Week | str] = getattr(self, f"do_{options['verb']}")
        try:
            answer = act()
        except ClubRuleBroken as refusal:
            raise CommandError(refusal.message) from refusal
        if isinstance(answer, Week):
            answer = "\n".join(status_lines(Week.objects.with_winner().get(pk=answer.pk), self.now))
        self.stdout.write(answer)

    # --- What a verb is about ---------------------------------------------------------------------------------------
    def week(self) -> Week:
        number = self.options["week"]
        weeks = Week.objects.order_by("-number")
        week = weeks.open().first() if number is None else weeks.filter(number=number).first()
        if week is None:
            raise CommandError("No week is open." if number is None else f"There is no week {number}.")
        return week

    def act(self) -> dict[str, Any]:
        """By whom, when and why."""
        handle = self.options["by"]
        return {"by": self.member(handle) if handle else None, "now": self.now, "reason": self.options["reason"]}

    def member(self, handle: str) -> User:
        member: User | None = User.objects.by_handle(handle).first()
        if member is None:
            raise CommandError(f"There is no member called {handle}.")
        return member

    def nomination(self, pk: int) -> Nomination:
        nomination = Nomination.objects.select_related("album__artist", "week").filter(pk=pk).first()
        if nomination is None:
            raise CommandError(f"There is no nomination {pk}. `manage.py week status` lists them.")
        return nomination

    def deadlines(self) -> dict[str, datetime]:
        return {name: self.options[name] for name in DEADLINES if self.options[name] is not None}

    # --- The verbs --------------------------------------------------------------------------------------------------
    def do_open(self) -> Week:
        number, theme = self.options["week"], self.options["theme"]
        return lifecycle.open_week(number=number, theme=theme, deadlines=self.deadlines(), **self.act())[0]

    def do_deadlines(self) -> Week:
        given: dict[str, Any] = self.act() | self.deadlines()
        return lifecycle.change_deadlines(week=self.week(), **given)

    def do_status(self) -> Week:
        return self.week()

    def do_advance(self) -> str:
        return f"{lifecycle.advance_due_weeks(self.now)} changes."

    def do_close(self) -> Week:
        return lifecycle.close_phase_now(week=self.week(), **self.act())

    def do_extend(self) -> Week:
        return lifecycle.extend_phase(week=self.week(), delta=self.options["delta"], **self.act())

    def do_reopen(self) -> Week:
        return lifecycle.reopen_phase(week=self.week(), until=self.options["until"], **self.act())

    def do_skip(self) -> Week:
        return lifecycle.skip_week(week=self.week(), **self.act())

    def do_override(self) -> Week:
        nomination = self.nomination(self.options["nomination"])
        return override_winner(week=nomination.week, nomination=nomination, **self.act())

    def do_undo(self) -> str:
        act = self.act()
        return undo(by=act["by"], now=act["now"]).reason

    def do_withdraw(self) -> Week:
        return withdraw(nomination=self.nomination(self.options["nomination"]), **self.act()).nomination.week

    def do_nominate(self) -> Week:
        texts = {name: self.options[name] for name in ("pitch", "genre", "decade", "country")}
        title, artist, year = self.options["title"], self.options["artist"], self.options["year"]
        member, week = self.member(self.options["member"]), self.week()
        album, _ = get_or_create_album(title=title, artist=artist, year=year)
        result = nominate(member=member, week=week, album=album, now=self.now, **texts)
        for warning in result.warnings:
            self.stderr.write(warning)
        return result.nomination.week

    def do_vote(self) -> Week:
        first = self.nomination(self.options["first"])
        second = self.nomination(self.options["second"]) if self.options["second"] else None
        cast_ballot(
            voter=self.member(self.options["member"]), week=first.week, first=first, second=second, now=self.now
        )
        return first.week

    def do_rate(self) -> Week:
        week = self.week()
        rate(
            member=self.member(self.options["member"]), week=week, half_stars=self.options["stars"],
            favorite_track=self.options["favorite_track"], review=self.options["review"], now=self.now,
        )  # fmt: skip
        return week
