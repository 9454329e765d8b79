# The gateway for production: `docker build -t registrations-gateway .`, then run it with REGISTRATIONS_DATABASE_URL.

FROM python:3.13-slim AS build
ENV VIRTUAL_ENV=/opt/registrations UV_SYSTEM_CERTS=1
WORKDIR /build
COPY requirements.lock pyproject.toml README.md LICENSE ./
COPY scripts/install-uv scripts/
RUN scripts/install-uv python
RUN python -m venv --without-pip "$VIRTUAL_ENV"
# The runtime dependencies that pyproject.toml names and no others, in the versions and with the hashes of the lock.
RUN uv pip install --compile-bytecode --require-hashes --constraints requirements.lock --extra tracing \
    --requirements pyproject.toml
COPY src src
RUN uv pip install --compile-bytecode --no-deps --build-constraints requirements.lock .

FROM python:3.13-slim
# A number, so that an orchestrator can see that it isn't root's.
RUN useradd --system --uid 10001 --no-create-home registrations
USER 10001
ENV PATH="/opt/registrations/bin:$PATH" PYTHONUNBUFFERED=1
COPY --from=build /opt/registrations /opt/registrations
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s \
    CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["registrations", "serve", "--host", "0.0.0.0", "--port", "8000"]
