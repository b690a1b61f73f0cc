"""Taking the last moderator act back.

Each undoer gets the logged act and puts back what the act changed, unless the club has moved on since. Upper apps add
theirs to `UNDOERS` when they start.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet

from club import revision
from club.choosing import chosen, write_settings
from club.errors import ClubRuleBroken
from club.history import signed
from club.models import ClubSettings, Nomination, Phase, Rating, Vote, Week
from club.moved_ratings import Sent, bring_back, send_outside
from club.permissions import require_moderator
from club.phases import BEFORE_LISTENING, caught_up, change, locked, snapshot
from club.ratings import recompute
from social.models import ModerationAction, User
from social.moderation import log_action


def undoable() -> QuerySet[ModerationAction]:
    """What can be taken back and was not yet, the last act first."""
    acts = ModerationAction.objects.filter(verb__in=UNDOERS, undoes__isnull=True, undone_by__isnull=True)
    return acts.select_related("moderator").order_by("-id")


@transaction.atomic
def undo(*, by: User | None, now: datetime, act: ModerationAction | None = None) -> ModerationAction:
    """Take back the last act of any moderator in the club that was not taken back yet; the log's line about it.

    Called again, it goes one act further back. Refused where the club has moved on since, or where the last act is
    another than the `act` that the moderator saw.
    """
    require_moderator(by, now)
    last = undoable().select_for_update(of=("self",)).first()
    if last is None:
        raise ClubRuleBroken("There is nothing to undo.", code="nothing_to_undo")
    if act is not None and act.pk != last.pk:
        raise ClubRuleBroken("Something else was done meanwhile: look at it first.", code="moved_on")
    obj = UNDOERS[last.verb](last, by, now)
    return log_action(
        moderator=by, verb="undo", obj=obj, reason=f"Undid: {last}"[:1000], before=last.after, after=last.before,
        now=now, undoes=last,
    )  # fmt: skip


def moved_on(act: ModerationAction) -> ClubRuleBroken:
    return ClubRuleBroken(f"“{act}” can no longer be undone: things have moved on since.", code="moved_on")


def _week(act: ModerationAction, now: datetime) -> Week:
    week = Week.objects.filter(pk=act.object_id).first()
    if week is None:
        raise moved_on(act)
    return caught_up(week, now)


def undo_phase(act: ModerationAction, by: User | None, now: datetime) -> Week:
    """Phase, deadlines and winner as they were, if nothing changed them since."""
    week = _week(act, now)
    is_undecided = act.before["phase"] in BEFORE_LISTENING
    if snapshot(week) != act.after or (is_undecided and Rating.objects.filter(week=week).exists()):
        raise moved_on(act)
    fields: dict[str, Any] = {
        name: datetime.fromisoformat(value) if value and name.endswith("_at") else value
        for name, value in act.before.items()
    }
    change(week, by=by, now=now, reason="undo", **fields)
    return week


def undo_override(act: ModerationAction, by: User | None, now: datetime) -> Week:
    """The old winner with the old ratings; ratings of the other one go outside the club as those had."""
    week = _week(act, now)
    if week.winner_id != act.after["winner"]:
        raise moved_on(act)
    change(week, by=by, now=now, reason="undo", winner_id=act.before["winner"], tie_break=act.before["tie_break"])
    send_outside(week, by=by, now=now)
    bring_back(week, Sent(act.after["moved"], act.after["dropped"]), by=by, now=now)
    recompute(week)
    return week


def undo_withdrawal(act: ModerationAction, by: User | None, now: datetime) -> Nomination:
    """The nomination stands again, with the votes whose voters have not chosen anew, nor left."""
    nomination = Nomination.objects.select_related("album__artist", "week").filter(pk=act.object_id).first()
    if nomination is None:
        raise moved_on(act)
    week = caught_up(nomination.week, now)
    standing = Nomination.objects.standing().filter(week=week)
    is_taken = standing.filter(album=nomination.album_id).exists()
    is_full = standing.filter(user=nomination.user_id).count() >= ClubSettings.load().nominations_per_member
    is_over = week.phase not in {Phase.NOMINATIONS, Phase.POLL}
    if is_over or nomination.withdrawn_at is None or is_taken or is_full:
        raise moved_on(act)
    nomination.withdrawn_at = None
    signed(nomination, by=by, now=now, reason="undo").save(update_fields=["withdrawn_at"])
    votes: list[dict[str, Any]] = act.before["votes"]
    here = set(User.objects.filter(pk__in=[vote["user_id"] for vote in votes]).values_list("pk", flat=True))
    used = set(Vote.objects.filter(week=week).values_list("user_id", "rank"))
    Vote.objects.bulk_create(
        Vote(
            week=week, user_id=vote["user_id"], nomination=nomination, rank=vote["rank"],
            cast_at=datetime.fromisoformat(vote["cast_at"]),
        )
        for vote in votes
        if vote["user_id"] in here and (vote["user_id"], vote["rank"]) not in used
    )  # fmt: skip
    revision.bump()
    return nomination


def undo_edit(act: ModerationAction, by: User | None, now: datetime) -> Nomination:
    """The texts as they were."""
    nomination = Nomination.objects.select_related("album__artist", "week").filter(pk=act.object_id).first()
    if nomination is None or any(getattr(nomination, name) != text for name, text in act.after.items()):
        raise moved_on(act)
    for name, text in act.before.items():
        setattr(nomination, name, text)
    signed(nomination, by=by, now=now, reason="undo").save()
    revision.bump()
    return nomination


def undo_hiding(act: ModerationAction, by: User | None, now: datetime) -> Rating:
    """Hidden or shown as before."""
    rating: Rating | None = Rating.objects.select_related("album__artist", "week").filter(pk=act.object_id).first()
    was_hidden = not act.after["hidden"]
    if rating is None or (rating.hidden_at is not None) == was_hidden:
        raise moved_on(act)
    week = locked(rating.week) if rating.week else None
    rating.hidden_at, rating.hidden_by = (now, by) if was_hidden else (None, None)
    rating.hidden_reason = act.before.get("reason", "") if was_hidden else ""
    signed(rating, by=by, now=now, reason="undo").save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])
    if week is not None:
        recompute(week)
    revision.bump()
    return rating


def undo_opening(act: ModerationAction, by: User | None, now: datetime) -> Week:
    """The week is cancelled, as if it had been skipped; what was nominated stays on its page."""
    week = _week(act, now)
    if week.phase not in BEFORE_LISTENING:
        raise moved_on(act)
    change(week, by=by, now=now, reason="undo", phase=Phase.CANCELLED)
    return week


def undo_settings(act: ModerationAction, by: User | None, now: datetime) -> ClubSettings:
    """The club's own choices as they were, if nobody changed them since."""
    settings = ClubSettings.objects.select_for_update(no_key=True).get(pk=1)
    if chosen(settings, act.after) != act.after:
        raise moved_on(act)
    write_settings(settings, act.before, by=by, now=now, reason="undo")
    return settings


Undoer = Callable[[ModerationAction, User | None, datetime], Model]
UNDOERS: dict[str, Undoer] = {
    "open_week": undo_opening,
    "change_settings": undo_settings,
    **dict.fromkeys(["close_phase", "extend_phase", "change_deadlines", "reopen_phase", "skip_week"], undo_phase),
    "override_winner": undo_override,
    "withdraw_nomination": undo_withdrawal,
    "edit_nomination": undo_edit,
    "hide_rating": undo_hiding,
    "unhide_rating": undo_hiding,
}
