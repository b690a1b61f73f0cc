"""Casting a ballot: a first choice, a second choice, or either of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from club import revision
from club.current import open_for
from club.errors import ClubRuleBroken
from club.models import ClubSettings, Nomination, Vote, Week
from club.permissions import require_active
from social.models import ModerationAction, User


@dataclass(frozen=True, slots=True)
class Ballot:
    """One member's choices; a lone second choice is allowed and counts one point."""

    first: Nomination | None = None
    second: Nomination | None = None

    @property
    def is_empty(self) -> bool:
        return self.first is None and self.second is None


@transaction.atomic
def cast_ballot(
    *, voter: User, week: Week, first: Nomination | None, second: Nomination | None, now: datetime
) -> Ballot:
    """Record a member's first and second choice, replacing an earlier ballot; the same call twice changes nothing."""
    require_active(voter, now)
    week = open_for("vote", week, now)
    if first is not None and first == second:
        raise ClubRuleBroken("The same album cannot be both the first and the second choice.", code="same_twice")
    return _write(voter=voter, week=week, held=_votes(voter, week), wanted=Ballot(first, second), now=now)


@transaction.atomic
def cast_choice(*, voter: User, week: Week, nomination: Nomination, rank: int, now: datetime) -> Ballot:
    """Set one choice and keep the other; an album that is held in the other rank moves, which empties that rank."""
    require_active(voter, now)
    if rank not in {1, 2}:
        raise ClubRuleBroken("A choice is the first (1) or the second (2).", code="bad_value")
    week = open_for("vote", week, now)
    held = _votes(voter, week)
    chosen = {vote.rank: vote.nomination for vote in held if vote.nomination_id != nomination.pk} | {rank: nomination}
    return _write(voter=voter, week=week, held=held, wanted=Ballot(chosen.get(1), chosen.get(2)), now=now)


@transaction.atomic
def clear_ballot(*, voter: User, week: Week, now: datetime) -> Ballot:
    """Take the whole ballot back while the poll is open."""
    require_active(voter, now)
    week = open_for("vote", week, now)
    return _write(voter=voter, week=week, held=_votes(voter, week), wanted=Ballot(), now=now)


def ballot_of(*, voter: User, week: Week) -> Ballot:
    """What the member has chosen so far, with albums, in one query."""
    chosen = {vote.rank: vote.nomination for vote in _votes(voter, week)}
    return Ballot(chosen.get(1), chosen.get(2))


def freed_choices(*, voter: User, week: Week) -> list[Nomination]:
    """Albums of the week that this member had voted for and that a moderator withdrew since: they may vote anew."""
    withdrawn = {
        nomination.pk: nomination
        for nomination in week.nominations.filter(withdrawn_at__isnull=False).select_related("album__artist")
    }
    acts = ModerationAction.objects.filter(
        kind="club.nomination", verb="withdraw_nomination", object_id__in=withdrawn, undone_by__isnull=True
    ).order_by("id")
    freed = {
        act.object_id: withdrawn[act.object_id]
        for act in acts
        if any(vote["user_id"] == voter.pk for vote in act.before.get("votes", []))
    }
    return list(freed.values())


def _votes(voter: User, week: Week) -> list[Vote]:
    return list(Vote.objects.filter(week=week, user=voter).select_related("nomination__album__artist"))


def _write(*, voter: User, week: Week, held: list[Vote], wanted: Ballot, now: datetime) -> Ballot:
    """Make the stored ballot the wanted one, touching only the choices that differ."""
    chosen = {rank: choice for rank, choice in ((1, wanted.first), (2, wanted.second)) if choice is not None}
    kept = {vote.rank for vote in held if (same := chosen.get(vote.rank)) and same.pk == vote.nomination_id}
    if len(kept) == len(held) == len(chosen):
        return wanted
    _check(voter=voter, week=week, choices=[choice for rank, choice in chosen.items() if rank not in kept])
    if len(kept) < len(held):
        Vote.objects.filter(pk__in=[vote.pk for vote in held if vote.rank not in kept]).delete()
    Vote.objects.bulk_create(
        Vote(week=week, user=voter, nomination=choice, rank=rank, cast_at=now)
        for rank, choice in chosen.items()
        if rank not in kept
    )
    revision.bump()
    return wanted


def _check(*, voter: User, week: Week, choices: list[Nomination]) -> None:
    """Each choice stands in this week, and is not the voter's own where the club forbids that."""
    if not choices:
        return
    standing = Nomination.objects.standing().filter(week=week, pk__in=[choice.pk for choice in choices])
    owners = dict(standing.values_list("pk", "user_id"))
    for choice in choices:
        if choice.pk not in owners:
            raise ClubRuleBroken(f"“{choice.album.title}” is not nominated in {week}.", code="not_nominated")
    if voter.pk in owners.values() and not ClubSettings.load().allow_self_vote:
        raise ClubRuleBroken("Nobody votes for their own nomination. Choose another album.", code="own_nomination")
