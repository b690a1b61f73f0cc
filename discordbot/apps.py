from django.apps import AppConfig


class DiscordbotConfig(AppConfig):
    name = "discordbot"
    verbose_name = "Discord"

    def ready(self) -> None:
        from discordbot import admin_permissions, own_data, panels, readiness
        from discordbot.moderating import places
        from sidetrack import slots

        own_data.register()
        places.register()
        slots.register("ready:checks", readiness.problems)
        slots.register("doctor:lines", readiness.lines)
        slots.register("moderator:permissions", admin_permissions.discord_permissions)
        slots.register("club:week", panels.week_panel, order=30)
        slots.register("catalog:album", panels.album_panel, order=30)
