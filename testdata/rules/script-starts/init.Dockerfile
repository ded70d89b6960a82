FROM debian:12.8
COPY --chmod=755 *.sh /
USER 10001
ENTRYPOINT ["tini", "--", "/server.sh"]
