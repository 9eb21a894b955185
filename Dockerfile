# The first stage builds the virtual environment; pip and its leftovers stay behind.
FROM python:3.13-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
WORKDIR /opt/rebound
COPY requirements/run.txt requirements/
RUN python -m venv .venv \
    && .venv/bin/python -m pip install --require-hashes --requirement requirements/run.txt
# Editable, so that the image has the layout of the repository: migrations/ beside app/. The build
# backend comes from the lock, so this downloads nothing.
COPY LICENSE README.md pyproject.toml alembic.ini ./
COPY migrations migrations
COPY app app
RUN .venv/bin/python -m pip install --no-deps --no-build-isolation --no-index --editable . \
    && .venv/bin/python -m compileall -q app migrations \
    && .venv/bin/python -m pip uninstall --yes --quiet pip


FROM python:3.13-slim

LABEL org.opencontainers.image.title="Rebound" \
      org.opencontainers.image.licenses="Apache-2.0"

# A fixed number, so that the owner of a mounted /data can be set from outside.
RUN groupadd --gid 10001 rebound \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin rebound \
    && install --directory --owner=rebound --group=rebound --mode=0750 /data
COPY --from=build /opt/rebound /opt/rebound

ENV PATH=/opt/rebound/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    REBOUND_DATABASE_URL=sqlite:////data/rebound.db
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000

HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]

# Exec form: SIGTERM reaches the server itself, which finishes the requests it has begun.
STOPSIGNAL SIGTERM
CMD ["rebound", "serve", "--host", "0.0.0.0", "--port", "8000"]
