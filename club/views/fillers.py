"""Where the club stands on pages of lower apps: every slot that this app's pages fill, in one list."""

from __future__ import annotations

from club.views import album_parts, artist_parts, member_parts, nearby, recap_parts, shelf_parts
from sidetrack import slots


def register() -> None:
    slots.register("catalog:album_head", album_parts.head)
    slots.register("catalog:album_verdict", album_parts.verdict)
    slots.register("catalog:album", album_parts.panels, order=10)
    slots.register("catalog:artist_head", artist_parts.head)
    slots.register("catalog:artist", artist_parts.panels, order=10)
    slots.register("error:not_found", nearby.nearby)
    slots.register("social:profile", shelf_parts.favourites_panel, order=5)
    slots.register("social:profile", member_parts.overview, order=10)
    slots.register("social:profile_tabs", member_parts.ratings_tab, order=30)
    slots.register("social:profile_tabs", member_parts.nominations_tab, order=40)
    slots.register("social:profile_tabs", member_parts.reviews_tab, order=50)
    slots.register("social:profile_tabs", shelf_parts.diary_tab, order=60)
    slots.register("social:profile_tabs", shelf_parts.wants_tab, order=70)
    slots.register("social:recap_years", recap_parts.years, order=20)
    slots.register("social:recap", recap_parts.cards, order=20)
    slots.register("social:settings_links", shelf_parts.settings_link, order=5)
    slots.register("social:profile_head", member_parts.head)
    slots.register("social:community", member_parts.community_facts)
