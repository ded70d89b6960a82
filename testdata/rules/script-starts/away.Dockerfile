FROM debian:12.8
COPY --from=registry.example.com/scripts:1.4.2 /server.sh /
USER 10001
ENTRYPOINT ["/server.sh"]
