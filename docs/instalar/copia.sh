#!/bin/sh
# How is everything copied each day?  Into the folder given, under the day's name; copies of more than 30 days go.
#
#   copia.sh FOLDER
#
# A copy on the same machine does not survive the machine: bring the folder elsewhere each day (rsync, rclone).
set -eu
folder=$1
pqr backup "$folder/pqr-$(date +%Y-%m-%dT%H%M%S).tar"
find "$folder" -maxdepth 1 -name 'pqr-*.tar' -mtime +30 -delete
