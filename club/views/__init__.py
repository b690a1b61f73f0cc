"""Pages of the club, one module each: fetch or 404, act, render."""
