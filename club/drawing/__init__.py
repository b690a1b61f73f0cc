"""Pictures of the club: charts as SVG, and share images. Pure."""
