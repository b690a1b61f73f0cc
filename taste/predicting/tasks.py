"""The job of predictions."""

from __future__ import annotations

from django.utils import timezone

from taste.predicting import rounds


def keep_predictions() -> str:
    now = timezone.now()
    return f"{rounds.predict_due(now=now)} predicted, {rounds.settle(now=now)} settled"
