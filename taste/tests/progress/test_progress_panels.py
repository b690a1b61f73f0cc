"""What pages say of progress, and of plays beside stars."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from club.models import Phase, Week
from club.tests.factories import RatingFactory
from social.models import User
from social.profile import change_privacy
from taste.tests.progress.scenes import DAY, album_of, hears, listening_week, songs, there

pytestmark = pytest.mark.django_db


@pytest.fixture
def week() -> Week:
    return listening_week(opens_at=timezone.now() - 7 * DAY)


def page(client: Client, address: str, viewer: User | None = None) -> str:
    if viewer:
        client.force_login(viewer)
    return client.get(address).content.decode()


def test_a_member_reads_how_far_they_are_and_what_is_left(client: Client, week: Week) -> None:
    ann = there(week, "ann", shows_progress=False)
    hears(ann, album_of(week), 2, at=timezone.now() - timedelta(hours=9))
    shown = page(client, week.get_absolute_url(), ann)
    assert "You have heard <b>2 of 5</b> tracks." in shown
    assert "3 tracks are left" in shown
    assert "Nobody else sees yours." in shown
    assert all(title in shown for title in songs(album_of(week))[2:])
    assert "You have heard 2 of 5 tracks" in page(client, "/")
    as_visitor = page(client, f"{week.get_absolute_url()}?as=visitor")
    assert "You have heard" not in as_visitor


def test_others_read_whom_consent_shows(client: Client, week: Week, stranger: User) -> None:
    for handle, shows in (("ann", True), ("ben", False)):
        hears(there(week, handle, shows_progress=shows), album_of(week), 5, at=timezone.now() - DAY)
    shown = page(client, week.get_absolute_url(), stranger)
    panel = shown.partition('aria-labelledby="heard"')[2].partition("</section>")[0]
    assert "Ann" in panel
    assert "all of it" in panel
    assert "Ben" not in panel
    assert "You have not begun yet." in panel


def test_visitors_read_nothing_where_nobody_shows_it_to_them(client: Client, week: Week) -> None:
    hears(there(week, "ann"), album_of(week), 5, at=timezone.now() - DAY)
    assert 'id="heard"' not in page(client, week.get_absolute_url())
    assert "my-progress" not in page(client, "/")


@pytest.mark.parametrize("change", [{"shows_progress": False}, {"listens_visibility": "members"}])
def test_who_takes_back_what_they_show_is_gone_from_visitors_kept_pages_at_once(
    client: Client, week: Week, change: dict[str, Any]
) -> None:
    ann = there(week, "ann", visibility="public", listens_visibility="public")
    hears(ann, album_of(week), 5, at=timezone.now() - DAY)
    assert "Ann" in page(client, week.get_absolute_url()).partition('id="heard"')[2]
    change_privacy(member=ann, **change)
    assert 'id="heard"' not in page(client, week.get_absolute_url())


def test_plays_beside_stars_wait_for_the_end_of_the_ratings(client: Client, week: Week, stranger: User) -> None:
    Week.objects.filter(pk=week.pk).update(phase=Phase.DISCUSSION)
    for place in range(5):
        member = there(week, f"m{place}")
        hears(member, album_of(week), place + 1, at=timezone.now() - DAY)
        RatingFactory(week=week, user=member, half_stars=4 + place)
    for address in (week.get_absolute_url(), album_of(week).get_absolute_url()):
        assert "plays-and-stars" not in page(client, address, stranger)
        Week.objects.filter(pk=week.pk).update(phase=Phase.CLOSED)
        assert page(client, address).count('<circle class="dot"') == 5
        Week.objects.filter(pk=week.pk).update(phase=Phase.DISCUSSION)
