"""From audio files on this machine to numbers: found, matched to tracks, measured. `extraction/` knows no Django."""
