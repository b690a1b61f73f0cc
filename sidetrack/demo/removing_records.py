"""What was written down about the demo: history, share images, reports and the moderators' log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from catalog.models import Album
from club.models import ShareImage, Week
from sidetrack.demo.removed import Ids, Removed
from social.models import ModerationAction, Report, User

PICTURES: dict[str, type[Model]] = {
    ShareImage.Kind.WEEK: Week,
    ShareImage.Kind.ALBUM: Album,
    ShareImage.Kind.MEMBER: User,
}
MOOT = "It was about the demo, which was taken out."


@dataclass(frozen=True, slots=True)
class Written:
    """By id, what invented members or the club itself wrote, as long as their names still stand under it."""

    reports: Ids
    acts: Ids


def written() -> Written:
    """Ask before the invented members go."""
    invented = User.objects.filter(is_demo=True)
    acts = ModerationAction.objects.filter(Q(moderator=None) | Q(moderator__in=invented))
    return Written(
        reports=set(Report.objects.filter(reporter__in=invented).values_list("pk", flat=True)),
        acts=set(acts.values_list("pk", flat=True)),
    )


def remove_records(done: Removed, known: Written, *, now: datetime) -> None:
    """Ask last: it follows the ids of what is gone."""
    done.delete(Report.objects.filter(pk__in=known.reports))
    _dismiss_real_reports(done, now)
    _shorten_log(done, known)
    _remove_pictures(done)
    for model, ids in done.gone.items():
        if (history := getattr(model, "history", None)) is not None:
            history.filter(id__in=ids).delete()


def _about_gone(done: Removed) -> Q:
    """Reports and acts about something that is gone."""
    condition = Q(pk__in=())
    for model, ids in done.gone.items():
        condition |= Q(kind=model._meta.label_lower, object_id__in=ids)
    return condition


def _dismiss_real_reports(done: Removed, now: datetime) -> None:
    """A real member's report of invented words has nothing left to settle, and stays as it was said."""
    n_open = (
        Report.objects.open()
        .filter(_about_gone(done))
        .update(resolved_at=now, outcome=Report.Outcome.DISMISSED, outcome_reason=MOOT)
    )
    if n_open:
        done.kept.append(f"Reports by real members about invented words stay, dismissed ({n_open} were open): {MOOT}")


def _shorten_log(done: Removed, known: Written) -> None:
    """Acts of invented moderators, or of the club itself, on what is gone were never anybody's: they go with it.

    What a real moderator did stays, and so does whatever was done to something real.
    """
    about = ModerationAction.objects.filter(_about_gone(done))
    real = about.exclude(pk__in=known.acts)
    going = about.filter(pk__in=known.acts).exclude(pk__in=real.exclude(undoes=None).values("undoes"))
    if n_real := real.count():
        done.kept.append(f"Of the moderators' log these stay, because real moderators did them: {n_real}.")
    ids = set(going.values_list("pk", flat=True))
    lines: QuerySet[ModerationAction] = QuerySet(ModerationAction)  # the log's own query set deletes nothing
    lines.filter(pk__in=ids, undoes__in=ids).delete()
    lines.filter(pk__in=ids).delete()
    done.gone[ModerationAction] = ids


def _remove_pictures(done: Removed) -> None:
    for kind, model in PICTURES.items():
        pictures = ShareImage.objects.filter(kind=kind, object_id__in=done.gone.get(model, set()))
        files = [(picture.file.storage, picture.file.name) for picture in pictures]
        pictures.delete()
        for storage, name in files:
            transaction.on_commit(lambda storage=storage, name=name: storage.delete(name))  # type: ignore[misc]
