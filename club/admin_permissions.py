"""What moderators may open of the club; fills the slot "moderator:permissions". What they may do, the acts say."""

MODERATORS_MAY = (
    "club.view_week",
    "club.view_nomination",
    "club.change_nomination",
    "club.view_rating",
    "club.view_historicalweek",
    "club.view_historicalnomination",
    "club.view_historicalrating",
)


def club_permissions() -> tuple[str, ...]:
    return MODERATORS_MAY
