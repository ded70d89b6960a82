FROM debian:12.8
WORKDIR /app
COPY --chmod=755 *.sh ./
USER 10001
ENTRYPOINT ["./branch.sh"]
CMD ["/app/server.sh"]
