"""Pictures of the catalogue's albums."""
