"""`manage.py merge_albums KEEP DROP`: make two rows of one album one."""

from catalog.management.merging import MergeCommand
from catalog.merging import merge_albums
from catalog.models import Album


class Command(MergeCommand):
    help = "Merge albums: whatever points at the dropped ones points at the kept one afterwards."
    model = Album
    merge = staticmethod(merge_albums)
