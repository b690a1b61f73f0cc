"""Two at once: both ask, both answer, one leaves while the list is made."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from catalog.tests.factories import TrackFactory
from catalog.tests.test_races import at_once
from social.models import LinkedAccount, User
from taste.blends import asking
from taste.models import Blend, Playlist, PlaylistExport
from taste.playlists import services, writing
from taste.playlists.writing import Line

NOW = datetime(2025, 11, 20, 12, 0, tzinfo=UTC)


@pytest.mark.django_db
def test_a_pair_has_one_row_whichever_way_round(rin: User, stranger: User) -> None:
    Blend.objects.create(asker=rin, asked=stranger, created_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Blend.objects.create(asker=stranger, asked=rin, created_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Blend.objects.create(asker=rin, asked=rin, created_at=NOW)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_ask_each_other_at_once_have_one_blend() -> None:
    a, b = (User.objects.create_user(name, "correct horse battery") for name in ("ana", "bo"))
    answers = at_once(
        lambda: asking.ask(by=a, whom=b, now=NOW),
        lambda: asking.ask(by=b, whom=a, now=NOW),
        lambda: asking.ask(by=a, whom=b, now=NOW),
    )
    assert [each for each in answers if isinstance(each, Exception)] == []
    assert Blend.objects.get().accepted_at == NOW


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_clicks_at_once_make_one_export_and_one_run() -> None:
    ana = User.objects.create_user("ana", "correct horse battery")
    LinkedAccount.objects.create(
        user=ana, provider="listenbrainz", provider_user_id="ana", access_token="x", authorised_at=NOW
    )
    row = writing.make(user=ana, title="Mine", now=NOW)
    writing.add_track(user=ana, track=TrackFactory(), playlist=row, now=NOW)
    ask = lambda: services.ask(user=ana, playlist=row, service="listenbrainz", now=NOW)  # noqa: E731
    assert [each for each in at_once(ask, ask, ask) if isinstance(each, Exception)] == []
    export = PlaylistExport.objects.get()
    begin = lambda: services.Run.begin(export.pk, NOW)  # noqa: E731
    assert sum(each is not None for each in at_once(begin, begin, begin)) == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_same_list_kept_twice_at_once_stands_once() -> None:
    ana = User.objects.create_user("ana", "correct horse battery")
    lines = [Line(TrackFactory(), "why") for _ in range(20)]
    keep = lambda: writing.save(user=ana, kind="mood", key="22-60", title="Mood", lines=lines, now=NOW)  # noqa: E731
    assert [each for each in at_once(keep, keep, keep) if isinstance(each, Exception)] == []
    assert Playlist.objects.get().lines.count() == 20
