# syntax=docker/dockerfile:1
# One file, two images: `web` (the site, the bot, the setup step) stays light; `worker` has the audio libraries too.
#   docker build --target web .
#   docker build --target worker --build-arg TORCH=cuda .      (cpu is the default)

FROM python:3.11-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONPATH=/app \
    PATH=/opt/venv/bin:$PATH \
    DATA_DIR=/data \
    HOST=0.0.0.0 \
    PORT=8000
# libgomp1: implicit and torch link the system's OpenMP. A font: without one, text in share images is silently left out.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libgomp1 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 sidetrack \
    && useradd --uid 10001 --gid sidetrack --home-dir /app --no-create-home --shell /usr/sbin/nologin sidetrack \
    && install --directory --owner sidetrack --group sidetrack /app /data
WORKDIR /app

# Dependencies first: they change seldom, so that a change of our code builds in seconds.
FROM base AS libraries
RUN python -m venv /opt/venv
COPY pyproject.toml README.md ./
RUN --mount=type=cache,target=/root/.cache/pip \
    mkdir -p sidetrack social catalog club listening taste discordbot \
    && pip install --disable-pip-version-check .

FROM libraries AS libraries-audio
# cpu: the small build from PyTorch's own index, named by whoever builds (TORCH_INDEX); cuda: the default build.
ARG TORCH=cpu
ARG TORCH_INDEX=
RUN --mount=type=cache,target=/root/.cache/pip \
    if [ "$TORCH" = cpu ] && [ -n "$TORCH_INDEX" ]; then \
        pip install --disable-pip-version-check --index-url "$TORCH_INDEX" torch==2.13.0; \
    fi \
    && pip install --disable-pip-version-check '.[audio]'

FROM base AS code
COPY --chown=sidetrack:sidetrack . .
USER sidetrack
VOLUME /data

# One health check for each role: the address of the web process, the heartbeat of the queue.
FROM code AS web
COPY --from=libraries /opt/venv /opt/venv
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 CMD ["python", "-m", "sidetrack.probe", "/health"]
CMD ["gunicorn", "sidetrack.wsgi", "-c", "python:sidetrack.web"]

FROM code AS worker
COPY --from=libraries-audio /opt/venv /opt/venv
HEALTHCHECK --interval=60s --timeout=30s --start-period=120s --retries=3 CMD ["python", "manage.py", "worker", "--check"]
CMD ["python", "manage.py", "worker"]
