#!/bin/sh
envsubst < /t > /etc/nginx/nginx.conf
nginx
