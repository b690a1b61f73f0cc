"""Pictures as every app draws them: SVG with our own fonts, turned into PNG. Pure, but for the font files."""
