"""Files that services and programs export, as plays. Pure: no Django, no clients.

Read `rows` (what a parser yields), then `recognising` (which format a file is, by its content). One module a format;
`json_text` and `lines` read the two shapes that all of them have, piece by piece; `packages` opens zips that strangers
made. Whoever imports reads `recognising.look_into(path)` and then `Recognised.rows()`.
"""
