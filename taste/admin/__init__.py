"""The admin of sound: its analysis, which file is which track (for operators alone); lists that were reported."""

from taste.admin.analysis import AnalysisSettingsAdmin
from taste.admin.files import AudioFileAdmin
from taste.admin.playlists import PlaylistAdmin

__all__ = ["AnalysisSettingsAdmin", "AudioFileAdmin", "PlaylistAdmin"]
