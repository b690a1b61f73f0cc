from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = "Music"
    default_auto_field = "django.db.models.AutoField"  # 32 bits: every listen carries five such ids, an index two

    def ready(self) -> None:
        from catalog import admin_permissions, own_data
        from sidetrack import slots

        own_data.register()
        slots.register("moderator:permissions", admin_permissions.catalog_permissions)
