# syntax=docker/dockerfile:1
FROM rust:1.97.1@sha256:b1b3c9c0d921d7fa0a6d1f9ec7e4eab87f8c8ec97644c3d791450f131dec813f AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY rules rules
COPY benches benches
RUN target="$(uname -m)-unknown-linux-musl" \
    && rustup target add "$target" \
    && cargo build --release --locked --target "$target" \
    && cp "target/$target/release/plimsoll" /plimsoll

FROM scratch
LABEL org.opencontainers.image.title="plimsoll" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
COPY --from=build /plimsoll /plimsoll
WORKDIR /work
USER 65532:65532
HEALTHCHECK NONE
# plimsoll: ignore[missing-init] starts no processes, and ends within a second
ENTRYPOINT ["/plimsoll"]
