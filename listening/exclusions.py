"""What a member keeps out of their listens, or has put right: asked for once a call of `ingest`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from catalog.models import Track
from listening.models import Correction, IncognitoRange, RemovedListen
from listening.plays import Play, Reason
from social.models import User


@dataclass(frozen=True)
class Exclusions:
    """One member's word on the plays of one source between two moments."""

    removed: frozenset[tuple[datetime, UUID]]
    private_times: Sequence[tuple[datetime, datetime | None]]
    corrections: dict[UUID, Correction]

    @classmethod
    def of(cls, user: User, *, source: str, since: datetime, until: datetime) -> Exclusions:
        """Three queries, whatever the number of plays; removed plays are asked for in that time alone."""
        removed = RemovedListen.objects.filter(user=user, source=source, played_at__range=(since, until))
        private = IncognitoRange.objects.filter(user=user, starts_at__lte=until)
        corrections = Correction.objects.filter(user=user, undone_at__isnull=True).select_related("track")
        return cls(
            removed=frozenset(removed.values_list("played_at", "msid")),
            private_times=list(private.values_list("starts_at", "ends_at")),
            corrections={correction.msid: correction for correction in corrections},
        )

    def __bool__(self) -> bool:
        return bool(self.removed or self.private_times or self.corrections)

    def reason_against(self, play: Play, msid: UUID) -> str | None:
        """Why the play stays out; None when it may come in."""
        moment = play.played_at
        if (moment, msid) in self.removed:
            return Reason.REMOVED
        if any(start <= moment and (end is None or moment < end) for start, end in self.private_times):
            return Reason.PRIVATE_TIME
        correction = self.corrections.get(msid)
        if correction is not None and correction.verb == Correction.Verb.NOT_MUSIC:
            return Reason.NOT_MUSIC
        return None

    def answer_for(self, msid: UUID) -> tuple[Track, int | None] | None:
        """The track that the member says these names mean, and the album's id where they said that too."""
        correction = self.corrections.get(msid)
        if correction is None or correction.track is None:
            return None
        return correction.track, correction.album_id
