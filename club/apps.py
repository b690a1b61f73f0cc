from django.apps import AppConfig
from django.core.signals import request_started


class ClubConfig(AppConfig):
    name = "club"
    verbose_name = "Album club"

    def ready(self) -> None:
        from club import admin_permissions, clock, feed_sources, known_albums, moderating, own_data, regulars, revision
        from club.publishing import member_images
        from sidetrack import slots

        request_started.connect(clock.forget_zone, dispatch_uid="club.clock")
        slots.register("pages:revision", revision.current)
        slots.register("catalog:changed", revision.bump)
        slots.register("catalog:wanted_albums", known_albums.known_to_club)
        slots.register("catalog:wanted_albums", known_albums.kept_by_members)
        slots.register("people:changed", revision.bump)
        slots.register("people:changed", member_images.forget_hidden)
        slots.register("feed:sources", feed_sources.sources, order=10)
        slots.register("people:suggestions", regulars.suggested, order=10)
        slots.register("report:hide", moderating.hide_reported)
        slots.register("moderator:permissions", admin_permissions.club_permissions)
        own_data.register()
        self.fill_slots()

    def fill_slots(self) -> None:
        """The club's parts of pages that lower apps own."""
        from club.views import fillers

        fillers.register()
