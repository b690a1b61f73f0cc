"""REST of sound and taste; each module lists its own addresses."""

from __future__ import annotations

from taste.api import dashboard, labels, matching, sound, weeks

urlpatterns = [
    *labels.urlpatterns,
    *sound.urlpatterns,
    *weeks.urlpatterns,
    *matching.urlpatterns,
    *dashboard.urlpatterns,
]
