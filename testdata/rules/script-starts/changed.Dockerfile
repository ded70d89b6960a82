FROM debian:12.8
COPY *.sh /app/
RUN chmod +x /app/*.sh
USER 10001
CMD ["bash", "-e", "/app/server.sh"]
