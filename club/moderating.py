"""What moderators do about a winner and about reviews; `undo` takes the last of their acts back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from club import revision
from club.errors import ClubRuleBroken
from club.history import signed
from club.models import Nomination, Rating, WantedAlbum, Week
from club.moved_ratings import send_outside
from club.nominating import edit_nomination
from club.permissions import require_moderator, require_reason
from club.phases import caught_up, change, locked
from club.polls import POLL_IS_OVER
from club.ratings import recompute
from club.shelves.wanting import empty_note
from club.undoing import undo
from social.models import Report, User
from social.moderation import log_action

__all__ = ["hide_rating", "hide_reported", "override_winner", "undo", "unhide_rating"]

CHOSEN = "A moderator chose this winner."


@transaction.atomic
def override_winner(*, week: Week, nomination: Nomination, by: User | None, reason: str, now: datetime) -> Week:
    """Give a decided week another winner; the winner that it has changes nothing.

    Ratings of the old winner stay as ratings outside the club (dropped where the member has one), the week's figures
    start anew; undoing restores all.
    """
    require_moderator(by, now)
    reason = require_reason(reason)
    week = caught_up(week, now)
    if week.phase not in POLL_IS_OVER:
        raise ClubRuleBroken(f"The poll of {week} is not over: there is no winner to override.", code="wrong_phase")
    if not Nomination.objects.standing().filter(week=week, pk=nomination.pk).exists():
        raise ClubRuleBroken(f"“{nomination.album.title}” is not nominated in {week}.", code="not_nominated")
    if week.winner_id == nomination.pk:
        return week
    before = {"winner": week.winner_id, "tie_break": week.tie_break}
    change(week, by=by, now=now, reason=reason, winner_id=nomination.pk, tie_break=CHOSEN)
    sent = send_outside(week, by=by, now=now)
    recompute(week)
    after = {"winner": nomination.pk, "moved": sent.moved, "dropped": sent.dropped}
    log_action(
        moderator=by, verb="override_winner", obj=week, reason=reason, before=before, after=after, now=now
    )  # fmt: skip
    return week


@transaction.atomic
def hide_rating(*, rating: Rating, by: User | None, reason: str, now: datetime) -> Rating:
    """Take a rating and its review out of sight and out of every figure; hidden already changes nothing."""
    require_moderator(by, now)
    return _set_hidden(rating, by=by, reason=reason, now=now, hidden=True)


@transaction.atomic
def unhide_rating(*, rating: Rating, by: User | None, reason: str, now: datetime) -> Rating:
    """Show it, and count it, again."""
    require_moderator(by, now)
    return _set_hidden(rating, by=by, reason=reason, now=now, hidden=False)


def hide_reported(report: Report, moderator: User, reason: str, now: datetime) -> bool | None:
    """Fills the slot "report:hide": a rating is hidden, a pitch or a note emptied; None for what is not ours."""
    match report.kind:
        case "club.rating":
            rating = Rating.objects.filter(pk=report.object_id).first()
            if rating is not None:
                hide_rating(rating=rating, by=moderator, reason=reason, now=now)
            return True
        case "club.nomination":
            nomination = Nomination.objects.filter(pk=report.object_id).select_related("week").first()
            if nomination is not None:
                words = {"pitch": "", "pitch_track": "", "pitch_track_url": ""}
                edit_nomination(nomination=nomination, by=moderator, now=now, **words)
            return True
        case "club.wantedalbum":
            wanted = WantedAlbum.objects.filter(pk=report.object_id).first()
            if wanted is not None:
                empty_note(wanted=wanted)
            return True
    return None


def _set_hidden(rating: Rating, *, by: User | None, reason: str, now: datetime, hidden: bool) -> Rating:
    reason = reason.strip()[:1000]
    week = locked(rating.week) if rating.week else None
    rating = Rating.objects.select_for_update(no_key=True).get(pk=rating.pk)
    if (rating.hidden_at is not None) == hidden:
        return rating
    was = rating.hidden_reason
    rating.hidden_at, rating.hidden_by, rating.hidden_reason = (now, by, reason) if hidden else (None, None, "")
    signed(rating, by=by, now=now, reason=reason).save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    if week is not None:
        recompute(week)
    verb, before = ("hide_rating", {}) if hidden else ("unhide_rating", {"reason": was})
    log_action(moderator=by, verb=verb, obj=rating, reason=reason, before=before, after={"hidden": hidden}, now=now)
    revision.bump()
    return rating
