#!/bin/bash
main() {
  echo starting
  "$@"
}
main "$@"
