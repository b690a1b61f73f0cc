"""The site's own settings, with the bare page and the counting of queries beside it."""

from sidetrack.settings import *  # noqa: F403
from sidetrack.settings import MIDDLEWARE, REST_FRAMEWORK

ROOT_URLCONF = "benchmarks.urls"
MIDDLEWARE = [*MIDDLEWARE, "benchmarks.bare.CountingMiddleware"]
REST_FRAMEWORK = REST_FRAMEWORK | {"DEFAULT_THROTTLE_CLASSES": []}
