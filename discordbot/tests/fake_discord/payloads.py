"""The records of `things` as the JSON that Discord sends."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from .permissions import permissions_of
from .things import (
    HAS_THREAD,
    Account,
    Attachment,
    Channel,
    Guild,
    Interaction,
    Kind,
    Member,
    Message,
    MessageType,
    Role,
    ScheduledEvent,
)

if TYPE_CHECKING:
    from .world import World

Json = dict[str, Any]


def stamp(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def user_json(account: Account) -> Json:
    return {
        "id": str(account.id),
        "username": account.name,
        "global_name": account.display_name,
        "discriminator": "0",
        "avatar": None,
        "bot": account.is_bot,
        "public_flags": 0,
        "flags": 0,
        "banner": None,
        "accent_color": None,
    }


def member_json(
    member: Member, guild: Guild, channel: Channel | None = None, *, with_permissions: bool = False
) -> Json:
    answer: Json = {
        "user": user_json(member.account),
        "nick": member.nick,
        "avatar": None,
        "roles": [str(role_id) for role_id in member.role_ids],
        "joined_at": stamp(member.joined_at),
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
    }
    if with_permissions:
        answer["permissions"] = str(permissions_of(member, guild, channel))
    return answer


def role_json(role: Role) -> Json:
    return {
        "id": str(role.id),
        "name": role.name,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "icon": None,
        "unicode_emoji": None,
        "position": role.position,
        "permissions": str(role.permissions),
        "managed": False,
        "mentionable": False,
        "flags": 0,
    }


def channel_json(channel: Channel, world: World) -> Json:
    if channel.type is Kind.DM:
        recipients = [user_json(channel.recipient)] if channel.recipient else []
        return {"id": str(channel.id), "type": 1, "last_message_id": None, "recipients": recipients, "flags": 0}
    last = max(channel.messages, default=None)
    answer: Json = {
        "id": str(channel.id),
        "guild_id": str(channel.guild_id),
        "type": int(channel.type),
        "name": channel.name,
        "parent_id": str(channel.parent_id) if channel.parent_id else None,
        "last_message_id": str(last) if last else None,
        "last_pin_timestamp": None,
        "rate_limit_per_user": 0,
        "flags": channel.flags,
    }
    if channel.is_thread:
        return answer | {
            "owner_id": str(channel.owner_id),
            "message_count": len(channel.messages),
            "total_message_sent": channel.n_sent,
            "member_count": len(channel.member_ids),
            "applied_tags": channel.applied_tags,
            "thread_metadata": {
                "archived": channel.archived,
                "locked": channel.locked,
                "auto_archive_duration": channel.auto_archive_minutes,
                "archive_timestamp": stamp(channel.archived_at or channel.created_at),
                "create_timestamp": stamp(channel.created_at),
            },
        }
    answer |= {
        "position": channel.position,
        "topic": channel.topic,
        "nsfw": False,
        "permission_overwrites": [
            {"id": str(row.id), "type": int(row.is_member), "allow": str(row.allow), "deny": str(row.deny)}
            for row in channel.overwrites
        ],
    }
    if channel.type is Kind.VOICE:
        answer |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None, "video_quality_mode": 1}
    if channel.type is Kind.FORUM:
        answer |= {
            "available_tags": channel.available_tags,
            "default_reaction_emoji": None,
            "default_sort_order": None,
            "default_forum_layout": 0,
            "default_thread_rate_limit_per_user": 0,
        }
    return answer


def attachment_json(attachment: Attachment) -> Json:
    return {
        "id": str(attachment.id),
        "filename": attachment.filename,
        "description": attachment.description,
        "content_type": attachment.content_type,
        "size": len(attachment.data),
        "url": attachment.url,
        "proxy_url": attachment.url,
        "flags": 0,
    }


def message_json(message: Message, world: World, *, words: bool = True, for_account: int | None = None) -> Json:
    """words: False hides what a bot without the message content intent is not shown."""
    channel = world.find_channel(message.channel_id)
    answer: Json = {
        "id": str(message.id),
        "channel_id": str(message.channel_id),
        "author": user_json(message.author),
        "content": message.content if words else "",
        "timestamp": stamp(message.created_at),
        "edited_timestamp": stamp(message.edited_at),
        "tts": False,
        "mention_everyone": message.pinged_everyone,
        "mentions": [user_json(world.accounts[pinged]) for pinged in sorted(message.pinged)],
        "mention_roles": [str(role_id) for role_id in sorted(message.pinged_roles)],
        "attachments": [attachment_json(attachment) for attachment in message.attachments] if words else [],
        "embeds": message.embeds if words else [],
        "components": message.components if words else [],
        "pinned": message.is_pinned,
        "type": int(message.type),
        "flags": message.flags,
    }
    if message.author.id == world.bot.id and message.interaction:
        answer["webhook_id"] = str(world.bot.id)
        answer["application_id"] = str(world.bot.id)
        answer["interaction_metadata"] = _metadata(message.interaction)
    if message.nonce is not None:
        answer["nonce"] = message.nonce
    if message.reactions:
        answer["reactions"] = [
            {
                "emoji": {"id": None, "name": emoji},
                "count": len(people),
                "count_details": {"burst": 0, "normal": len(people)},
                "me": (for_account or world.bot.id) in people,
                "me_burst": False,
                "burst_colors": [],
            }
            for emoji, people in message.reactions.items()
        ]
    if message.replies_to or message.type in {MessageType.PINNED, MessageType.THREAD_STARTER}:
        answer["message_reference"] = {"type": 0, "channel_id": str(message.channel_id)}
        if message.replies_to:
            answer["message_reference"]["message_id"] = str(message.replies_to)
    thread = world.find_channel(message.id) if message.flags & HAS_THREAD else None
    if thread:
        answer["thread"] = channel_json(thread, world)
    if channel and channel.guild_id:
        answer["guild_id"] = str(channel.guild_id)
    return answer


def _metadata(interaction: Interaction) -> Json:
    answer: Json = {
        "id": str(interaction.id),
        "type": int(interaction.type),
        "user": user_json(interaction.account),
        "authorizing_integration_owners": {"0": str(interaction.guild_id or 0)},
    }
    if interaction.type == 3 and interaction.source:
        answer["interacted_message_id"] = str(interaction.source.id)
    if interaction.type == 5:
        answer["triggering_interaction_metadata"] = answer | {"type": 2}
    return answer


def event_json(event: ScheduledEvent, world: World) -> Json:
    return {
        "id": str(event.id),
        "guild_id": str(event.guild_id),
        "channel_id": str(event.channel_id) if event.channel_id else None,
        "creator_id": str(event.creator_id),
        "creator": user_json(world.accounts[event.creator_id]),
        "name": event.name,
        "description": event.description,
        "image": None,
        "scheduled_start_time": stamp(event.starts_at),
        "scheduled_end_time": stamp(event.ends_at),
        "privacy_level": 2,
        "status": event.status,
        "entity_type": event.entity_type,
        "entity_id": None,
        "entity_metadata": {"location": event.location} if event.location else None,
        "recurrence_rule": None,
        "user_count": 0,
    }
