"""Figures of the dashboard as plain values: pure, no Django, no plotly.

`figures` builds what plotly draws in the browser, as dicts; `drawings` builds the same charts as SVG, which stands on
the page from the first moment and stays where no script runs. Colours are names (`var(--mood-3)`) until a browser that
knows the theme resolves them; `colours` has the values, and a test holds the style sheet to them.
"""
