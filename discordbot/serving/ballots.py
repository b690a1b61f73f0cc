"""Voting: the ballot paper in two queries, casting, clearing, and page by page where the nominees are many."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from club.errors import ClubRuleBroken
from club.models import ClubSettings, Nomination, Vote, Week
from club.voting import Ballot, ballot_of, cast_ballot, cast_choice, clear_ballot, freed_choices
from discordbot.cards.parts import moment
from discordbot.forms import vote as forms
from discordbot.forms.nominate import album_line
from discordbot.forms.vote import BallotPaper, Choosable
from discordbot.members import Person, member_of_club
from discordbot.opening import open_week
from discordbot.posts import Json
from discordbot.replies import PRIMARY, Reply, button, buttons, week_link
from discordbot.routes import encode
from discordbot.safe_text import escaped
from discordbot.serving.nominations import places_of
from discordbot.texts import members, say
from social.models import User
from social.visibility import Visibility

NAMED = {Visibility.PUBLIC, Visibility.MEMBERS}


def paper_for(*, person: Person, number: int | None, now: datetime) -> tuple[Week, BallotPaper]:
    """The week that takes votes, and the member's paper: what they may choose, and what they have chosen."""
    self_vote = Subquery(ClubSettings.objects.values("allow_self_vote")[:1])
    week = open_week("vote", number, now=now, weeks=Week.objects.annotate(self_vote=self_vote))
    votes = Vote.objects.filter(person.is_owner("user__"), nomination=OuterRef("pk"))
    rows = (
        Nomination.objects.standing()
        .filter(week=week)
        .select_related("album__artist", "user")
        .annotate(
            rank=Subquery(votes.values("rank")[:1]),
            is_own=Exists(User.objects.filter(person.is_owner(), pk=OuterRef("user_id"))),
        )
    )
    nominations: list[Any] = list(rows)
    chosen = {each.rank: each.pk for each in nominations if each.rank}
    may_choose_own = bool(week.self_vote)  # type: ignore[attr-defined]
    open_to = [each for each in nominations if may_choose_own or not each.is_own]
    return week, BallotPaper(
        week=week.number,
        closes_at=week.poll_close_at,
        nominees=tuple(_choosable(nomination) for nomination in open_to),
        first=chosen.get(1),
        second=chosen.get(2),
        has_own=len(open_to) < len(nominations),
    )


def _choosable(nomination: Nomination) -> Choosable:
    album, user = nomination.album, nomination.user
    by = str(user) if user.club_visibility in NAMED else ""
    return Choosable(nomination.pk, album.title, album.credit, album.release_year, by)


def opened(*, person: Person, number: int | None, now: datetime) -> Json | Reply:
    """The form with the present choice selected; a message with pages where a form does not hold the nominees."""
    week, paper = paper_for(person=person, number=number, now=now)
    if not paper.nominees:
        raise ClubRuleBroken(say(members.NOTHING_TO_VOTE, week=week), code="not_nominated")
    return forms.form(paper) if paper.fits_a_form else _page(paper, 1)


def page(*, person: Person, number: int | None, page: int, now: datetime, head: str = "") -> Reply:
    """A page of the ballot as a message: turning it, or the ballot of somebody whose form could not open in time."""
    week, paper = paper_for(person=person, number=number, now=now)
    if not paper.nominees:
        raise ClubRuleBroken(say(members.NOTHING_TO_VOTE, week=week), code="not_nominated")
    return _page(paper, page, head)


def _page(paper: BallotPaper, page: int, head: str = "") -> Reply:
    chosen = {each.nomination_id: each for each in paper.nominees}
    lines = [head or forms.rules(paper)]
    for label, nomination_id in ((members.FIRST_LABEL, paper.first), (members.SECOND_NOW, paper.second)):
        if nominee := chosen.get(nomination_id or 0):
            choice = escaped(album_line(nominee.title, nominee.artist, nominee.year), 300, one_line=True)
            lines.append(f"{say(label)}: **{choice}**")
    lines.append(forms.page_words(paper, page))
    return Reply("\n".join(lines), forms.page_rows(paper, page))


def cast(*, person: Person, number: int | None, first: int | None, second: int | None, now: datetime) -> Reply:
    """The whole ballot as the form says it."""
    member = member_of_club(person, now=now)
    week = _week(number, now)
    if first is None and second is None:
        raise ClubRuleBroken(say(members.CHOOSE_ONE), code="bad_value")
    try:
        chosen = _nominations({choice for choice in (first, second) if choice is not None}, week)
        choices = chosen.get(first or 0), chosen.get(second or 0)
        ballot = cast_ballot(voter=member, week=week, first=choices[0], second=choices[1], now=now)
    except ClubRuleBroken as refusal:
        again = button(members.TRY_AGAIN, encode("vote", week.number), style=PRIMARY)
        return Reply(escaped(refusal.message, 800), (buttons(again, week_link(week)),))
    return said(week, ballot)


def chosen(*, person: Person, number: int, rank: int, nomination_id: int, page_number: int, now: datetime) -> Reply:
    """One choice from the pages; it counts at once, and the page says what the ballot is now."""
    member = member_of_club(person, now=now)
    week = _week(number, now)
    nomination = _nominations({nomination_id}, week)[nomination_id]
    ballot = cast_choice(voter=member, week=week, nomination=nomination, rank=rank, now=now)
    return page(person=person, number=number, page=page_number, now=now, head=_in_words(week, ballot))


def cleared(*, person: Person, number: int | None, now: datetime) -> Reply:
    member = member_of_club(person, now=now)
    week = _week(number, now)
    clear_ballot(voter=member, week=week, now=now)
    vote = button(members.VOTE_AGAIN, encode("vote", week.number))
    return Reply(say(members.BALLOT_CLEARED, week=week, time=moment(week.poll_close_at)), (buttons(vote),))


def said(week: Week, ballot: Ballot) -> Reply:
    """What is true now, and how to change it."""
    change = button(members.CHANGE_BALLOT, encode("vote", week.number))
    clear = button(members.CLEAR_BALLOT, encode("vote.clear", week.number))
    return Reply(_in_words(week, ballot), (buttons(change, clear, week_link(week)),))


def present(*, member: User, week: Week) -> str:
    """The member's ballot in words, "" where it is empty, and what was withdrawn from it."""
    ballot = ballot_of(voter=member, week=week)
    lines = [] if ballot.is_empty else [_in_words(week, ballot)]
    lines += [
        say(members.FREED, album=places_of(nomination.album)["album"])
        for nomination in freed_choices(voter=member, week=week)
    ]
    return "\n".join(lines)


def _in_words(week: Week, ballot: Ballot) -> str:
    names = [
        say(members.CHOICE, **places_of(choice.album)) if choice else say(members.NO_CHOICE)
        for choice in (ballot.first, ballot.second)
    ]
    return say(members.VOTED, week=week, first=names[0], second=names[1], time=moment(week.poll_close_at))


def _week(number: int | None, now: datetime) -> Week:
    if number is not None and (week := Week.objects.filter(number=number).first()):
        return week
    return open_week("vote", number, now=now)


def _nominations(ids: set[int], week: Week) -> dict[int, Nomination]:
    """The chosen nominations by id. One of another week is passed on: the club's own rule refuses it."""
    found = {row.pk: row for row in Nomination.objects.filter(pk__in=ids).select_related("album__artist")}
    if len(found) < len(ids):
        raise ClubRuleBroken(say(members.NOT_THERE, week=week), code="not_nominated")
    return found
