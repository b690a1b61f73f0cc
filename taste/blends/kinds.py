"""What members are told of blends."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from social.notifying import register_kind
from taste.blends.asking import ACCEPTED, ASKED


def register() -> None:
    """Called when the app is ready."""
    register_kind(
        ASKED, _("Somebody asks for a blend"), _("When a member would like one list of your music and theirs.")
    )
    register_kind(ACCEPTED, _("A blend is accepted"), _("When somebody whom you asked for a blend says yes."))
