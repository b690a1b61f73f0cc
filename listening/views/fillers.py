"""Where listening stands on pages of lower and neighbouring apps: every slot that its pages fill, in one list."""

from __future__ import annotations

from listening.views import (
    community_parts,
    connections,
    duplicates,
    entity_parts,
    imports,
    profile_parts,
    recap_parts,
    tab,
    welcome,
)
from sidetrack import slots


def register() -> None:
    slots.register("welcome:steps", welcome.listens_step, order=20)
    slots.register("social:profile_tabs", tab.listening_tab, order=10)
    slots.register("social:profile", profile_parts.overview, order=20)
    slots.register("social:recap_years", recap_parts.years, order=10)
    slots.register("social:recap", recap_parts.cards, order=10)
    slots.register("social:community", community_parts.facts, order=20)
    slots.register("social:community_panels", community_parts.panels)
    slots.register("catalog:artist", entity_parts.artist_panel, order=20)
    slots.register("catalog:album", entity_parts.album_panel, order=20)
    slots.register("club:home", community_parts.home, order=40)
    slots.register("social:settings_links", connections.settings_link, order=10)
    slots.register("social:settings_links", imports.settings_link, order=20)
    slots.register("social:settings_links", duplicates.settings_links, order=30)
