"""gunicorn's settings: `gunicorn sidetrack.wsgi -c python:sidetrack.web`, the same by `make run` and in the image.

Threads, because a request mostly waits for the database; two processes, because one core is not the machine.
sidetrack.logs writes one line a request, so gunicorn's own access log, which would show queries, stays off.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sidetrack.settings")

from django.conf import settings

bind = f"{settings.HOST}:{settings.PORT}"
worker_class = "gthread"
workers = settings.WEB_WORKERS
threads = settings.WEB_THREADS
timeout = 60
graceful_timeout = 30
keepalive = 75  # longer than the proxy keeps its side, or it would meet closed connections
max_requests, max_requests_jitter = 5000, 500
forwarded_allow_ips = "127.0.0.1"  # Django reads X-Forwarded-Proto itself, and only with BEHIND_PROXY
accesslog = None
errorlog = "-"
loglevel = "info" if settings.LOG_LEVEL == "DEBUG" else "warning"
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112  (a heartbeat file, not on a slow disk)
control_socket_disable = True
