"""The simulation behind `soak`: members who act, hands that meddle, a network that fails, a bot that dies."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Self

from django.utils import timezone

from club.models import ClubSettings, Nomination, Phase, Rating, Vote, Week
from discordbot.tests.acting import ballot
from discordbot.tests.agreement import defects, disagreements
from discordbot.tests.fake_discord import Answer, FakeDiscord, Person
from discordbot.tests.meddling import meddle, misbehave
from discordbot.tests.whole_bot import Clock, WholeBot, choose_channels

MONDAY = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
HOURS = (1, 26, 50, 78, 90, 112, 128, 140)  # of a week, when something happens: nominations, poll, and after it
CHECK_AT = 150
TRIES = 12
AWAY = 0.08  # how often the bot is not there at all
KILLED = 0.25
MEMBERS = 8
LETTERS = ("BDFGKLMNPRSTVZ", "aeiou", "bdgklmnprstv", "aeiou", "klmnrst")


class Disagreement(AssertionError):
    """The tables, what members were told, and Discord say different things."""


class Soak:
    def __init__(self, *, seed: int, quiet: bool = False) -> None:
        self.dice = Random(seed)
        self.quiet = quiet
        self.fake = FakeDiscord()
        self.fake.world.deadline_s = 2.0
        self.clock = Clock(self.fake, MONDAY)
        self.people = self.fake.people(MEMBERS)
        self.bot: WholeBot | None = None
        self.n: Counter[str] = Counter()
        self.told: dict[tuple[str, int, int], Any] = {}  # what somebody was told: (what, week, person)

    def __enter__(self) -> Self:
        self._now, timezone.now = timezone.now, self.clock  # type: ignore[assignment]
        self.fake.start()
        choose_channels(self.fake, forum=self.dice.random() < 0.3)
        settings = ClubSettings.load()
        settings.auto_open, settings.timezone = True, "Europe/Berlin"
        settings.save()
        return self

    def __exit__(self, *_: object) -> None:
        self.leave()
        self.fake.stop()
        timezone.now = self._now

    @property
    def summary(self) -> str:
        return ", ".join(f"{n} {what}" for what, n in sorted(self.n.items()))

    def run(self, weeks: int) -> None:
        for number in range(weeks):
            monday = MONDAY + timedelta(days=7 * number)
            for hour in HOURS:
                self.clock.now = max(self.clock.now, monday + timedelta(hours=hour))
                self.moment()
            self.clock.now = monday + timedelta(hours=CHECK_AT)
            self.agree()
            self.n["weeks"] += 1
            if not self.quiet and number % 10 == 9:
                sys.stdout.write(f"  {self.summary}\n")
                sys.stdout.flush()

    # --- One moment ---------------------------------------------------------------------------------------------------
    def moment(self) -> None:
        if self.dice.random() < AWAY:
            self.leave()
            self.n["absences"] += 1
            return
        self.fake.clear_faults()
        self.come()
        self.rounds(1)
        self.n[misbehave(self.fake, self.dice)] += 1
        if self.dice.random() < KILLED:
            self.will_be_killed()
        self.members_act()
        self.n[meddle(self.fake, self.dice)] += 1
        self.rounds(2)

    def come(self) -> WholeBot:
        """The bot, alive; a dead one is buried, and another started."""
        if self.bot is not None and self.bot.is_dead:
            self.leave()
        if self.bot is None:
            for _ in range(TRIES):
                try:
                    self.bot = WholeBot(self.fake, self.clock).__enter__()
                    break
                except AssertionError:  # the network failed it while it connected: the supervisor's case
                    self.fake.clear_faults()
            else:
                raise Disagreement("The bot cannot be started.")
        return self.bot

    def leave(self) -> None:
        if self.bot is not None:
            self.n["deaths" if self.bot.is_dead else "stops"] += 1
            self.bot.__exit__(None, None, None)
            self.bot = None

    def will_be_killed(self) -> None:
        """At one of the next requests: before Discord has done it, or after, the answer unheard."""
        moment = self.dice.choice(["before", "acted"])
        self.fake.on_request(
            self.dice.choice(["POST *", "P* /channels/*", "*"]),
            nth=self.dice.randint(1, 4),
            **{moment: lambda _: self.bot.die() if self.bot and not self.bot.is_dead else None},
        )

    def rounds(self, n: int) -> None:
        for _ in range(n):
            try:
                self.come().round()
            except Exception:  # noqa: BLE001  (as the ticker: it is logged, and the next round comes)
                self.n["broken rounds"] += 1
            self.clock.passes(minutes=1)

    # --- Members ------------------------------------------------------------------------------------------------------
    def members_act(self) -> None:
        acts = {Phase.NOMINATIONS: self.nominates, Phase.POLL: self.votes, Phase.DISCUSSION: self.rates}
        for week in list(Week.objects.filter(phase__in=[*acts]).order_by("number")):
            for person in self.dice.sample(self.people, self.dice.randint(1, 5)):
                acts[Phase(week.phase)](person, week)

    def until_told(self, person: Person, act: Callable[[], Answer], words: tuple[str, ...]) -> str:
        """Again and again, as a person would, until the bot says one of these."""
        for _ in range(TRIES):
            self.come()
            try:
                answer = act()
                said = "" if answer.failed else answer.text
            except AssertionError:  # nothing was shown that could be pressed
                said = ""
            if found := next((each for each in words if each in said), ""):
                return found
            self.n["lost answers"] += 1
            self.fake.clear_faults()
        raise Disagreement(f"{person} is never told any of {words}; at last: {said!r}")

    def opened(self, person: Person, verb: str, week: Week, place: str) -> Answer:
        """By the card's button where it stands, else by the command."""
        threads = [row for row in self.fake.threads(f"- {place}") if row.name.startswith(week.label)]
        cards = [card for thread in threads for card in self.fake.pins(thread) if card.buttons]
        if cards and self.dice.random() < 0.6:
            return person.press(cards[0], cards[0].buttons[0]["custom_id"])
        return person.slash(verb, force=True)

    def nominates(self, person: Person, week: Week) -> None:
        if ("nominate", week.number, person.id) in self.told:
            return
        name = f"{self.word()} {self.word()} {self.dice.randint(1, 999)}"
        line = f"{name} — {self.word()} {self.word()} ({self.dice.randint(1960, 2025)})"

        def act() -> Answer:
            form = self.opened(person, "nominate", week, "NOMINATIONS")
            answer = person.submit(form, {"Album": line, "Why": f"For {self.word()}."})
            if answer.message and answer.message.selects:
                answer = person.choose(answer, "", [answer.message.selects[0]["options"][-1]["value"]])
            return answer

        self.until_told(person, act, ("is nominated for", "stays nominated for"))
        self.told["nominate", week.number, person.id] = name
        self.n["nominations"] += 1

    def votes(self, person: Person, week: Week) -> None:
        mine = self.told.get(("nominate", week.number, person.id))
        names = [each.album.title for each in week.nominations.standing().select_related("album")]
        open_to = [name for name in names if name != mine]
        if not open_to:
            return
        chosen = self.dice.sample(open_to, min(len(open_to), self.dice.randint(1, 2)))
        first, second = chosen[0], chosen[1] if len(chosen) > 1 else None

        def act() -> Answer:
            form = self.opened(person, "vote", week, "POLL")
            assert form.form
            by_name = {row["label"].partition(" — ")[0]: row["value"] for row in form.form.field("First").options}
            sent = ballot(by_name[first], by_name[second] if second else None)
            return person.submit(form, {"Second": []} | sent if len(open_to) > 1 else sent)

        self.until_told(person, act, (f"Your first choice: **{first}**",))
        self.told["vote", week.number, person.id] = (first, second)
        self.n["ballots"] += 1

    def rates(self, person: Person, week: Week) -> None:
        half = self.dice.randint(2, 10)

        def act() -> Answer:
            form = self.opened(person, "rate", week, "RATINGS")
            return person.submit(form, {"Your rating": str(half), "Final": f"{self.word()}, {self.word()}."})

        self.until_told(person, act, ("You gave",))
        self.told["rate", week.number, person.id] = half
        self.n["ratings"] += 1

    def word(self) -> str:
        return "".join(
            self.dice.choice(pair) for pair in ("BDFGKLMNPRSTVZ", "aeiou", "bdgklmnprstv", "aeiou", "klmnrst")
        )

    # --- Agreement ----------------------------------------------------------------------------------------------------
    def agree(self) -> None:
        """Trouble ends, an hour or two pass, and then everything must say the same."""
        self.fake.clear_faults()
        self.fake.gateway.copies_of_interactions = 1
        bot = self.come()
        for _ in range(3):
            bot.ticker._verified_at = None
            bot.settle()
            self.clock.passes(minutes=40)
        bot.ticker._verified_at = None
        bot.settle()
        wrong = [*disagreements(self.fake, self.clock.now), *self.untrue(), *defects(self.fake)]
        if wrong:
            raise Disagreement(f"after {self.clock.now:%Y-%m-%d}: " + "\n  ".join(wrong[:20]))

    def untrue(self) -> list[str]:
        """What members were told, against the tables: nothing more, nothing less."""
        held: dict[tuple[str, int, int], Any] = {}
        ids = "user__linked_accounts__provider_user_id"
        for week, person, name in Nomination.objects.standing().values_list("week__number", ids, "album__title"):
            held["nominate", week, int(person)] = name
        for week, person, rank, name in Vote.objects.values_list(
            "week__number", ids, "rank", "nomination__album__title"
        ):
            first, second = held.get(("vote", week, int(person)), (None, None))
            held["vote", week, int(person)] = (name, second) if rank == 1 else (first, name)
        for week, person, half in Rating.objects.values_list("week__number", ids, "half_stars"):
            held["rate", week, int(person)] = half
        differing = {key for key in {*held, *self.told} if held.get(key) != self.told.get(key)}
        return [f"{key}: told {self.told.get(key)}, stored {held.get(key)}" for key in sorted(differing)]
