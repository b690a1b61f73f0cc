"""A container's health check: `python -m sidetrack.probe /health` exits 0 when this machine's web process answers 200.

Asks with the host name of SITE_URL, so that ALLOWED_HOSTS need not hold an inside name. No curl, no Django: quick.
"""

from __future__ import annotations

import os
import sys
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

TIMEOUT_S = 4


def is_answered(path: str) -> bool:
    port = int(os.environ.get("PORT") or 8000)
    host = urlsplit(os.environ.get("SITE_URL", "")).netloc or f"127.0.0.1:{port}"
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", path, headers={"Host": host})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(0 if is_answered(sys.argv[1]) else 1)
