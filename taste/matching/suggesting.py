"""The best matches as members to follow."""

from __future__ import annotations

from django.utils.translation import gettext

from social.models import User
from social.models.user import UserQuerySet
from social.suggestions import Candidate
from taste.matching.showing import kept_scores
from taste.matching.words import word_for

AT_LEAST = 60  # of 100, from where a match is called close


def suggested(viewer: User, candidates: UserQuerySet, n: int) -> list[Candidate]:
    """Whose taste the viewer may read and who lets themselves be compared, the nearest first; one query."""
    scores = kept_scores(viewer, candidates.values("pk"))
    near = sorted((-score, pk) for pk, score in scores.items() if score >= AT_LEAST)
    said = gettext("Match %(score)d · %(words)s")
    return [Candidate(pk, said % {"score": round(-away), "words": word_for(-away)}) for away, pk in near[:n]]
