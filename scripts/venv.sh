#!/bin/sh
# usage: venv.sh DIRECTORY LOCK — a virtual environment with exactly the packages of LOCK, checked by their hashes.
set -eu
directory=$1
lock=$2

is_3_11() {
    "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1
}

choose_python() {
    for name in ${PYTHON_3_11:-} python3.11 python3 python; do
        if is_3_11 "$name"; then
            echo "$name"
            return
        fi
    done
    cat >&2 <<'TEXT'
Нужен Python 3.11, а здесь его нет (Python 3.11 is needed and was not found).
  Debian 12:  apt-get install python3.11 python3.11-venv
  Если он стоит не в PATH (if it is outside PATH):  make run PYTHON_3_11=/путь/к/python3.11
TEXT
    return 1
}

make_environment() {
    python=$(choose_python) || exit 1
    echo "Виртуальное окружение: $directory ($("$python" --version))"
    rm -rf "$directory"
    if ! "$python" -m venv "$directory" >"$log" 2>&1; then
        rm -rf "$directory"
        cat "$log" >&2
        cat >&2 <<'TEXT'
Не удалось создать виртуальное окружение (the virtual environment could not be made).
  Debian, Ubuntu:  apt-get install python3.11-venv
TEXT
        exit 1
    fi
}

# One line that counts up on a terminal, every tenth package elsewhere; the whole report stays in the log.
show_progress() {
    total=$(grep -c '^[a-z0-9].*==' "$lock")
    tty=0
    [ ! -t 1 ] || tty=1
    tee "$log" | awk -v total="$total" -v tty="$tty" '
        /^(Collecting|Processing) / {
            n++
            if (tty) { printf "\r\033[K  %d / %d  %s", n, total, $2; fflush() }
            else if (n % 10 == 0) { printf "  %d / %d\n", n, total; fflush() }
        }
        /^Installing collected/ { printf "%s  установка…\n", tty ? "\r\033[K" : ""; fflush() }'
}

install_packages() {
    echo "Пакеты из $lock (один раз, несколько минут):"
    status=$directory/.install-status
    {
        "$directory/bin/python" -m pip install --require-hashes --only-binary :all: --no-deps \
            --disable-pip-version-check --progress-bar off -r "$lock" 2>"$log.errors" && echo 0 >"$status" || echo 1 >"$status"
    } | show_progress
    if [ "$(cat "$status")" != 0 ]; then
        cat "$log.errors" >&2
        echo "Пакеты не установлены; подробности — в $log (the packages could not be installed)." >&2
        exit 1
    fi
    rm -f "$status"
}

log=${TMPDIR:-/tmp}/sferum-admin-install.$$.log
trap 'rm -f "$log.errors"' EXIT
is_3_11 "$directory/bin/python" || make_environment
install_packages
rm -f "$log"
