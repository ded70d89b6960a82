FROM nginx:
CMD ["app"]
