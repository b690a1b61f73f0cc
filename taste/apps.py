from django.apps import AppConfig


class TasteConfig(AppConfig):
    name = "taste"

    def ready(self) -> None:
        """What other apps' pages and jobs show of sound and taste; each part names its own fillers."""
        from django.utils.translation import gettext_lazy as _

        from sidetrack import slots
        from social.kinds import register_kind
        from taste import admin_permissions, following, own_data
        from taste.audio import readiness
        from taste.axes import asking_spotify
        from taste.blends import kinds
        from taste.matching import suggesting
        from taste.playlists import moderating
        from taste.views import fillers

        slots.register("ready:checks", readiness.problems, name="taste.audio")
        slots.register("doctor:lines", readiness.lines, name="taste.audio")
        slots.register("doctor:lines", asking_spotify.lines, name="taste.axes")
        slots.register("moderator:permissions", admin_permissions.taste_permissions)
        slots.register("people:suggestions", suggesting.suggested, order=20)
        register_kind("digest", _("My week, on Mondays"), _("What you played most in the week that ended."))
        register_kind("taste_change", _("Changes of my taste"), _("When your music changes for good."))
        own_data.register()
        slots.register("report:hide", moderating.hide_reported)
        kinds.register()
        following.fill_slots()
        fillers.register()
