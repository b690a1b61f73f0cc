"""Pages of the catalogue: one album, one artist."""
