"""What moderators may open of sound; fills the slot "moderator:permissions". Files and switches are the operators'."""

MODERATORS_MAY = ("taste.view_analysissettings", "taste.view_playlist")


def taste_permissions() -> tuple[str, ...]:
    return MODERATORS_MAY
