"""The tracker's pages, one module each."""
