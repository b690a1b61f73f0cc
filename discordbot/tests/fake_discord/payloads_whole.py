"""The two large payloads: a server as GUILD_CREATE carries it, and an interaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .payloads import Json, channel_json, event_json, member_json, message_json, role_json, stamp, user_json
from .permissions import permissions_of
from .things import Guild, Interaction

if TYPE_CHECKING:
    from .world import World


def guild_json(guild: Guild, world: World, *, whole: bool = True) -> Json:
    """whole: as GUILD_CREATE carries it, with members (only the bot), channels and threads."""
    bot = guild.members[world.bot.id]
    answer: Json = {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "roles": [role_json(role) for role in guild.roles.values()],
        "emojis": [],
        "stickers": [],
        "features": [],
        "afk_timeout": 300,
        "verification_level": 0,
        "default_message_notifications": 1,
        "explicit_content_filter": 0,
        "mfa_level": 0,
        "nsfw_level": 0,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "premium_progress_bar_enabled": False,
        "preferred_locale": "en-US",
        "system_channel_flags": 0,
        "max_members": 500000,
    }
    empty = "icon splash discovery_splash banner description region afk_channel_id application_id system_channel_id"
    empty += " rules_channel_id vanity_url_code public_updates_channel_id safety_alerts_channel_id incidents_data"
    answer |= dict.fromkeys(empty.split())
    if whole:
        seen = [row for row in guild.channels.values() if permissions_of(bot, guild, row)]
        answer |= {
            "joined_at": stamp(bot.joined_at),
            "large": False,
            "unavailable": False,
            "member_count": len(guild.members),
            "members": [member_json(bot, guild)],
            "channels": [channel_json(row, world) for row in seen if not row.is_thread],
            "threads": [channel_json(row, world) for row in seen if row.is_thread and not row.archived],
            "guild_scheduled_events": [event_json(event, world) for event in guild.events.values()],
        }
        answer |= {key: [] for key in ("voice_states", "presences", "stage_instances", "soundboard_sounds")}
    return answer


def interaction_json(interaction: Interaction, world: World) -> Json:
    channel = world.find_channel(interaction.channel_id)
    guild = world.guilds.get(interaction.guild_id or 0)
    answer: Json = {
        "id": str(interaction.id),
        "application_id": str(world.bot.id),
        "type": int(interaction.type),
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel_id": str(interaction.channel_id),
        "channel": channel_json(channel, world) if channel else {"id": str(interaction.channel_id), "type": 0},
        "locale": "en-GB",
        "entitlements": [],
        "authorizing_integration_owners": {"0": str(interaction.guild_id or 0)},
        "context": 0 if guild else 1,
        "attachment_size_limit": 10 * 1024 * 1024,
        "app_permissions": "0",
    }
    if guild:
        member = world.member_as_sent(guild, interaction.account)
        answer |= {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
            "guild_locale": "en-US",
            "member": member_json(member, guild, channel, with_permissions=True),
        }
        answer["channel"]["permissions"] = answer["member"]["permissions"]
        if world.bot.id in guild.members:
            answer["app_permissions"] = str(permissions_of(guild.members[world.bot.id], guild, channel))
    else:
        answer["user"] = user_json(interaction.account)
    if interaction.source:
        answer["message"] = message_json(interaction.source, world)
    return answer
