"""The dashboard's pages: one module a page, `asking` for whose taste and which weeks, `figure` for what a chart is."""
