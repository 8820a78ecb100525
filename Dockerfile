# One image for all services of docker-compose.yml; the command says which one it is.
FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt /opt/requirements.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: --no-deps -r /opt/requirements.txt

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    SFERUM_MODE=production \
    DATA_DIR=/data \
    STATIC_ROOT=/srv/static
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin app \
    && install -d -o app -g app /data /srv/static
COPY --from=packages /opt/venv /opt/venv
WORKDIR /app
COPY . .
# The embedded mode makes secrets of its own in a folder that is thrown away: none is needed, none stays in the image.
RUN SFERUM_MODE=embedded DATA_DIR=/opt/build python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf /opt/build
USER app
EXPOSE 8000
CMD ["gunicorn", "--config", "deploy/gunicorn.py", "sferum_admin.wsgi:application"]
