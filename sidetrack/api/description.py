"""What the description of the API says of itself; settings hand it to drf-spectacular."""

SPECTACULAR_SETTINGS = {
    "TITLE": "Sidetrack",
    "DESCRIPTION": "The album club and what its members listen to.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {"Visibility": "social.visibility.Visibility", "Phase": "club.models.week.Phase"},
    "TAGS": [
        {"name": "club", "description": "Weeks, what is nominated in them, the poll, and the ratings."},
        {"name": "people", "description": "Members, as far as you may see them."},
        {"name": "accounts", "description": "A member's own accounts at other services."},
        {"name": "music", "description": "Albums and tracks."},
        {"name": "listens", "description": "What members listen to: sent here, or read from their accounts."},
        {"name": "taste", "description": "How music sounds, and what members like."},
        {"name": "dashboard", "description": "The figures of the dashboard, without the pictures."},
        {"name": "moderation", "description": "What moderators do; everything is logged and can be taken back."},
    ],
}
