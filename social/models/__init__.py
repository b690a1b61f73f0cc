"""People, their accounts elsewhere, what is between them, and what moderators did."""

from social.models.linked_account import LinkedAccount
from social.models.moderation import MemberWarning, ModerationAction, Report
from social.models.notification import Notification, NotificationSwitch
from social.models.own_data import AccountDeletion, DataExport
from social.models.relations import Block, Follow, Mute
from social.models.token import PersonalToken
from social.models.user import User

__all__ = [
    "AccountDeletion",
    "Block",
    "DataExport",
    "Follow",
    "LinkedAccount",
    "MemberWarning",
    "ModerationAction",
    "Mute",
    "Notification",
    "NotificationSwitch",
    "PersonalToken",
    "Report",
    "User",
]
