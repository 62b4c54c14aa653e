# One image for every process of the platform: services, gateway, migrations, backup, verification.
# Built from the hashed locks alone; nothing is fetched when it runs.
ARG PYTHON_IMAGE=python:3.13-slim-trixie
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS pages
WORKDIR /build/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web .
RUN npx vite build

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 SOURCE_DATE_EPOCH=315532800
WORKDIR /build
COPY ops/image/build.lock .
RUN python -m venv /opt/tools && /opt/tools/bin/pip install --require-hashes -r build.lock
COPY requirements.lock .
RUN python -m venv --without-pip /opt/kaohe \
 && /opt/tools/bin/pip --python /opt/kaohe/bin/python install --require-hashes --no-compile -r requirements.lock
COPY . .
COPY --from=pages /build/gateway/static/app gateway/static/app
RUN /opt/tools/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /wheels . \
 && /opt/tools/bin/pip --python /opt/kaohe/bin/python install --no-deps --no-index --no-compile /wheels/*.whl \
 && /opt/tools/bin/cyclonedx-py environment --output-reproducible --of JSON -o /opt/kaohe/sbom.json /opt/kaohe/bin/python \
 && /opt/kaohe/bin/python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/kaohe/lib

FROM ${PYTHON_IMAGE}
ARG COMMIT=unknown
LABEL org.opencontainers.image.title="Kaohe" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="${COMMIT}"
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin kaohe
COPY --from=build /opt/kaohe /opt/kaohe
ENV PATH=/opt/kaohe/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MALLOC_ARENA_MAX=2 \
    MPLCONFIGDIR=/tmp/matplotlib KAOHE_SPOOL_DIR=/tmp KAOHE_BUILD_COMMIT=${COMMIT}
USER 10001:10001
WORKDIR /tmp
EXPOSE 8000
ENTRYPOINT ["kaohe"]
CMD ["--help"]
