"""The admin of people: reports first, the log, members; accounts elsewhere for operators only."""

from sidetrack import slots
from social.admin import reports
from social.admin.accounts import LinkedAccountAdmin
from social.admin.log import MemberWarningAdmin, ModerationActionAdmin
from social.admin.members import UserAdmin
from social.admin.reports import ReportAdmin

slots.register("admin:desk", reports.desk_panel, order=10)

__all__ = ["LinkedAccountAdmin", "MemberWarningAdmin", "ModerationActionAdmin", "ReportAdmin", "UserAdmin"]
