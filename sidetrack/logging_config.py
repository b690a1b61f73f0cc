"""Which loggers are heard, and how: the setting LOGGING. What a line looks like is in `sidetrack.logs`."""

from __future__ import annotations

from typing import Any


def told(*, level: str, as_json: bool) -> dict[str, Any]:
    """For `logging.config.dictConfig`: everything from `level` on, to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {
            "request_id": {"()": "sidetrack.logs.RequestIdFilter"},
            "quiet_paths": {"()": "sidetrack.logs.QuietPathsFilter"},
        },
        "formatters": {
            "text": {"()": "sidetrack.logs.TextFormatter"},
            "json": {"()": "sidetrack.logs.JsonFormatter"},
        },
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "formatter": "json" if as_json else "text",
                "filters": ["request_id"],
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {"handlers": [], "propagate": True, "level": level},
            "django-q": {"level": "WARNING"},  # what ran is listed in the admin
            # sidetrack.requests has a line for each request; whoever asks /ready reads the reasons
            "django.request": {"level": "ERROR", "filters": ["quiet_paths"]},
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
        },
    }
