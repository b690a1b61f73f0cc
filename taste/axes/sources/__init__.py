"""What others say of tracks. Each module reads one source's own words into axes, with a confidence of its own."""
