"""What a member says about their own listens: take out, put back, put right. Each can be undone, none comes undone.

A play is all rows that tell it: whoever deletes one does not want another source's row to turn up in its place.
`removing`: delete and restore. `moving`: another time. `renaming`: what names mean, for the past and for what comes.
`ingest` asks these tables, so that no source brings back what its member took out.
"""

from listening.corrections.moving import move_listen
from listening.corrections.removing import delete_listens, restore
from listening.corrections.renaming import not_music, relink, undo_correction

__all__ = ["delete_listens", "move_listen", "not_music", "relink", "restore", "undo_correction"]
