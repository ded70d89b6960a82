#!/bin/sh
if [ "$1" = server ]; then
  exec "$@"
fi
"$@"
