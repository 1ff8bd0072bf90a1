#!/bin/sh
# How does this service come to a Debian 12 (or newer) machine that has nothing yet?
#
#   instalar.sh DOMAIN           as root, from /opt/pqr; may be run again: what is there stays
#   instalar.sh DOMAIN FOLDER    only the files, under this folder, to look at them before
#
# What it makes: the user pqr, a PostgreSQL database, /etc/pqr/pqr.env with a fresh key, systemd units, nginx with TLS
# (a certificate of its own until there is a real one), the daily copy, and the command `pqr`.
set -eu

domain=${1-}
base=${2-}
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
case $domain in
    '' | -* | *[!a-z0-9.-]*) echo "instalar: diga el dominio, por ejemplo: instalar.sh pqr.sumunicipio.gov.co" >&2; exit 2 ;;
esac
if [ -z "$base" ] && [ "$(id -u)" != 0 ]; then echo "instalar: hágalo como root (sudo)." >&2; exit 1; fi
if [ -z "$base" ] && [ "$here" != /opt/pqr/docs/instalar ]; then echo "instalar: el programa debe estar en /opt/pqr." >&2; exit 1; fi

step() { echo "instalar: $*" >&2; }
owned() { [ -n "$base" ] || chown "$1" "$2"; } # in a folder of one's own nobody else owns anything

packages() {
    apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends \
        python3 python3-venv tzdata postgresql redis-server nginx openssl certbot curl >/dev/null
}

user_and_database() {
    id pqr >/dev/null 2>&1 || adduser --quiet --system --group --home /var/lib/pqr pqr
    ask() { runuser -u postgres -- psql -tAqc "$1"; }
    [ "$(ask "SELECT 1 FROM pg_roles WHERE rolname = 'pqr'")" = 1 ] || runuser -u postgres -- createuser pqr
    [ "$(ask "SELECT 1 FROM pg_database WHERE datname = 'pqr'")" = 1 ] ||
        runuser -u postgres -- createdb -O pqr -E UTF8 -T template0 pqr
}

files() {
    mkdir -p "$base/etc/pqr/tls" "$base/etc/systemd/system" "$base/etc/nginx/sites-available" \
        "$base/etc/nginx/sites-enabled" "$base/usr/local/bin" "$base/var/lib/pqr" "$base/var/backups/pqr"
    chmod 0750 "$base/etc/pqr" "$base/var/lib/pqr" "$base/var/backups/pqr"
    chmod 0700 "$base/etc/pqr/tls"
    owned root:pqr "$base/etc/pqr"
    owned pqr:pqr "$base/var/lib/pqr"
    owned pqr:pqr "$base/var/backups/pqr"
    if [ ! -e "$base/etc/pqr/pqr.env" ]; then
        key=$(openssl rand -hex 32)
        (umask 077 && sed "s/@CLAVE@/$key/; s/@DOMINIO@/$domain/g" "$here/pqr.env" >"$base/etc/pqr/pqr.env")
        chmod 0640 "$base/etc/pqr/pqr.env"
        owned root:pqr "$base/etc/pqr/pqr.env"
    fi
    if [ ! -e "$base/etc/pqr/tls/cert.pem" ]; then
        openssl req -x509 -newkey rsa:2048 -nodes -days 90 -subj "/CN=$domain" -addext "subjectAltName=DNS:$domain" \
            -keyout "$base/etc/pqr/tls/key.pem" -out "$base/etc/pqr/tls/cert.pem" 2>/dev/null
        chmod 0600 "$base/etc/pqr/tls/key.pem"
    fi
    cp "$here"/pqr*.service "$here"/pqr*.timer "$here"/pqr.target "$base/etc/systemd/system/"
    sed "s/@DOMINIO@/$domain/g" "$here/nginx.conf" >"$base/etc/nginx/sites-available/pqr"
    ln -sf ../sites-available/pqr "$base/etc/nginx/sites-enabled/pqr"
    install -m 0755 "$here/pqr" "$base/usr/local/bin/pqr"
}

start() {
    systemctl daemon-reload
    systemctl enable --quiet --now redis-server postgresql
    /usr/local/bin/pqr init
    systemctl enable --quiet pqr.target pqr-web pqr-worker pqr-beat pqr-correo pqr-copia.timer
    systemctl restart pqr-web pqr-worker pqr-beat pqr-correo
    systemctl start pqr-copia.timer
    nginx -t -q && systemctl reload-or-restart nginx
}

if [ -n "$base" ]; then
    files
    exit
fi
step "instalando programas con apt (unos minutos)"
packages
step "usuario y base de datos"
user_and_database
step "archivos"
files
step "paquetes de Python (cerca de un minuto)"
/opt/pqr/pqr.sh --help >/dev/null
step "encendiendo; este es el enlace de un solo uso de quien administra:"
start
step "listo. Complete /etc/pqr/pqr.env y siga con la guía: docs/instalar.md"
