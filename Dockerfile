# One image for every process of the platform: services, gateway, migrations, backup, verification.
# Built from the hashed locks alone; nothing is fetched when it runs.
ARG PYTHON_IMAGE=python:3.13-slim-trixie
ARG NODE_IMAGE=node:24-slim

FROM ${NODE_IMAGE} AS pages
WORKDIR /build/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web .
RUN npx vite build && npx vite build --mode legacy

FROM ${PYTHON_IMAGE} AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1 SOURCE_DATE_EPOCH=315532800
RUN apt-get update && apt-get install --yes --no-install-recommends binutils
WORKDIR /build
# requirements-tracing.lock: with what sends traces to a collector.
ARG LOCK=requirements.lock
COPY ops/image/build.lock .
RUN python -m venv /opt/tools && /opt/tools/bin/pip install --require-hashes -r build.lock
COPY requirements.lock requirements-tracing.lock ./
RUN python -m venv --without-pip /opt/kaohe \
 && /opt/tools/bin/pip --python /opt/kaohe/bin/python install --require-hashes --no-compile -r ${LOCK}
COPY ops/image/trim ops/image/wheel ops/image/
RUN ops/image/trim /opt/kaohe
COPY . .
COPY --from=pages /build/gateway/static/app gateway/static/app
RUN ops/image/wheel /opt/tools/bin/pip /wheels \
 && /opt/tools/bin/pip --python /opt/kaohe/bin/python install --no-deps --no-index --no-compile /wheels/*.whl \
 && /opt/tools/bin/cyclonedx-py environment --output-reproducible --of JSON -o /opt/kaohe/sbom.json /opt/kaohe/bin/python

# What the interpreter needs of the system: no package manager, no installer, nothing that gives its caller other rights.
FROM ${PYTHON_IMAGE} AS system
ENV SOURCE_DATE_EPOCH=315532800
RUN useradd --uid 10001 --user-group --no-create-home --no-log-init --shell /usr/sbin/nologin kaohe \
 && find / -xdev -type f -perm /6000 -exec chmod a-s {} + \
 && rm -rf /usr/local/bin/pip* /usr/local/lib/python3.*/site-packages/pip* /usr/share/python-wheels /usr/include /root/.cache \
 && for library in /usr/lib/python3.* /usr/local/lib/python3.*; do \
      rm -rf $library/ensurepip $library/test $library/idlelib $library/turtledemo $library/pydoc_data; done \
 && rm -rf /usr/share/locale /usr/share/doc /usr/share/man /usr/share/info /usr/share/lintian /usr/share/bash-completion \
      /usr/share/perl5 /usr/bin/perl* /usr/lib/*/perl* /usr/lib/*/gconv /usr/bin/apt* /usr/bin/sqv /usr/lib/apt /usr/lib/*/libapt-* \
      /var/lib/apt /var/lib/dpkg/info /var/cache/* /var/log/* /tmp/*
COPY --from=build /opt/kaohe /opt/kaohe
COPY ops/image/compile.py /tmp/
# Times of files are part of a layer: all get the same one, but for what the builder lends.
RUN /opt/kaohe/bin/python /tmp/compile.py && rm -rf /tmp/* \
 && find / -xdev \( -path /proc -o -path /sys -o -path /dev -o -path /etc/hosts -o -path /etc/resolv.conf \) -prune \
      -o -newermt "@${SOURCE_DATE_EPOCH}" -exec touch --no-dereference --date "@${SOURCE_DATE_EPOCH}" {} +

FROM scratch
ARG COMMIT=unknown
LABEL org.opencontainers.image.title="Kaohe" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.revision="${COMMIT}"
COPY --from=system / /
ENV PATH=/opt/kaohe/bin:/usr/local/bin:/usr/bin:/bin LANG=C.UTF-8 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 MALLOC_ARENA_MAX=2 \
    KAOHE_SPOOL_DIR=/tmp KAOHE_BUILD_COMMIT=${COMMIT}
USER 10001:10001
WORKDIR /tmp
EXPOSE 8000
ENTRYPOINT ["kaohe"]
CMD ["--help"]
