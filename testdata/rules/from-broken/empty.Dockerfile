FROM
CMD ["app"]
