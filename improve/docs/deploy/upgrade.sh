#!/usr/bin/env bash
# Brings an installation to another version, in one command, as root:
#
#   upgrade.sh /root/improve-0.2.0        a folder that holds that version's repository
#
# It installs beside what runs, backs up with the version that runs, stops for as long as the tables
# change, starts again and looks whether all is well. If the tables cannot be changed, they are as
# they were, and the earlier version goes on. What each step does: improve/docs/running.md.
set -euo pipefail

source=$(realpath -- "${1:?name the folder of the version to install}")
home=${IMPROVE_HOME:-/opt/improve}
settings=${IMPROVE_SETTINGS:-/etc/improve/improve.env}
backups=${IMPROVE_BACKUPS:-/var/backups/improve}
# Also requirements-pdf.txt (charts as PNG and PDF) and requirements-sso.txt (the council's sign-in).
parts=${IMPROVE_PARTS:-requirements.txt}
timers="improve-mail.timer improve-nightly.timer improve-verify-audit.timer improve-backup.timer"
release=$home/releases/$(date -u +%Y-%m-%dT%H%M%SZ)

say() { printf '%s\n' "== $*"; }

# A command of Improve, as its own user, with its settings, and nothing of whoever calls this.
improve() {
    local at=$1
    shift
    systemd-run --quiet --wait --pipe --collect --uid=improve --gid=improve \
        --property=EnvironmentFile="$settings" --property=WorkingDirectory=/var/lib/improve \
        --property=UMask=0077 "$at/bin/flask" --app wsgi "$@"
}

say "Installing beside what runs: $release"
mkdir -p "$home/releases"
"${PYTHON:-python3}" -m venv "$release"
for part in $parts; do
    "$release/bin/pip" install --quiet --require-hashes -r "$source/$part"
done
"$release/bin/pip" install --quiet --no-deps "$source"
# As root, to whom the files belong; it asks for no settings.
(cd / && "$release/bin/flask" --app wsgi compress-static)
before=$(readlink -e "$home/current" || true)
# A version that does not even load is found while the other still serves.
improve "$release" upgrade --help >/dev/null

if [[ -n $before && -x $before/bin/flask ]]; then
    say "Backing up, and proving the backup"
    # The earliest versions had no backup of their own: the new one reads their tables as well.
    if improve "$before" backup --help >/dev/null 2>&1; then
        improve "$before" backup "$backups"
    else
        improve "$release" backup "$backups"
    fi
    say "Stopping; whoever comes now waits"
    # shellcheck disable=SC2086
    systemctl stop $timers improve.service
fi

say "Bringing the tables up to date"
if ! improve "$release" upgrade; then
    say "The tables are as they were. Starting the earlier version again."
    if [[ -n $before ]]; then
        # shellcheck disable=SC2086
        systemctl start improve.service $timers
    fi
    exit 1
fi

ln -sfn "$release" "$home/current.new"
mv -T "$home/current.new" "$home/current"
install -m 0644 "$source/improve/docs/deploy/gunicorn.conf.py" /etc/improve/gunicorn.conf.py
# shellcheck disable=SC2086
systemctl start improve.socket improve.service $timers

say "Looking whether all is well"
improve "$release" doctor
say "Done. The earlier version is still in ${before:-(there was none)}."
