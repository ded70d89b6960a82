FROM gcr.io/distroless/nodejs22-debian12:nonroot
WORKDIR /app
COPY --chmod=644 branch.sh ./
CMD ["branch.sh"]
