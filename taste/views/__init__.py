"""Pages of sound and taste."""
