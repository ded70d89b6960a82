#!/bin/sh
service nginx start
tail -f /dev/null
