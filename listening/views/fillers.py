"""Where listening stands on pages of lower and neighbouring apps: every slot that its pages fill, in one list."""

from __future__ import annotations

from listening.views import community_parts, entity_parts, profile_parts, tab
from sidetrack import slots


def register() -> None:
    slots.register("social:profile_tabs", tab.listening_tab, order=10)
    slots.register("social:profile", profile_parts.overview, order=20)
    slots.register("social:community", community_parts.facts, order=20)
    slots.register("social:community_side", community_parts.side)
    slots.register("catalog:artist", entity_parts.artist_panel, order=20)
    slots.register("catalog:album", entity_parts.album_panel, order=20)
    slots.register("club:home", community_parts.home, order=40)
