"""`manage.py demo --remove`: all of the demo, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.apps import apps
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import TestCase

from catalog.models import Album, Artist, Tag, Track
from catalog.naming import get_or_create_album
from club.lifecycle import open_week
from club.models import (
    ClubSettings,
    DiaryEntry,
    FavouriteAlbum,
    Nomination,
    Phase,
    Rating,
    Vote,
    WantedAlbum,
    Week,
)
from club.moderating import hide_rating
from club.nominating import nominate
from club.ratings import rate, rate_outside
from club.shelves.wanting import want
from club.voting import cast_ballot
from sidetrack import slots
from sidetrack.demo.removal import remove
from sidetrack.demo.story import play
from social.models import Follow, ModerationAction, Report, User
from social.models.user import MODERATORS
from social.relations import follow
from social.reports import report
from social.tests.factories import UserFactory

NOW = datetime(2026, 5, 14, 17, 30, tzinfo=UTC)
FEW = 600  # listens
WEEKS = 4
CAST = ("rin", "sol", "mod")

pytestmark = pytest.mark.django_db


def rows() -> dict[str, int]:
    """How many rows each table of the database holds."""
    return {model._meta.label: model._base_manager.count() for model in apps.get_models(include_auto_created=True)}


@pytest.fixture
def club(rin: User, sol: User, mod: User) -> Week:
    return real_week(rin, sol, mod)


def real_week(rin: User, sol: User, mod: User) -> Week:
    """A real club: three members, a week, two albums, a rating outside it."""
    ClubSettings.load()
    week, _ = open_week(now=NOW - timedelta(days=1), by=mod)
    album, _ = get_or_create_album(title="Real", artist="Somebody", year=2001)
    nominate(member=rin, week=week, album=album, now=NOW - timedelta(hours=20))
    rate_outside(member=sol, album=album, half_stars=7, now=NOW - timedelta(hours=19))
    Tag.objects.create(name="jazz", name_key="jazz", is_genre=True)
    return week


def discussed() -> Week:
    return Week.objects.select_related("winner__album").get(phase=Phase.DISCUSSION, is_demo=True)


def test_afterwards_every_table_holds_what_it_held(club: Week) -> None:
    before = rows()
    play(now=NOW, n_weeks=WEEKS, n_listens=FEW)
    assert rows()["club.Rating"] > before["club.Rating"]
    done = remove(now=NOW)
    assert rows() == before
    assert done.kept == []


def test_nothing_of_an_album_that_was_there_before_is_touched(club: Week) -> None:
    album, _ = get_or_create_album(title="Kind of Blue", artist="Miles Davis")
    kept = Album.objects.values().get(pk=album.pk)
    before = rows()
    play(now=NOW, n_weeks=2, n_listens=FEW, with_taste=False)
    assert Album.objects.filter(title_key=album.title_key).count() == 1
    remove(now=NOW)
    assert rows() == before
    assert Album.objects.values().get(pk=album.pk) == kept


class TestAfterAPlay(TestCase):
    """A real club, and the demo played after it, once for all of these."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.rin, cls.sol, cls.mod = (UserFactory(handle=name, display_name=name.title()) for name in CAST)
        cls.mod.groups.add(Group.objects.get(name=MODERATORS))
        Follow.objects.create(follower=cls.sol, followed=cls.rin)
        cls.club = real_week(cls.rin, cls.sol, cls.mod)
        cls.before = rows()
        cls.stage = play(now=NOW, n_weeks=WEEKS, n_listens=FEW, with_taste=False)

    def test_a_real_rating_of_an_invented_week_stays_outside_the_club(self) -> None:
        week = discussed()
        rate(member=self.rin, week=week, half_stars=9, review="Really mine.", now=NOW)
        label, title = str(week), week.winner.album.title
        done = remove(now=NOW)
        rating = Rating.objects.get(user=self.rin)
        assert (rating.week, rating.half_stars, rating.review) == (None, 9, "Really mine.")
        album = Album.objects.get(title=title)
        assert not album.is_demo
        assert not album.artist.is_demo
        assert set(Album.objects.values_list("title", flat=True)) == {title, "Real"}
        assert not Track.objects.exclude(album=album).exists()
        assert any(label in sentence and "Rin" in sentence for sentence in done.kept)
        assert any(title in sentence for sentence in done.kept)
        assert list(Week.objects.all()) == [self.club]
        assert not User.objects.filter(is_demo=True).exists()

    def test_a_member_who_rated_the_album_twice_keeps_the_rating_outside_the_club(self) -> None:
        week = discussed()
        rate_outside(member=self.rin, album=week.winner.album, half_stars=4, now=NOW)
        rate(member=self.rin, week=week, half_stars=9, now=NOW)
        done = remove(now=NOW)
        assert Rating.objects.get(user=self.rin).half_stars == 4
        assert any("rated the album outside" in sentence for sentence in done.kept)

    def test_an_invented_week_in_which_somebody_real_voted_stays_whole_until_they_take_it_back(self) -> None:
        week = Week.objects.get(phase=Phase.POLL)
        cast_ballot(voter=self.rin, week=week, first=week.nominations.standing().first(), second=None, now=NOW)
        n_votes, n_nominations = week.votes.count(), week.nominations.count()
        done = remove(now=NOW)
        assert set(Week.objects.all()) == {self.club, week}
        assert (week.votes.count(), week.nominations.count()) == (n_votes, n_nominations)
        assert any("Rin nominated or voted" in sentence for sentence in done.kept)
        assert not Rating.objects.filter(user__is_demo=True).exists()
        Vote.objects.filter(user=self.rin).delete()
        assert remove(now=NOW).kept == []
        assert rows() == self.before

    def test_an_album_of_the_demo_that_somebody_real_nominates_is_real_at_once(self) -> None:
        album = self.stage.albums["Can — Future Days"]
        nominate(member=self.sol, week=self.club, album=album, now=NOW)
        remove(now=NOW)
        album.refresh_from_db()
        assert not album.is_demo
        assert not album.artist.is_demo
        assert [line.track.title for line in album.lines.all()] == ["Future Days", "Spray", "Moonshake", "Bel Air"]
        assert Nomination.objects.get(user=self.sol).album == album

    def test_shelves_go_with_their_members_and_an_album_on_a_real_shelf_stays(self) -> None:
        assert FavouriteAlbum.objects.count() > 20
        assert DiaryEntry.objects.filter(is_demo=True).count() > 20
        wanted = WantedAlbum.objects.filter(is_demo=True).select_related("album").earliest("pk")
        mine, _ = want(member=self.sol, album=wanted.album, now=NOW)
        remove(now=NOW)
        assert list(WantedAlbum.objects.all()) == [mine]
        assert not DiaryEntry.objects.exists()
        assert Album.objects.filter(pk=mine.album_id).exists()

    def test_what_invented_members_did_in_real_weeks_goes_and_the_figures_follow(self) -> None:
        bram = self.stage.users["bram"]
        nominate(member=bram, week=self.club, album=self.stage.albums["Miles Davis — Kind of Blue"], now=NOW)
        Week.objects.filter(pk=self.club.pk).update(
            phase=Phase.DISCUSSION, winner=self.club.nominations.get(user=self.rin)
        )
        rate(member=bram, week=self.club, half_stars=2, now=self.club.opens_at)
        assert Week.objects.get(pk=self.club.pk).rating_count == 1
        remove(now=NOW)
        week = Week.objects.get(pk=self.club.pk)
        assert (week.rating_count, week.rating_mean) == (0, None)
        assert rows() == self.before

    def test_an_invented_nomination_that_won_a_real_week_stays_with_its_nominator(self) -> None:
        bram = self.stage.users["bram"]
        made = nominate(member=bram, week=self.club, album=self.stage.albums["Can — Future Days"], now=NOW).nomination
        Week.objects.filter(pk=self.club.pk).update(phase=Phase.LISTENING, winner=made)
        done = remove(now=NOW)
        assert Week.objects.get(pk=self.club.pk).winner == made
        assert [user.handle for user in User.objects.filter(is_demo=True)] == ["bram"]
        assert any("“Future Days” stays" in sentence for sentence in done.kept)

    def test_real_moderators_acts_and_real_reports_stay_in_the_log(self) -> None:
        invented = Rating.objects.filter(week=discussed()).first()
        report(
            reporter=self.rin,
            obj=invented,
            address="/weeks/1/",
            quote="…",
            subject=invented.user,
            reason="Unkind.",
            now=NOW,
        )
        hide_rating(rating=invented, by=self.mod, reason="Unkind.", now=NOW)
        done = remove(now=NOW)
        assert "hide_rating" in [act.verb for act in ModerationAction.objects.filter(moderator=self.mod)]
        assert not ModerationAction.objects.filter(moderator=None).exists()
        kept = Report.objects.get()
        assert (kept.reporter, kept.outcome) == (self.rin, Report.Outcome.DISMISSED)
        assert any("moderators' log" in sentence for sentence in done.kept)

    def test_whoever_followed_an_invented_member_follows_nobody_any_more(self) -> None:
        follow(by=self.sol, whom=self.stage.users["bram"], now=NOW)
        remove(now=NOW)
        assert [row.followed for row in Follow.objects.all()] == [self.rin]


def test_later_apps_say_what_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slots, "_fillers", {})
    slots.register("demo:remove", lambda: ["3 listens stay: Rin heard them."])
    assert remove(now=NOW).kept == ["3 listens stay: Rin heard them."]


def test_without_a_demo_there_is_nothing_to_remove(club: Week, capsys: pytest.CaptureFixture[str]) -> None:
    before = rows()
    call_command("demo", "--remove")
    assert "There is no demo here." in capsys.readouterr().out
    assert rows() == before
    assert Nomination.objects.exists()
    assert Artist.objects.exists()
