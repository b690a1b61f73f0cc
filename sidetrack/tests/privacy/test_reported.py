"""Wherever a member's words are drawn, whoever reads them can report them: no place is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from sidetrack.tests.every_address import Address, every_address
from sidetrack.tests.privacy import scene as stage
from sidetrack.tests.privacy.test_complete import in_scene, is_a_copy
from social.tabs import tabs_for

# Every field in which a text can stand, where a member owns the row: which of them a member writes and others read.
WRITTEN = {
    "club.nomination": {"pitch", "pitch_track", "pitch_track_url", "genre", "decade", "country"},
    "club.rating": {"review", "favorite_track"},
    "club.wantedalbum": {"note"},
    "taste.playlist": {"title", "note"},
    "social.user": {"handle", "display_name", "bio"},
}
NOT_WRITTEN = {
    "club.rating": {"hidden_reason"},
    "listening.correction": {"artist_name", "title"},  # what a track is called, for its member alone
    "listening.removedlisten": {"source"},
    "listening.importbatch": {"source", "file_format", "file_name", "file_hash", "error"},  # read by its member alone
    "listening.listener": {"zone"},
    "listening.nowplaying": {"source", "client", "artist_name", "title", "album_title"},  # what a program plays
    "listening.syncstate": {"source", "account_name", "lease_key", "error"},
    "listening.listentoken": {"name", "token_hash", "last_client"},  # read by its member alone
    "social.user": {"password", "timezone", "suspension_reason"},
    "social.linkedaccount": {"provider_user_id", "access_token", "refresh_token", "scopes"},
    "social.report": {"kind", "address", "quote", "reason", "outcome_reason"},  # between reporter and moderators
    "social.moderationaction": {"verb", "kind", "label", "reason"},
    "social.memberwarning": {"text", "quote"},
    "social.notification": {"kind", "subject", "text", "address"},  # in our words
    "social.notificationswitch": {"kind"},
    "social.dataexport": {"part", "file_name", "error"},
    "social.personaltoken": {"name", "token_hash"},  # read by its member alone
    "catalog.alias": {"artist_key", "title_key", "source"},
    "taste.blend": {"words"},  # in our words
    "taste.compatibility": {"fingerprint"},
    "taste.userrecommendation": {"reason", "version"},  # in our words
    "taste.predictedrating": {"reason", "version"},
    "taste.playlist": {"key"},
    "taste.weeklytaste": {"model", "fingerprint"},
    "taste.changepoint": {"axis", "sentence"},  # in our words
    "taste.tasteprofile": {"model"},
}

REPORTS = re.compile(r"club/_report\.html|social:report'|taste:playlist_report'|social/_acts\.html")
# How a template writes them out. A title is a track's and an album's too: only a playlist's is meant.
DRAWS = re.compile(
    r"\{[{%][^}]*\b(?:\w+\.(?:review|pitch|pitch_track|pitch_track_url|favorite_track|bio)\b|review\.html"
    r"|(?:each|row|playlist)\.note\b|playlist\.title|review_html)[^}]*[}%]\}"
)
# Templates that draw words without a report in them, and where it is instead.
ELSEWHERE = {
    "club/_member_ratings.html": "says only that there is a review",
    "club/feed_nomination.html": "read in feed readers; leads to the week's page",
    "club/feed_review.html": "read in feed readers; leads to the week's or album's page",
    "social/community.html": "the beginning of a bio beside the name, which leads to the page with the report",
    "taste/blend.html": "the two who blend; its words are Sidetrack's",
    "taste/playlist_report.html": "the report itself",
    "club/_nominate.html": "one's own",
    "club/_rate_fields.html": "one's own",
    "social/settings_profile.html": "one's own",
}


def _texts() -> Iterator[tuple[str, str]]:
    for model in apps.get_models():
        fields = model._meta.concrete_fields
        is_owned = model._meta.label == "social.User" or any(
            each.related_model is not None and each.related_model._meta.label == "social.User"  # type: ignore[union-attr]
            for each in fields
        )
        is_ours = (Path(settings.BASE_DIR) / model._meta.app_label).is_dir()
        if not is_ours or not is_owned or model.__name__.startswith("Historical"):
            continue
        for each in fields:
            if isinstance(each, models.CharField | models.TextField) and not each.choices:
                yield model._meta.label_lower, each.name


def test_of_every_text_of_a_member_it_is_known_whether_others_read_it() -> None:
    known = {(label, name) for table in (WRITTEN, NOT_WRITTEN) for label, names in table.items() for name in names}
    assert set(_texts()) == known


def test_no_template_draws_a_members_words_without_a_way_to_report_them() -> None:
    folder = Path(settings.BASE_DIR) / "templates"
    drawing = {
        str(path.relative_to(folder)): bool(REPORTS.search(text))
        for path in folder.rglob("*.html")
        if path.relative_to(folder).parts[0] != "admin" and DRAWS.search(text := path.read_text(encoding="utf-8"))
    }
    assert {name for name, reports in drawing.items() if not reports} == ELSEWHERE.keys()
    assert sum(drawing.values()) >= 10


@pytest.fixture(scope="module")
def readable() -> list[Address]:
    return every_address()


# Pages that show words and lead to their report, instead of having it.
LEAD_THERE = {(stage.BIO, "/community/"): f'href="/@{stage.HANDLE}/"'}


def test_every_page_with_a_members_words_on_it_has_their_report(scene: stage.Scene, readable: list[Address]) -> None:
    """As another member reads the whole site: pages, not the files and feeds that programs read."""
    scene.show({})
    reports = {
        stage.BIO: f"/@{stage.HANDLE}/report/",
        stage.REVIEW: f"/ratings/{scene.review.pk}/report/",
        stage.ASIDE: f"/ratings/{scene.aside.pk}/report/",
        stage.WISH: f"/wants/{scene.owner.wanted_albums.get().pk}/report/",
        stage.LIST_TITLE: f"/playlists/{scene.playlist.pk}/report/",
    }
    paths = [in_scene(each, scene) for each in readable if not is_a_copy(each.route)]
    paths += [f"/@{stage.HANDLE}/{tab.slug}/" for tab in tabs_for(scene.owner, scene.viewers["stranger"])]
    without, n = [], 0
    for path in paths:
        response = scene.clients["stranger"].get(path, headers={"Accept": "text/html"})
        if response.streaming or "html" not in response.get("Content-Type", ""):
            continue
        page = response.content.decode()
        body = page[page.index("<body") :] if "<body" in page else page
        for words, address in reports.items():
            there = LEAD_THERE.get((words, path), f'"{address}"')
            n += words in body
            without += [f"{path}: {words}"] if words in body and there not in body else []
        if stage.PITCH in body and not re.search(r'"/nominations/\d+/report/"', body):
            without.append(f"{path}: {stage.PITCH}")
        n += stage.PITCH in body
    assert without == []
    assert n >= 15
