"""How far members are through an album, and whether those who play it more rate it higher.

Read first: `weeks.progress_of_week`, who has heard how much of a week's album, as far as a reader may know it.
`songs`: which tracks are one song of the album. `hearing`: who heard which of them. `stars`: plays against ratings.
"""
