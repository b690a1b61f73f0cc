"""What moderators may open of the bot; fills the slot "moderator:permissions"."""

MODERATORS_MAY = (
    "discordbot.view_post",
    "discordbot.view_botlease",
    "discordbot.view_discordsettings",
    "discordbot.change_discordsettings",
)


def discord_permissions() -> tuple[str, ...]:
    return MODERATORS_MAY
