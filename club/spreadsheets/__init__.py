"""A club's history as a spreadsheet, in and out: the same bytes both ways."""
