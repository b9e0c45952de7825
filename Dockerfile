FROM node:24-slim AS front-end
WORKDIR /build
COPY package.json package-lock.json vendor.mjs ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM python:3.12-slim AS packages
COPY requirements.txt .
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.12-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    STATIC_ROOT=/app/staticfiles \
    MEDIA_ROOT=/data/media \
    TILE_CACHE=/data/tiles
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin zentrum \
    && install -d -o zentrum -g zentrum /data /data/media /data/tiles
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
COPY --from=front-end /build/static/vendor static/vendor
RUN export SECRET_KEY=only-while-building EMAIL_URL=console:// \
    && python manage.py compile_catalogues \
    && python manage.py collectstatic --no-input
USER zentrum
VOLUME /data
EXPOSE 8000
