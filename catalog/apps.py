from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = "Music"

    def ready(self) -> None:
        from catalog import admin_permissions
        from sidetrack import slots

        slots.register("moderator:permissions", admin_permissions.catalog_permissions)
