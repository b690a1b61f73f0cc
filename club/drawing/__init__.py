"""Pictures of the club: charts as SVG, share images, and the letters they are set in. Pure, but for the font files."""
