#!/bin/sh
migrate
/opt/app/server
