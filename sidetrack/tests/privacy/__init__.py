"""Who sees what of a member, on every surface of the site: one truth written by hand, one function a surface.

`truth` says who may see; `scene` is a member with something of everything and everybody who could look; `surfaces`
asks for each page, list, feed, count, file, image, REST answer and Discord command, and says whether it tells of the
member. A new address, REST operation, Discord command or panel has to be in `surfaces` or, with a reason, in `nothing`.
"""
