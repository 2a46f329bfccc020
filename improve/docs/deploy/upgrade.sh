#!/usr/bin/env bash
# Brings an installation to another version, in one command, as root:
#
#   upgrade.sh /root/improve-0.2.0        a folder that holds that version's repository
#
# It installs beside what runs, backs up with the version that runs, stops for as long as the tables
# change, starts again and looks whether all is well. If the tables cannot be changed, or this is cut
# off, it looks whether they are as they were, and lets the earlier version go on. What each step
# does: improve/docs/running.md.
set -euo pipefail

source=$(realpath -- "${1:?name the folder of the version to install}")
home=${IMPROVE_HOME:-/opt/improve}
settings=${IMPROVE_SETTINGS:-/etc/improve/improve.env}
# Where the site works as a user who owns no table: the DATABASE_URL of the one who does.
owner=${IMPROVE_OWNER_SETTINGS:-/etc/improve/owner.env}
server=${IMPROVE_SERVER_SETTINGS:-/etc/improve/gunicorn.conf.py}
backups=${IMPROVE_BACKUPS:-/var/backups/improve}
# Where gunicorn listens on this machine, and how many seconds it may take until it answers.
site=${IMPROVE_SITE:-http://127.0.0.1:8000}
patience=${IMPROVE_PATIENCE:-60}
# Also requirements-pdf.txt (charts as PNG and PDF) and requirements-sso.txt (the council's sign-in).
# What is named once is named for each later time, in a file beside the settings.
kept=${settings%/*}/parts
parts=${IMPROVE_PARTS:-$(cat "$kept" 2>/dev/null || echo requirements.txt)}
timers="improve-mail.timer improve-nightly.timer improve-verify-audit.timer improve-backup.timer"
release=$home/releases/$(date -u +%Y-%m-%dT%H%M%SZ)
before=$(readlink -e "$home/current" || true)
step=beginning

say() { printf '%s\n' "== $*"; }

# A command of Improve, as its own user, with its settings, and nothing of whoever calls this.
improve() {
    local at=$1
    shift
    systemd-run --quiet --wait --pipe --collect --uid=improve --gid=improve \
        --property=EnvironmentFile="$settings" "${also[@]}" \
        --property=WorkingDirectory=/var/lib/improve \
        --property=UMask=0077 "$at/bin/flask" --app wsgi "$@"
}
also=()

# The same as the user who owns the tables.
as_owner() {
    local also=(--property=EnvironmentFile="-$owner")
    improve "$@"
}

# The site is stopped, and the upgrade did not come to its end: which version fits the tables?
go_on() {
    local seen also=()
    systemctl stop improve-upgrade.service 2>/dev/null
    seen=$(as_owner "$release" doctor --json 2>/dev/null || true)
    if [[ $seen == *"The tables are of revision"* && -n $before ]]; then
        say "The tables are as they were. Starting the earlier version again."
    elif [[ $seen == *"The database answers"* && $seen != *"The tables are of revision"* ]]; then
        say "The tables are up to date. Starting the new version."
        use_new
    else
        say "THE SITE IS STOPPED, and it cannot be seen which version fits the tables."
        say "Look with: $release/bin/flask --app wsgi doctor (run as in running.md). Then start it:"
        say "    systemctl start improve.socket improve.service $timers"
        return
    fi
    # shellcheck disable=SC2086
    systemctl start improve.socket improve.service $timers \
        || say "IT DID NOT START. Try: systemctl start improve.socket improve.service $timers"
}

# What a file of settings says of one name, as systemd reads it; the later file counts.
said() {
    sed -n "s/^[[:space:]]*$1=//p" "$2" 2>/dev/null | tail -n 1 | tr -d "\"'\r" || true
}

# The user in the DATABASE_URL of a file of settings; nothing where it names none.
user_of() {
    said DATABASE_URL "$1" | sed -nE 's#^postgres(ql)?(\+[a-z0-9]+)?://([^:@/?]+)(:[^@/]*)?@.*#\3#p'
}

# Whether an address of this machine answers with 200, within some seconds: gunicorn says that it is
# ready before its processes have loaded the program.
answers() {
    local until=$((SECONDS + patience))
    until "$release/bin/python" -c 'import sys, urllib.request as u
u.build_opener(u.ProxyHandler({})).open(sys.argv[1], timeout=5)' "$1" 2>/dev/null; do
        ((SECONDS < until)) || return 1
        sleep 1
    done
}

# The new version serves, and its tables are there; else this ends, and says where to look.
look_whether_it_answers() {
    local port address
    port=$(said METRICS_PORT "$settings")
    for address in "$site/healthz" ${port:+"http://127.0.0.1:$port/readyz"}; do
        [[ $address == *:0/readyz ]] || answers "$address" || {
            say "THE SITE DOES NOT ANSWER at $address. Look with: journalctl -u improve -n 50"
            exit 1
        }
    done
}

use_new() {
    ln -sfn "$release" "$home/current.new"
    mv -T "$home/current.new" "$home/current"
    install -m 0644 "$source/improve/docs/deploy/gunicorn.conf.py" "$server"
}

# However this ends: nobody is left before a stopped site without a word.
ended() {
    local code=$?
    trap '' INT TERM HUP
    set +e
    case $step in
        installing) say "Not done; what runs was not touched. To be removed: rm -r $release" ;;
        stopped)
            say "The upgrade did not come to its end."
            go_on
            [[ $(readlink -e "$home/current") == "$release" ]] || say "To be removed: rm -r $release"
            ;;
        starting)
            say "The new version was started, and the tables are its own. See what is said above;"
            say "to go back, restore the backup that was made before."
            ;;
        looking) say "The new version runs. What is said above is worth a look." ;;
    esac
    exit "$code"
}
trap ended EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

for part in $parts; do
    [[ -f $source/$part ]] || { say "There is no $part in $source"; exit 2; }
done
# Nothing that somebody uses goes without a word.
for one in weasyprint:requirements-pdf.txt authlib:requirements-sso.txt; do
    if [[ -z ${IMPROVE_PARTS:-} && -n $before && " $parts " != *" ${one#*:} "* ]] \
        && compgen -G "$before/lib/python*/site-packages/${one%:*}" >/dev/null; then
        say "What runs has ${one#*:} as well: name all parts in IMPROVE_PARTS (running.md)."
        exit 2
    fi
done
step=installing
say "Installing beside what runs: $release ($parts)"
mkdir -p "$home/releases"
"${PYTHON:-python3}" -m venv "$release"
for part in $parts; do
    "$release/bin/pip" install --quiet --require-hashes -r "$source/$part"
done
# What builds it is named by its hash, too: pip would fetch the newest and run it.
"$release/bin/pip" install --quiet --require-hashes -r "$source/requirements-build.txt"
"$release/bin/pip" install --quiet --no-build-isolation --no-deps "$source"
# As root, to whom the files belong; it asks for no settings.
(cd / && "$release/bin/flask" --app wsgi compress-static)
# A version that does not even load is found while the other still serves.
improve "$release" upgrade --help >/dev/null
# So are settings that it does not take, or that it asks for and are not there.
improve "$release" doctor --settings

if [[ -n $before && -x $before/bin/flask ]]; then
    say "Backing up, and proving the backup"
    # The earliest versions had no backup of their own: the new one reads their tables as well.
    if improve "$before" backup --help >/dev/null 2>&1; then
        as_owner "$before" backup "$backups"
    else
        as_owner "$release" backup "$backups"
    fi
    say "Stopping; whoever comes now waits"
    step=stopped
    # With what the timers may have started: it works with tables that change now.
    # shellcheck disable=SC2086
    systemctl stop $timers improve.service ${timers//.timer/.service}
fi

say "Bringing the tables up to date"
# Under a name, so that it can be ended where this is cut off meanwhile.
also=(--unit=improve-upgrade --property=EnvironmentFile="-$owner")
improve "$release" upgrade
also=()
# New tables let the site's own user only read and add, until its rights are given anew.
user=$(user_of "$settings")
if [[ -n $user && -e $owner && $user != "$(user_of "$owner")" ]]; then
    say "Giving $user its rights on the tables"
    # Where that is refused, the site still starts, and doctor names what is not allowed.
    as_owner "$release" database-role "$user" --apply || say "That was not done: see backup.md."
fi

use_new
printf '%s\n' "$parts" >"$kept"
step=starting
# shellcheck disable=SC2086
systemctl start improve.socket improve.service $timers
say "Looking whether it answers"
look_whether_it_answers
step=looking

say "Looking whether all is well"
improve "$release" doctor
step=done
say "Done. The earlier version is still in ${before:-(there was none)}."
for old in "$home"/releases/*/; do
    old=${old%/}
    [[ $old == "$release" || $old == "$before" ]] || say "No longer used: rm -r $old"
done
