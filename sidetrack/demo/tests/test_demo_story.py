"""`manage.py demo`: a club that looks lived in, by its own rules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F

from catalog.models import Album, Artist, Tag, Track
from club.models import Nomination, Phase, Rating, Vote, Week
from club.ratings import recompute
from sidetrack import slots
from sidetrack.demo import plan
from sidetrack.demo.stage import Stage
from sidetrack.demo.story import play
from social.models import Follow, ModerationAction, Report, User

pytestmark = pytest.mark.slow  # one database will do: it writes by the functions that have tests on both
NOW = datetime(2026, 5, 14, 17, 30, tzinfo=UTC)
FEW = 600  # listens


@pytest.fixture(scope="class")
def played(django_db_setup: None, django_db_blocker) -> Iterator[Stage]:  # type: ignore[no-untyped-def]
    """The whole demo, played once for all tests of a class and rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield play(now=NOW, n_listens=FEW, with_taste=False)
        transaction.set_rollback(True)


@pytest.mark.django_db
class TestTheWholeDemo:
    def test_has_sixty_weeks_twenty_four_members_three_hundred_albums(self, played: Stage) -> None:
        assert (Week.objects.count(), User.objects.count(), Album.objects.count()) == (60, 24, 300)

    def test_is_marked_from_end_to_end(self, played: Stage) -> None:
        for model in (User, Week, Nomination, Rating, Artist, Album, Track, Tag):
            assert model.objects.exists()
            assert not model.objects.filter(is_demo=False).exists(), model

    def test_ends_with_a_week_in_nominations_one_in_a_poll_and_one_in_discussion(self, played: Stage) -> None:
        alive = Week.objects.open().order_by("-number")
        assert [week.phase for week in alive] == [Phase.NOMINATIONS, Phase.POLL, Phase.DISCUSSION]
        for week in alive:
            assert week.nominations.exists()
        assert Week.objects.get(phase=Phase.POLL).votes.exists()
        assert Week.objects.get(phase=Phase.DISCUSSION).rating_count >= 3

    def test_nothing_happens_later_than_now(self, played: Stage) -> None:
        assert not Rating.objects.filter(updated_at__gt=NOW).exists()
        assert not Vote.objects.filter(cast_at__gt=NOW).exists()
        assert not Nomination.objects.filter(created_at__gt=NOW).exists()
        assert not Report.objects.filter(created_at__gt=NOW).exists()
        assert not User.objects.filter(date_joined__gt=NOW).exists()

    def test_nobody_votes_for_their_own(self, played: Stage) -> None:
        assert not Vote.objects.filter(nomination__user=F("user")).exists()

    def test_shows_what_can_happen_to_a_week(self, played: Stage) -> None:
        week = {place: Week.objects.get(number=place) for place in range(1, plan.N_WEEKS + 1)}
        assert week[plan.SKIPPED].phase == Phase.CANCELLED
        assert week[plan.SILENT].nominations_extended_at is not None
        assert week[plan.ALONE].votes.count() == 0
        assert week[plan.ALONE].winner is not None
        assert week[plan.OVERRIDDEN].tie_break == "A moderator chose this winner."
        assert week[plan.WITHDRAWN].nominations.filter(withdrawn_at__isnull=False).exists()
        assert Week.objects.filter(tie_break__contains="points").count() >= 3
        assert Week.objects.exclude(theme="").count() == len(plan.THEMES)

    def test_leaves_the_moderators_something_to_do_and_something_done(self, played: Stage) -> None:
        assert Report.objects.open().count() == 2
        assert {report.outcome for report in Report.objects.exclude(resolved_at=None)} == {"hidden", "dismissed"}
        assert Rating.objects.exclude(hidden_at=None).count() == 1
        assert ModerationAction.objects.filter(verb="override_winner").count() == 1

    def test_figures_of_every_week_are_those_of_its_ratings(self, played: Stage) -> None:
        assert [week.number for week in Week.objects.all() if recompute(week)] == []

    def test_members_differ_in_what_they_show(self, played: Stage) -> None:
        assert User.objects.filter(shows_ballots=True).count() in range(4, 20)
        assert User.objects.values("visibility").distinct().count() >= 3
        assert Rating.objects.values("visibility").distinct().count() == 4
        assert Rating.objects.filter(spoiler=True).exclude(review="").count() >= 10
        assert Follow.objects.filter(state=Follow.State.REQUESTED).exists()

    def test_nobody_has_a_password(self, played: Stage) -> None:
        assert not any(user.has_usable_password() for user in User.objects.all())

    def test_favourite_tracks_are_tracks_of_the_album(self, played: Stage) -> None:
        favourites = Rating.objects.exclude(favorite_track="").select_related("album", "track")
        assert len(favourites) > 300
        for rating in favourites:
            assert rating.track is not None
            assert rating.track.album_id == rating.album_id
            assert rating.track.title == rating.favorite_track


@pytest.mark.django_db
def test_the_same_moment_plays_the_same_story() -> None:
    def told() -> list[tuple[object, ...]]:
        with transaction.atomic():
            play(now=NOW, n_weeks=3, with_taste=False)
            rows = [
                *Nomination.objects.order_by("id").values_list("album__title", "user__handle", "pitch", "created_at")
            ]
            rows += Rating.objects.order_by("id").values_list("user__handle", "half_stars", "review", "created_at")
            transaction.set_rollback(True)
        return rows

    assert told() == told()


@pytest.mark.django_db
def test_later_apps_add_their_part(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_fillers", {})
    seen: list[int] = []
    slots.register("demo:play", lambda stage: seen.append(len(stage.users)))
    play(now=NOW, n_weeks=1, n_listens=FEW, with_taste=False)
    assert seen == [24]


@pytest.mark.django_db
class TestTheCommand:
    def test_leaves_a_club_with_members_alone(self, rin: User, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("demo", "--if-empty")
        assert "no demo" in capsys.readouterr().out
        assert not Week.objects.exists()

    def test_refuses_to_stand_among_real_weeks_unless_told(self, monday: datetime) -> None:
        from club.lifecycle import open_week

        open_week(now=monday)
        with pytest.raises(CommandError, match="weeks of its own"):
            call_command("demo")
        assert Week.objects.count() == 1

    def test_a_second_time_changes_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        play(now=NOW, n_weeks=1, n_listens=FEW, with_taste=False)
        before = (Rating.objects.count(), Nomination.objects.count(), User.objects.count())
        call_command("demo")
        assert "The demo is here." in capsys.readouterr().out
        assert before == (Rating.objects.count(), Nomination.objects.count(), User.objects.count())

    def test_prints_a_random_password_once(self, capsys: pytest.CaptureFixture[str]) -> None:
        play(now=NOW, n_weeks=1, n_listens=FEW, with_taste=False)
        passwords = set()
        for _ in range(2):
            call_command("demo", "--password")
            passwords.add(capsys.readouterr().out.split()[-1])
        assert len(passwords) == 2
        moderator = User.objects.get(handle="marit_v")
        assert moderator.is_moderator
        assert [moderator.check_password(password) for password in passwords].count(True) == 1

    def test_has_nobody_to_give_a_password_to_without_a_demo(self, rin: User) -> None:
        with pytest.raises(CommandError, match="no demo"):
            call_command("demo", "--password")
        rin.refresh_from_db()
        assert rin.check_password("correct horse battery")
