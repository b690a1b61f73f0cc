"""What the REST endpoints of every app share: errors, paging, throttling, serializer bases, and the reference page.

Endpoints live in `<app>/api.py` (or `<app>/api/`); who calls and for whom is `social.authentication` and
`social.acting`. `router` puts the apps' addresses together and is the only module here that may import an app.
Read first: `sidetrack.api.errors.handle`, through which every refusal leaves the house.
"""
