"""A member hears a month and a week before Spotify's permission ends, once each, and connects again in time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listening.linking.showing import connections_of
from listening.spotify_endings import Stage, due_warnings, ends_at, remember_warning
from social.models import LinkedAccount, User

PERMITTED = datetime(2026, 8, 31, 22, 30, tzinfo=UTC)
END = datetime(2027, 2, 28, 22, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def link(rin: User) -> LinkedAccount:
    return LinkedAccount.objects.create(
        user=rin,
        provider="spotify",
        provider_user_id="listener",
        access_token="access",
        refresh_token="refresh",
        authorised_at=PERMITTED,
    )


def stages(now: datetime) -> list[Stage]:
    return [ending.stage for ending in due_warnings(now=now)]


def test_six_months_of_a_long_month_end_with_a_short_one() -> None:
    assert ends_at(PERMITTED) == END
    assert ends_at(datetime(2026, 12, 5, tzinfo=UTC)) == datetime(2027, 6, 5, tzinfo=UTC)


@given(st.integers(0, 15_000))
def test_it_never_ends_earlier_than_after_181_days_nor_later_than_after_184(n_days: int) -> None:
    authorised_at = datetime(2020, 1, 1, 12, tzinfo=UTC) + n_days * DAY
    assert 181 * DAY <= ends_at(authorised_at) - authorised_at <= 184 * DAY


def test_a_warning_is_due_one_month_and_one_week_before_and_once_each(link: LinkedAccount) -> None:
    assert stages(END - 31 * DAY) == []
    (ending,) = due_warnings(now=END - 30 * DAY)
    assert (ending.stage, ending.user, ending.ends_at) == (Stage.MONTH, link.user, END)
    assert ending.words.startswith("Spotify lets us read what you play until 28 February 2027.")
    assert remember_warning(ending)
    assert not remember_warning(ending)
    assert stages(END - 29 * DAY) == []
    (last,) = due_warnings(now=END - 7 * DAY)
    assert last.stage == Stage.WEEK
    assert remember_warning(last)
    assert stages(END - DAY) == []
    assert stages(END + DAY) == []


def test_a_site_that_was_off_warns_only_of_what_is_left(link: LinkedAccount) -> None:
    assert stages(END - 3 * DAY) == [Stage.WEEK]
    assert stages(END) == []


def test_who_connects_again_is_warned_anew_half_a_year_later(link: LinkedAccount) -> None:
    (ending,) = due_warnings(now=END - 7 * DAY)
    assert remember_warning(ending)
    again = END - 2 * DAY
    LinkedAccount.objects.filter(pk=link.pk).update(authorised_at=again)
    assert not remember_warning(ending)
    assert stages(END - DAY) == []
    assert stages(ends_at(again) - 7 * DAY) == [Stage.WEEK]


def test_nobody_is_warned_of_what_they_do_not_have(link: LinkedAccount, sol: User, stranger: User) -> None:
    LinkedAccount.objects.create(user=sol, provider="spotify", provider_user_id="signs-in")
    gone = LinkedAccount.objects.create(
        user=stranger, provider="spotify", provider_user_id="gone", authorised_at=PERMITTED
    )
    assert [ending.link_id for ending in due_warnings(now=END - 7 * DAY)] == [link.pk]
    assert gone.refresh_token == ""
    User.objects.filter(pk=link.user_id).update(is_active=False)
    assert stages(END - 7 * DAY) == []


def banner(member: User, *, now: datetime) -> str:
    """What the page of connections says of the member's permission."""
    (spotify,) = (each for each in connections_of(member, now=now) if each.source == "spotify")
    return spotify.warning


def test_the_banner_speaks_in_the_member_s_own_days_and_only_when_there_is_something_to_say(
    link: LinkedAccount, rin: User, sol: User
) -> None:
    rin.timezone = "Asia/Tokyo"
    rin.save()
    assert banner(rin, now=PERMITTED + DAY) == ""
    assert "until 1 March 2027" in banner(rin, now=END - 20 * DAY)
    assert "no longer lets us" in banner(rin, now=END)
    LinkedAccount.objects.filter(pk=link.pk).update(refresh_token="")
    assert "no longer lets us" in banner(rin, now=PERMITTED + DAY)
    assert banner(sol, now=END) == ""
    LinkedAccount.objects.create(user=sol, provider="spotify", provider_user_id="signs-in")
    assert banner(sol, now=END) == ""
