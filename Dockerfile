# Three images, all from Debian: `app` for web, workers and clock (the last one, so it is built by default), `proxy` and
# `store`.  docker-compose.yml builds them.
ARG BASE_IMAGE=debian:bookworm-slim
ARG PROXY_BASE_IMAGE=debian:bookworm-slim
ARG STORE_BASE_IMAGE=debian:bookworm-slim

# The reverse proxy: Debian's nginx, as an ordinary user.
FROM ${PROXY_BASE_IMAGE} AS proxy
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl nginx-light \
    && rm -rf /var/lib/apt/lists/* /etc/nginx/sites-enabled \
    && install -d -o www-data -g www-data /run/proxy /var/www/acme /etc/runform/tls
COPY docker/proxy/ /etc/nginx/runform/
USER www-data
EXPOSE 8080 8443
STOPSIGNAL SIGQUIT
CMD ["sh", "/etc/nginx/runform/start.sh"]

# The object store: SeaweedFS, one process that speaks S3.
FROM ${STORE_BASE_IMAGE} AS store
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl python3 python3-venv \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 store \
    && install -d -o store -g store /data
COPY docker/store/requirements.txt /opt/
RUN python3 -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes \
       -r /opt/requirements.txt
COPY docker/store/start.sh /opt/
USER store
VOLUME /data
EXPOSE 8333
CMD ["sh", "/opt/start.sh"]

FROM ${BASE_IMAGE} AS app
# libegl1 and libgles2: MediaPipe's library is linked to them, though nothing calls them on the CPU.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates libegl1 libgles2 python3 python3-venv \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 1000 runform \
    && install -d -o runform -g runform /data

ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    RUNFORM_CACHE_DIR=/opt/runform \
    RUNFORM_VAR_DIR=/data

WORKDIR /app
COPY requirements.txt ./
RUN python3 -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes -r requirements.txt
COPY analysis/__init__.py analysis/cache.py analysis/errors.py analysis/pose_model.py analysis/
RUN python -m analysis.pose_model
COPY . .
RUN python -m compileall -qq analysis runform

USER runform
VOLUME /data
EXPOSE 8000
CMD ["uvicorn", "runform.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--lifespan", "off", "--no-access-log"]
