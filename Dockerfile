# One image for web, workers and clock.
ARG BASE_IMAGE=debian:bookworm-slim
FROM ${BASE_IMAGE}

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
COPY analysis/__init__.py analysis/errors.py analysis/pose_model.py analysis/
RUN python -m analysis.pose_model
COPY . .
RUN python -m compileall -qq analysis runform

USER runform
VOLUME /data
EXPOSE 8000
CMD ["uvicorn", "runform.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--lifespan", "off", "--no-access-log"]
