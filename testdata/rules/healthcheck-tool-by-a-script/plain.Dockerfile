FROM debian:12.8-slim
RUN MODE=production; /usr/sbin/adduser --system app && apt-get update
USER 10001
HEALTHCHECK CMD curl -f http://localhost:8080/healthz
