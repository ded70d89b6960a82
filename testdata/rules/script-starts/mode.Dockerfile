FROM debian:12.8
COPY --chmod=0644 branch.sh /usr/local/bin/start.sh
USER 10001
ENTRYPOINT ["start.sh"]
