"""Where sound and taste stand on pages of lower apps: every slot that their pages fill, in one list."""

from __future__ import annotations

from sidetrack import slots
from taste.views import compare_parts, labels, prediction_parts, progress_parts, recap_parts, sound_parts
from taste.views.dashboard import tab


def register() -> None:
    slots.register("social:profile_tabs", tab.taste_tab, order=20)
    slots.register("social:profile", tab.overview_panel, order=30)
    slots.register("social:profile_chips", compare_parts.match_chip, order=10)
    slots.register("social:community", compare_parts.community_facts, order=60)
    slots.register("social:community_orders", compare_parts.community_order)
    slots.register("social:community_panels", compare_parts.community_panel, order=10)
    slots.register("social:recap_years", recap_parts.years, order=30)
    slots.register("social:recap", recap_parts.cards, order=30)
    slots.register("catalog:album", sound_parts.album_panel, order=30)
    slots.register("catalog:track", sound_parts.track_panel, order=30)
    slots.register("club:week", sound_parts.week_panel, order=30)
    slots.register("club:week", prediction_parts.week_panel, order=20)
    slots.register("social:settings_links", labels.settings_link, order=40)
    slots.register("club:week", progress_parts.week_panel, order=10)
    slots.register("club:week", progress_parts.stars_week_panel, order=25)
    slots.register("catalog:album", progress_parts.stars_album_panel, order=25)
    slots.register("club:home", progress_parts.home_panel, order=10)
