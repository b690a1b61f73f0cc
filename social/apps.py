from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, pre_save


class SocialConfig(AppConfig):
    name = "social"
    verbose_name = "People"
    default_auto_field = "django.db.models.AutoField"  # 32 bits: every listen carries five such ids, an index two

    def ready(self) -> None:
        from allauth.socialaccount.models import SocialAccount
        from allauth.usersessions.models import UserSession
        from django.contrib.auth.signals import user_logged_in
        from django.utils.translation import gettext_lazy as _

        from sidetrack import slots
        from social import hiding, identity, moderator_group, relations, reports, sessions
        from social.feed import follows
        from social.kinds import register_kind
        from social.own_data import forgetting, of_people
        from social.views import leaving, warnings, welcome

        slots.register("welcome:steps", welcome.you_step, order=10)
        slots.register("welcome:steps", welcome.follow_step, order=30)
        slots.register("page:notices", welcome.strip, order=90)
        slots.register("report:hide", hiding.hide_reported_profile)
        slots.register("page:notices", warnings.suspension, order=10)
        slots.register("page:notices", warnings.notice)
        slots.register("feed:sources", follows.sources, order=30)
        relations.register_kinds()
        slots.register("moderator:permissions", moderator_group.social_permissions)
        slots.register("page:notices", leaving.notice, order=20)
        slots.register("export:parts", of_people.parts, order=10, name="social")
        slots.register("account:forget", forgetting.forget, order=90, name="social")
        register_kind(reports.SETTLED, _("My reports"), _("When a moderator has settled what you reported."))
        register_kind("export_ready", _("My data is ready"), _("When the zip that you asked for can be fetched."))
        register_kind("leaving", _("My account ends"), _("Three days before an account that you delete is gone."))
        user_logged_in.connect(sessions.began, dispatch_uid="social.sessions")
        pre_save.connect(sessions.without_address, sender=UserSession, dispatch_uid="social.sessions")
        post_delete.connect(identity.forget_identity, sender=SocialAccount, dispatch_uid="social.identity")
        post_migrate.connect(
            moderator_group.grant, sender=moderator_group.last_migrated(), dispatch_uid="social.moderator_group"
        )
