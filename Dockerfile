# Two images: `app` for web, worker, beat and migrate; `local` adds the mail catcher and PostgreSQL's client programs,
# for trying things out and for backups. docker-compose.yml builds both.
FROM python:3.11-slim-bookworm@sha256:a36c24f9cbdf4fd0f52d67f0823eeac19c2028c637cecc392d97f980d4fec56b AS app
RUN apt-get update \
 && apt-get install --yes --no-install-recommends \
      libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
      fonts-noto-core fonts-noto-cjk fonts-noto-color-emoji \
 && rm -rf /var/lib/apt/lists/*
RUN pip install --no-cache-dir uv==0.13.9
RUN useradd --system --uid 10001 embed90 \
 && install --directory --owner=embed90 --mode=700 /data /keys
WORKDIR /app
ENV PYTHONUNBUFFERED=1 UV_PROJECT_ENVIRONMENT=/venv UV_COMPILE_BYTECODE=1 PATH=/venv/bin:$PATH
COPY pyproject.toml uv.lock ./
RUN uv sync --locked --no-default-groups --no-cache
COPY . .
# Whoever builds may have a umask that closes files to others, which the user below would be.
RUN chmod --recursive a+rX /app
RUN SECRET_KEY=x DATABASE_URL=postgresql://x REDIS_URL=redis://x EMAIL_URL=smtp://x \
    python manage.py compile_translations && python -m compileall -q coaching cohorts feedback360 goals programme
USER embed90
VOLUME ["/data", "/keys"]

FROM app AS local
USER root
RUN uv sync --locked --no-default-groups --group local --no-cache
USER embed90

# What `docker build .` makes without --target.
FROM app
