"""What moderators may open of the catalogue; fills the slot "moderator:permissions". Nothing may be deleted."""

MODERATORS_MAY = tuple(
    f"catalog.{permission}"
    for permission in (
        "view_artist", "add_artist", "change_artist",
        "view_album", "add_album", "change_album",
        "view_track", "change_track",
        "view_tag", "change_tag",
        "view_alias",
    )
)  # fmt: skip


def catalog_permissions() -> tuple[str, ...]:
    return MODERATORS_MAY
