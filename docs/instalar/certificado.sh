#!/bin/sh
# What is done with a certificate that certbot has just renewed? (certbot says where it is in RENEWED_LINEAGE.)
#
#   certificado.sh [FOLDER]      the folder of the server's certificate, /etc/pqr/tls
set -eu
folder=${1-/etc/pqr/tls}
install -m 0600 "$RENEWED_LINEAGE/privkey.pem" "$folder/key.pem.new"
install -m 0644 "$RENEWED_LINEAGE/fullchain.pem" "$folder/cert.pem.new"
mv "$folder/key.pem.new" "$folder/key.pem"
mv "$folder/cert.pem.new" "$folder/cert.pem"
nginx -t -q
systemctl reload nginx
