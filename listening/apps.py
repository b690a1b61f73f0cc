from django.apps import AppConfig


class ListeningConfig(AppConfig):
    name = "listening"

    def ready(self) -> None:
        """What other apps' pages and jobs show of listening; each part names its own fillers."""
        from listening import feed_sources, following, own_data, zones
        from listening.importing import telling as importing_telling
        from listening.linking import readiness as linking_readiness
        from listening.linking import telling, unlinking
        from listening.occasions import marking
        from listening.resolving import evidence, heard_albums
        from listening.syncing import readiness
        from listening.views import fillers
        from sidetrack import slots

        slots.register("ready:checks", readiness.problems)
        slots.register("doctor:lines", readiness.lines)
        slots.register("doctor:lines", linking_readiness.lines)
        slots.register("people:unlinked", unlinking.tidy)
        telling.register()
        slots.register("catalog:heard_albums", heard_albums.heard)
        slots.register("catalog:most_heard_albums", heard_albums.most_heard)
        slots.register("catalog:n_plays", evidence.n_plays)
        slots.register("catalog:of_other_albums", heard_albums.heard_elsewhere)
        own_data.register()
        importing_telling.register()
        following.fill_slots()
        slots.register("catalog:track_list_changed", marking.track_list_changed)
        slots.register("feed:sources", feed_sources.sources, order=20)
        slots.register("people:changed", zones.people_changed)
        fillers.register()
