from django.apps import AppConfig


class ListeningConfig(AppConfig):
    name = "listening"

    def ready(self) -> None:
        """What other apps' pages and jobs show of listening; each part names its own fillers."""
        from listening import following, zones
        from listening.resolving import evidence, heard_albums
        from listening.syncing import readiness
        from listening.views import fillers
        from sidetrack import slots

        slots.register("ready:checks", readiness.problems)
        slots.register("doctor:lines", readiness.lines)
        slots.register("catalog:heard_albums", heard_albums.heard)
        slots.register("catalog:most_heard_albums", heard_albums.most_heard)
        slots.register("catalog:n_plays", evidence.n_plays)
        slots.register("catalog:of_other_albums", heard_albums.heard_elsewhere)
        following.fill_slots()
        slots.register("people:changed", zones.people_changed)
        fillers.register()
