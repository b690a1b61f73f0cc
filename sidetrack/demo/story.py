"""Plays the demo's weeks: what happens when, in order of time, through the club's own functions."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Max

from catalog.countries import NAMES
from club.lifecycle import open_week
from club.models import ClubSettings, Phase, Week
from club.phases import caught_up, deadline_of
from club.rhythm import Deadlines, deadlines_from
from sidetrack import slots
from sidetrack.demo import acts, blends, keeping, listening, people, plan, scenes, sound
from sidetrack.demo.albums import demo_albums
from sidetrack.demo.dates import opening_days
from sidetrack.demo.members import Persona, dice, personas
from sidetrack.demo.shelves import fill_shelves
from sidetrack.demo.stage import Stage, silent
from sidetrack.demo.words import Writer

Act = Callable[[datetime], None]
AWAKE = range(7, 24)  # local hours
NIGHT_OWLS = frozenset({"marit_v", "ruckus"})


@transaction.atomic
def play(
    *,
    now: datetime,
    n_weeks: int = plan.N_WEEKS,
    n_listens: int | None = None,
    with_taste: bool = True,
    say: Callable[[str], None] = silent,
) -> Stage:
    """The whole demo, or its last `n_weeks`: all of that or nothing. It comes after the weeks that are there.

    n_listens: how many they heard in all; by default as many as suit the weeks. with_taste: how it sounds, too.
    """
    facts = {fact.name: fact for fact in demo_albums()}
    say(f"{len(facts)} albums")
    albums = fill_shelves()
    cast = {persona.handle: persona for persona in personas()}
    stage = Stage(
        now=now,
        writer=Writer(NAMES),
        personas=cast,
        users=people.gather(cast.values(), now=now),
        facts=facts,
        albums=albums,
        names={album.pk: name for name, album in albums.items()},
        say=say,
    )
    say(f"{len(cast)} members")
    Story(stage).run(n_weeks)
    people.befriend(stage)
    scenes.afterwards(stage)
    keeping.keep(stage)
    listening.listen(stage, n_listens=listening.N_LISTENS * n_weeks // plan.N_WEEKS if n_listens is None else n_listens)
    if with_taste:
        sound.sound(stage)
        blends.share(stage)
    for _ in slots.call("demo:play", stage):
        pass
    return stage


class Story:
    """The weeks as a queue of acts, each at its moment; whatever lies after now has not happened yet."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.queue: list[tuple[datetime, int, Act]] = []
        self.order = count()
        self.phases: dict[int, str] = {}  # by place in the demo, as they were last seen
        self.tried: set[str] = set()  # albums that had their turn
        self.won: set[str] = set()

    def at(self, when: datetime, act: Act) -> None:
        heapq.heappush(self.queue, (when, next(self.order), act))

    def run(self, n_weeks: int) -> None:
        rhythm = ClubSettings.load().rhythm
        number = Week.objects.aggregate(last=Max("number"))["last"] or 0
        for place, day in enumerate(opening_days(self.stage.now, rhythm, n_weeks), start=plan.N_WEEKS - n_weeks + 1):
            deadlines, number = deadlines_from(day, rhythm), number + 1
            self.at(deadlines.opens_at, self.opening(place, number, deadlines))
        for persona in self.stage.personas.values():
            self.outside(persona)
        while self.queue and self.queue[0][0] <= self.stage.now:
            when, _, act = heapq.heappop(self.queue)
            act(when)

    def opening(self, place: int, number: int, deadlines: Deadlines) -> Act:
        def act(when: datetime) -> None:
            week, _ = open_week(now=when, number=number, theme=plan.theme_of(place), deadlines=deadlines)
            Week.objects.filter(pk=week.pk).update(is_demo=True)
            Week.history.filter(id=week.pk).update(is_demo=True)
            if place % 10 == 0:
                self.stage.say(f"{place} of {plan.N_WEEKS} weeks")
            self.turn(place, week, when)

        return act

    def turn(self, place: int, week: Week, when: datetime) -> None:
        """Where the week is now; what members do in a phase that has just begun; the same again at its deadline."""
        week = caught_up(week, when)
        if self.phases.get(place) != week.phase:
            self.phases[place] = week.phase
            self.begin(place, week)
        elif place == plan.SILENT and week.phase == Phase.NOMINATIONS:
            self.nominations(place, week, start=when)
        if (deadline := deadline_of(week)) is not None:
            self.at(deadline, lambda then: self.turn(place, week, then))

    def begin(self, place: int, week: Week) -> None:
        scenes.direct(self, place, week)
        match week.phase:
            case Phase.NOMINATIONS if place != plan.SILENT:
                self.nominations(place, week, start=week.opens_at)
            case Phase.POLL:
                self.votes(place, week)
            case Phase.LISTENING if week.winner is not None:
                self.won.add(self.stage.names[week.winner.album_id])
            case Phase.DISCUSSION:
                self.ratings(place, week)

    def nominations(self, place: int, week: Week, *, start: datetime) -> None:
        chance = dice("nominations", place)
        willing = [each for each in self.here(place) if chance.random() < 0.38 * each.diligence]
        everybody = list(self.here(place))
        while len(willing) < 3:
            willing = list(dict.fromkeys([*willing, chance.choice(everybody)]))
        if place == plan.ALONE:
            willing = willing[:1]
        for persona in willing:
            when = moment(persona, place, start, week.nominations_close_at, early=1.3)
            self.at(when, lambda then, persona=persona: acts.nominates(self, place, week, persona, then))  # type: ignore[misc]

    def votes(self, place: int, week: Week) -> None:
        chance = dice("votes", place)
        for persona in self.here(place):
            if chance.random() < 0.78 * persona.diligence:
                when = moment(persona, place, week.nominations_close_at, week.poll_close_at, early=1.1)
                self.at(when, lambda then, persona=persona: acts.votes(self, place, week, persona, then))  # type: ignore[misc]

    def ratings(self, place: int, week: Week) -> None:
        chance = dice("ratings", place)
        for persona in self.here(place):
            if chance.random() < 0.8 * persona.diligence:
                when = moment(persona, place, week.discussion_at, week.ratings_close_at, early=2.4)
                self.at(when, lambda then, persona=persona: acts.rates(self, place, week, persona, then))  # type: ignore[misc]

    def outside(self, persona: Persona) -> None:
        """Albums that they rate on their own, at any time since they are here."""
        chance = dice("outside", persona.handle)
        for name in chance.sample(sorted(self.stage.facts), round(9 * persona.diligence * chance.random())):
            since = self.stage.users[persona.handle].date_joined
            when = since + (self.stage.now - since) * chance.random()
            self.at(when, lambda then, name=name: acts.rates_outside(self, persona, name, then))  # type: ignore[misc]

    def here(self, place: int) -> list[Persona]:
        return [persona for persona in self.stage.personas.values() if persona.is_here(place)]


def moment(persona: Persona, place: int, start: datetime, end: datetime, *, early: float) -> datetime:
    """Some moment in between, sooner for a higher `early`, at an hour at which this member is awake."""
    chance = dice("moment", persona.handle, place, early)
    zone = ZoneInfo(persona.timezone)
    span = (end - start).total_seconds() - 120
    for _ in range(12):
        when = start + timedelta(seconds=60 + int(span * chance.betavariate(1, early)))
        if persona.handle in NIGHT_OWLS or when.astimezone(zone).hour in AWAKE:
            break
    return when
