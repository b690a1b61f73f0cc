"""Who comes to the club every week, for whoever looks for somebody to follow."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.utils.timezone import now as current_time
from django.utils.translation import ngettext

from club.models import Nomination, Phase, Rating, Week
from social.models import User
from social.models.user import UserQuerySet
from social.suggestions import Candidate
from social.visibility import visible_q

N_WEEKS = 12  # the newest ones: a quarter of a year
AT_LEAST = 2


def suggested(viewer: User, candidates: UserQuerySet, n: int) -> list[Candidate]:
    """Those who rated or nominated in most of the newest weeks, as far as the viewer may read who did.

    Votes say nothing here: they are secret unless their voter shows them.
    """
    weeks_of = weeks_taken_part(viewer, candidates, now=current_time())
    order = sorted(weeks_of, key=lambda pk: (-len(weeks_of[pk]), pk))[:n]
    said = "Took part in %(n)d week lately", "Took part in %(n)d weeks lately"
    return [
        Candidate(pk, ngettext(*said, len(weeks_of[pk])) % {"n": len(weeks_of[pk])})
        for pk in order
        if len(weeks_of[pk]) >= AT_LEAST
    ]


def weeks_taken_part(viewer: User, candidates: UserQuerySet, *, now: datetime) -> dict[int, set[int]]:
    """By member: the weeks among the newest ones in which they openly rated or nominated."""
    newest = Week.objects.filter(opens_at__lte=now).exclude(phase__in=[Phase.SCHEDULED, Phase.CANCELLED])
    week_ids = list(newest.order_by("-number").values_list("pk", flat=True)[:N_WEEKS])
    theirs = {"week__in": week_ids, "user__in": candidates.values("pk")}
    ratings = Rating.objects.standing().filter(**theirs).visible_to(viewer)
    named = Nomination.objects.standing().filter(visible_q(viewer, levels=["user__club_visibility"]), **theirs)
    weeks_of: defaultdict[int, set[int]] = defaultdict(set)
    for rows in (ratings, named):
        for user_id, week_id in rows.order_by().values_list("user", "week"):
            weeks_of[user_id].add(week_id)
    return weeks_of
