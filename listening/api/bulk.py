"""REST: many listens in one call."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from listening.ingest import ingest
from listening.models import ImportBatch, Source
from listening.plays import MAX_NAME, MAX_TITLE, Outcome, Play, Reason, Skipped, to_second
from sidetrack.api.describing import answers, asks, shown_as
from sidetrack.api.serializers import Answer, Body, UtcDateTimeField
from sidetrack.api.views import Endpoint
from social.acting import Person, acting_member
from social.models import LinkedAccount, User

MAX_AT_ONCE = 1_000
FORMAT = "rest"
LONGEST_MS = 24 * 24 * 3600 * 1000  # ListenBrainz's limit on a duration: 24 days
NOT_READABLE = {
    "played_at": "played_at must be a date and time, such as 2025-11-24T20:00:00Z",
    "recording_mbid": "recording_mbid must be a UUID",
    "ms_played": "ms_played must be a whole number of milliseconds, 0 to 24 days",
}


class ListenGiven(Body):
    """One play."""

    played_at = UtcDateTimeField(help_text="When it began.")
    track = serializers.CharField(max_length=MAX_TITLE)
    artist = serializers.CharField(max_length=MAX_NAME)
    album = serializers.CharField(max_length=MAX_TITLE, required=False, allow_blank=True, allow_null=True)
    recording_mbid = serializers.UUIDField(required=False, allow_null=True)
    ms_played = serializers.IntegerField(required=False, allow_null=True, min_value=0, max_value=LONGEST_MS)


@extend_schema_field(ListenGiven(many=True))
class ListensField(serializers.ListField):
    """Plays as they came: each is looked at by itself, so that one that is odd does not keep the others out."""

    child = serializers.JSONField()

    def run_child_validation(self, data: Any) -> Any:
        return data


class ListensGiven(Person):
    source = serializers.ChoiceField(  # type: ignore[assignment]
        choices=Source.choices, help_text="Where the plays were recorded."
    )
    listens = ListensField(
        allow_empty=False,
        max_length=MAX_AT_ONCE,
        error_messages={"max_length": f"At most {MAX_AT_ONCE} listens at once: send the rest in another call."},
    )


class SkippedAnswer(Answer):
    index = serializers.IntegerField(help_text="Its place in `listens`, from 0.")
    reason = serializers.CharField()


@shown_as({"new": 2, "known": 1, "duplicates": 1, "skipped": [{"index": 4, "reason": Reason.NO_NAMES}]})
class OutcomeAnswer(Answer):
    """new + known + duplicates + the number of skipped is how many were sent."""

    new = serializers.IntegerField(source="n_new")
    known = serializers.IntegerField(source="n_known", help_text="Sent before, or twice in this call.")
    duplicates = serializers.IntegerField(source="n_duplicates", help_text="Told by another source too: counted once.")
    skipped = SkippedAnswer(many=True)


def read_play(given: Any) -> Play | str:
    """The play, or why it cannot be one."""
    if not isinstance(given, dict):
        return "A listen must be an object"
    if unknown := [_storable(str(name)[:64]) for name in given if name not in ListenGiven._declared_fields]:
        return f"Not expected: {', '.join(unknown[:5])}"
    track, artist, album = given.get("track"), given.get("artist"), given.get("album") or ""
    if not isinstance(track, str) or not isinstance(artist, str) or not isinstance(album, str):
        return Reason.NO_NAMES
    played_at, ms = _moment(given.get("played_at")), given.get("ms_played")
    if played_at is None:
        return NOT_READABLE["played_at"]
    if ms is not None and (not isinstance(ms, int) or isinstance(ms, bool) or not 0 <= ms <= LONGEST_MS):
        return NOT_READABLE["ms_played"]
    mbid = given.get("recording_mbid")
    try:
        recording = UUID(mbid) if mbid else None
    except (ValueError, AttributeError, TypeError):
        return NOT_READABLE["recording_mbid"]
    names = _storable(artist), _storable(track), _storable(album)
    return Play(played_at, *names, ms_played=ms, recording_mbid=recording)


def _storable(text: str) -> str:
    """Half a surrogate pair, which JSON can say and no database holds, becomes a question mark."""
    return text.encode("utf-8", "replace").decode()


def _moment(text: Any) -> datetime | None:
    """A date and time; without a zone it is UTC."""
    if not isinstance(text, str):
        return None
    try:
        moment = parse_datetime(text)
        if moment is None:
            return None
        return to_second(moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None


def brought_by_rest(member: User, source: str, *, now: datetime) -> ImportBatch | None:
    """What the plays of a source whose account may be read as well belong to, so that they are told apart from it.

    One that was taken back, or is being so, is followed by another; two that were made at once do no harm.
    Without it, reading the account would take for deleted there what only came here. They can be taken back together.
    """
    if source not in LinkedAccount.Provider.values:
        return None
    done = ImportBatch.State.DONE
    batches = ImportBatch.objects.filter(user=member, source=source, file_format=FORMAT, state=done).order_by("pk")
    return batches.first() or ImportBatch.objects.create(
        user=member, source=source, file_format=FORMAT, file_name="Sent by REST", state=done, share_read=1,
        created_at=now, finished_at=now,
    )  # fmt: skip


def count_in(batch: ImportBatch, outcome: Outcome) -> None:
    """Add what became of a call to the counts that its member sees."""
    ImportBatch.objects.filter(pk=batch.pk).update(
        n_lines=F("n_lines") + outcome.n_new + outcome.n_known + outcome.n_duplicates,
        n_new=F("n_new") + outcome.n_new,
        n_known=F("n_known") + outcome.n_known,
        n_duplicates=F("n_duplicates") + outcome.n_duplicates,
    )


class ListensBulk(Endpoint):
    @extend_schema(
        tags=["listens"],
        operation_id="listens_bulk",
        summary="Send listens",
        description=f"Up to {MAX_AT_ONCE} plays of one source. The same plays again change nothing. A play that cannot "
        "be stored is skipped with the reason; the others are stored all the same.",
        request=asks(
            ListensGiven,
            {
                "Two plays": {
                    "source": "manual",
                    "listens": [
                        {"played_at": "2025-11-24T20:00:00Z", "track": "Roads", "artist": "Portishead"},
                        {
                            "played_at": "2025-11-24T20:05:10Z",
                            "track": "Glory Box",
                            "artist": "Portishead",
                            "album": "Dummy",
                            "ms_played": 301_000,
                        },
                    ],
                }
            },
        ),
        responses=answers({200: OutcomeAnswer}, 400, 401, 403, 404),
    )
    def post(self, request: Request) -> Response:
        body = ListensGiven(data=request.data)
        body.is_valid(raise_exception=True)
        given, now = body.validated_data, timezone.now()
        with transaction.atomic():
            member = acting_member(request, given, now=now)
        plays: list[Play] = []
        places: list[int] = []
        skipped: list[Skipped] = []
        for index, each in enumerate(given["listens"]):
            play = read_play(each)
            if isinstance(play, str):
                skipped.append(Skipped(index, play))
            else:
                plays.append(play)
                places.append(index)
        batch = brought_by_rest(member, given["source"], now=now)
        outcome = ingest(user=member, source=given["source"], plays=plays, now=now, batch=batch)
        if batch is not None:
            count_in(batch, outcome)
        skipped += [Skipped(places[each.index], each.reason) for each in outcome.skipped]
        skipped.sort(key=lambda each: each.index)
        whole = Outcome(outcome.n_new, outcome.n_known, outcome.n_duplicates, tuple(skipped))
        return Response(OutcomeAnswer(whole).data)
