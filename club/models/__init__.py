"""The club's rows: settings, weeks, nominations, votes, ratings, and members' shelves."""

from club.models.nomination import Nomination
from club.models.rating import Rating
from club.models.settings import ClubSettings
from club.models.share_image import ShareImage
from club.models.shelf import DiaryEntry, FavouriteAlbum, WantedAlbum
from club.models.vote import Vote
from club.models.week import Phase, Week

__all__ = [
    "ClubSettings",
    "DiaryEntry",
    "FavouriteAlbum",
    "Nomination",
    "Phase",
    "Rating",
    "ShareImage",
    "Vote",
    "WantedAlbum",
    "Week",
]
