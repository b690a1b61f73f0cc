"""`manage.py merge_artists KEEP DROP`: make two rows of one artist one."""

from catalog.management.merging import MergeCommand
from catalog.merging import merge_artists
from catalog.models import Artist


class Command(MergeCommand):
    help = "Merge artists: whatever points at the dropped ones points at the kept one afterwards."
    model = Artist
    merge = staticmethod(merge_artists)
