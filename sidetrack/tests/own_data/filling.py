"""One row of every table for a member, made from the models alone: what a table that nobody thought of looks like."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models

from social.models import User

MARK = "zzmark"
MOMENT = datetime(2025, 11, 20, 12, tzinfo=UTC)
# What the database's own rules ask for, where the kind of a column does not say it.
GIVEN: dict[str, dict[str, Any]] = {
    "catalog.Alias": {"album": None, "track": None},
    "club.Nomination": {"genre": "Krautrock", "decade": "1970s", "country": "Germany"},  # of the album: they stay
    "club.DiaryEntry": {"listened_on": date(2025, 11, 1)},
    "club.FavouriteAlbum": {"position": 1},
    "club.Rating": {"half_stars": 7, "visibility": "public"},
    "club.HistoricalRating": {"half_stars": 7, "history_type": "+"},
    "club.Vote": {"rank": 1},
    "listening.Correction": {"verb": "relink"},
    "listening.Feedback": {"score": 1},
    "listening.IncognitoRange": {"ends_at": MOMENT + timedelta(days=1)},
    "taste.PredictedRating": {"stars": 3.5, "low": 3.0, "high": 4.0},
    "social.Report": {"kind": "club.rating", "resolved_at": MOMENT},
    "taste.Playlist": {"kind": "mine"},
}


def models_of_members() -> list[type[models.Model]]:
    """Every model with a column that points at members."""
    return [model for model in apps.get_models(include_auto_created=True) if columns_of_members(model)]


def columns_of_members(model: type[models.Model]) -> list[str]:
    return [field.name for field in model._meta.concrete_fields if field.related_model is User]


# Columns of who did something to a row, whose words are somebody else's.
DOERS = {"history_user", "hidden_by", "resolved_by", "moderator", "created_by"}


class Filler:
    """member: whose rows they are. other: who stands in a second column that points at a member."""

    def __init__(self, member: User, other: User, shared: dict[type[models.Model], Any]) -> None:
        self.member, self.other, self.shared = member, other, dict(shared)
        self.enemy = User.objects.create_user("enemy")  # who is blocked shows the member nothing of theirs
        self.n = 0
        self.is_own = True

    def row(self, model: type[models.Model], *, owner: str | None = None) -> Any:
        """A row that is the member's by `owner`, with the mark in every text."""
        self.n += 1
        self.is_own = owner not in DOERS
        values: dict[str, Any] = {}
        for field in model._meta.concrete_fields:
            if field.primary_key and (field.get_internal_type().endswith("AutoField") or not field.is_relation):
                continue
            given = GIVEN.get(model._meta.label, {})
            if field.name in given:
                values[field.name] = given[field.name]
            elif field.is_relation:
                values[field.name] = self._related(field, owner)
            else:
                values[field.name] = self._value(field)
        if model._meta.label == "taste.Compatibility":
            first, second = sorted([self.member, self.other], key=lambda each: each.pk)
            values |= {"user_a": first, "user_b": second}
        if model._meta.label == "taste.Blend":
            values["declined_at"] = None
        row = model(**values)
        models.Model.save(row, force_insert=True)
        return row

    def _related(self, field: Any, owner: str | None) -> Any:
        other = field.related_model
        if other is User:
            if owner in (None, field.name):
                return self.member
            return None if field.null else self.enemy if field.model._meta.label == "social.Block" else self.other
        if other is field.model or field.name in {"undoes", "merged_into", "duplicate_of"}:
            return None
        if other in self.shared:
            return self.shared[other]
        if field.null:
            return None
        self.shared[other] = self.row(other)
        return self.shared[other]

    def _value(self, field: models.Field[Any, Any]) -> Any:
        if field.choices:
            return next(iter(field.flatchoices))[0]
        match field:
            case models.BooleanField():
                return field.get_default() or False
            case models.JSONField():
                return {"said": self._text(40)}
            case models.BinaryField():
                return b"1234"
            case models.UUIDField():
                return uuid.uuid4()
            case models.DateTimeField():
                return None if field.null else MOMENT
            case models.DateField():
                return None if field.null else MOMENT.date()
            case models.TimeField():
                return None if field.null else time(12)
            case models.GenericIPAddressField():
                return "127.0.0.1"
            case models.DecimalField():
                return Decimal(1)
            case models.FloatField():
                return 0.5
            case models.IntegerField():
                return self.n if field.unique or "snowflake" in field.name else 1
            case models.FileField():
                return ""
            case models.CharField() | models.TextField():
                return self._text(field.max_length or 200)
        raise AssertionError(f"What belongs into {field}?")

    def _text(self, longest: int) -> str:
        """The mark, the member's handle as somebody might have written it, and a number, as far as they fit."""
        words = f"{MARK}{self.n}" + (f" {self.member.handle}" if self.is_own else "")
        return words[:longest]


SHARED = (Group, Permission, ContentType)
__all__ = ["GIVEN", "MARK", "Filler", "UserSession", "columns_of_members", "models_of_members"]
