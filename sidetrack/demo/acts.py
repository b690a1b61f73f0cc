"""What one invented member does at one moment: nominate, vote, rate. Each calls the function that pages call."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from catalog.models import Track
from catalog.names import title_key
from club.models import Nomination, Phase, Rating, Week
from club.nominating import nominate, withdraw
from club.ratings import rate, rate_outside
from club.voting import cast_ballot
from sidetrack.demo import plan
from sidetrack.demo.members import Persona, ballot, dice, half_stars, pick
from social.visibility import Visibility

if TYPE_CHECKING:
    from sidetrack.demo.story import Story

A_LITTLE_LATER = timedelta(minutes=40)


def nominates(story: Story, place: int, week: Week, persona: Persona, now: datetime, *, again: bool = False) -> None:
    """One album that has not won, suits the theme and is nobody else's this week; seldom, they change their mind."""
    stage, chance = story.stage, dice("nominates", place, persona.handle, again)
    if _phase(week) != Phase.NOMINATIONS:
        return
    taken = {stage.names[pk] for pk in Nomination.objects.filter(week=week).values_list("album_id", flat=True)}
    theme = plan.THEMES.get(place)
    choice = [
        album
        for name, album in stage.facts.items()
        if name not in taken and name not in story.won and (theme is None or theme.suits(album))
    ]
    fact = pick(persona, choice, tried=story.tried, chance=chance)
    if fact is None:
        return
    pitch = "" if chance.random() < 0.04 else stage.writer.pitch(persona, fact, page=f"pitches {place}")
    made = nominate(
        member=stage.users[persona.handle],
        week=week,
        album=stage.albums[fact.name],
        pitch=pitch,
        genre=fact.genre,
        now=now,
    )
    story.tried.add(fact.name)
    if not again and chance.random() < 0.03 and now + 2 * A_LITTLE_LATER < week.nominations_close_at:
        withdraw(nomination=made.nomination, by=stage.users[persona.handle], now=now + A_LITTLE_LATER)
        story.at(now + 2 * A_LITTLE_LATER, lambda then: nominates(story, place, week, persona, then, again=True))


def votes(story: Story, place: int, week: Week, persona: Persona, now: datetime) -> None:
    """A ballot over what the others nominated; a few vote a second time with another order."""
    stage, chance = story.stage, dice("ballot", place, persona.handle)
    if _phase(week) != Phase.POLL:
        return
    standing = list(Nomination.objects.standing().filter(week=week).exclude(user=stage.users[persona.handle]))
    nominees = {stage.names[nomination.album_id]: nomination for nomination in standing}
    facts = [stage.facts[name] for name in sorted(nominees)]
    first, second = ballot(persona, facts, chance)
    if chance.random() < 0.05:
        first, second = second, first
    cast_ballot(
        voter=stage.users[persona.handle],
        week=week,
        first=nominees[first.name] if first else None,
        second=nominees[second.name] if second else None,
        now=now,
    )


def rates(story: Story, place: int, week: Week, persona: Persona, now: datetime) -> None:
    """Stars for the winner, often a favourite track and a review; a few come back and change the number."""
    stage, chance = story.stage, dice("rates", place, persona.handle)
    week = Week.objects.with_winner().get(pk=week.pk)
    if week.phase != Phase.DISCUSSION or week.winner is None:
        return
    fact = stage.fact_of(week.winner.album)
    given = half_stars(persona, fact, is_own=week.winner.user_id == stage.users[persona.handle].pk)
    track = _favourite(story, week, given, persona) if given > 3 else None
    is_fold = chance.random() < 0.06
    review = ""
    if chance.random() < 0.35 + 0.5 * persona.words:
        review = stage.writer.review(
            persona, fact, given, page=f"reviews {place}", track=track.title if track else "", is_fold=is_fold
        )
    rating, _ = rate(
        member=stage.users[persona.handle],
        week=week,
        half_stars=given,
        track=track,
        review=review,
        spoiler=is_fold and bool(review),
        visibility=_audience(chance.random()),
        listened_on=(now - timedelta(days=chance.randrange(9))).date() if chance.random() < 0.5 else None,
        now=now,
    )
    if chance.random() < 0.06:
        other = min(10, given + 1) if chance.random() < 0.7 else max(2, given - 1)
        story.at(now + timedelta(hours=19), lambda then: _thinks_again(story, rating, other, then))


def rates_outside(story: Story, persona: Persona, name: str, now: datetime) -> None:
    """An album that the club never chose, or not yet, on their own."""
    stage = story.stage
    fact, page = stage.facts[name], f"outside {persona.handle}"
    given = half_stars(persona, fact, is_own=True)
    review = stage.writer.review(persona, fact, given, page=page) if dice(page, name).random() < persona.words else ""
    rate_outside(member=stage.users[persona.handle], album=stage.albums[name], half_stars=given, review=review, now=now)


def _thinks_again(story: Story, rating: Rating, half_stars: int, now: datetime) -> None:
    week = rating.week
    if week is not None and _phase(week) == Phase.DISCUSSION:
        rate(member=rating.user, week=week, half_stars=half_stars, now=now)


def _favourite(story: Story, week: Week, given: int, persona: Persona) -> Track | None:
    """Most name a favourite where the album's tracks are known; some tracks are more loved than others."""
    assert week.winner is not None  # noqa: S101  (decided)
    fact = story.stage.fact_of(week.winner.album)
    chance = dice("favourite", persona.handle, fact.name)
    if not fact.tracks or chance.random() > 0.55 + given / 40:
        return None
    weights = [dice("loved", fact.name, title).random() ** 2 + 0.05 for title in fact.tracks]
    title = chance.choices(fact.tracks, weights)[0]
    return Track.objects.filter(artist=week.winner.album.artist_id, title_key=title_key(title)).first()


def _audience(whim: float) -> str | None:
    """Most rate for everybody; now and then a rating is for members, for followers, or for its author alone."""
    for level, limit in ((Visibility.ME, 0.012), (Visibility.FOLLOWERS, 0.03), (Visibility.MEMBERS, 0.09)):
        if whim < limit:
            return level
    return None


def _phase(week: Week) -> str:
    return Week.objects.values_list("phase", flat=True).get(pk=week.pk)
