# shellcheck shell=bash
# Words, exit codes and the small things that every command needs.
# shellcheck disable=SC2034
EXIT_PRECONDITION=4
# shellcheck disable=SC2034
EXIT_DOWN=5

language() { printf '%s' "${LC_ALL:-${LC_MESSAGES:-${LANG:-zh}}}"; }
say() { case "$(language)" in en* | C | C.* | POSIX) printf '%s\n' "$2" ;; *) printf '%s\n' "$1" ;; esac; }
note() { say "$1" "$2" >&2; }
fail() { printf '✖ %s\n' "$(say "$2" "$3")" >&2; exit "$1"; }
good() { printf '✔ %s\n' "$(say "$1" "$2")"; }
bad() { printf '✖ %s\n' "$(say "$1" "$2")"; }

# Its steps are for people who look on; a log gets what goes wrong.
compose() { docker compose --progress "$([ -t 2 ] && echo auto || echo quiet)" "$@"; }

# One value of .env; the second argument, or nothing, when it is not there.
setting() {
  local value=''
  [ -f .env ] && value=$(sed -n "s/^$1=//p" .env | tail -1)
  printf '%s' "${value:-${2:-}}"
}

need_env() { [ -f .env ] || fail "$EXIT_PRECONDITION" "请先运行 ./kaohectl init" "run ./kaohectl init first"; }

# Every run that changes something is written down, with who and when.
journal() { mkdir -p backups && printf '%s %s %s\n' "$(date -u +%FT%TZ)" "${SUDO_USER:-$(id -un)}" "$*" >>backups/kaohectl.log; }

# A process of the platform's image, beside the running ones, on the data network.
tool() { docker compose --progress quiet run --rm --no-deps -T "$@"; }
