"""`manage.py merge_tracks KEEP DROP`: make two rows of one track one."""

from catalog.management.merging import MergeCommand
from catalog.merging import merge_tracks
from catalog.models import Track


class Command(MergeCommand):
    help = "Merge tracks, named by the numbers they have in the admin; listens and totals go along."
    model = Track
    named_by = "number"
    merge = staticmethod(merge_tracks)
