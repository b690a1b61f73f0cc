from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate


class SocialConfig(AppConfig):
    name = "social"
    verbose_name = "People"

    def ready(self) -> None:
        from allauth.socialaccount.models import SocialAccount

        from sidetrack import slots
        from social import hiding, identity, moderator_group
        from social.views import warnings

        slots.register("report:hide", hiding.hide_reported_profile)
        slots.register("page:notices", warnings.suspension, order=10)
        slots.register("page:notices", warnings.notice)
        slots.register("moderator:permissions", moderator_group.social_permissions)
        post_delete.connect(identity.forget_identity, sender=SocialAccount, dispatch_uid="social.identity")
        post_migrate.connect(moderator_group.grant, dispatch_uid="social.moderator_group")
