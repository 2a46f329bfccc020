"""``upgrade.sh``, with stand-ins for systemd and for what it installs: nobody is left before a stop."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[2]
SCRIPT = TOP / "improve/docs/deploy/upgrade.sh"
PARTS = ("requirements.txt", "requirements-pdf.txt", "requirements-sso.txt")
#: Makes, for ``-m venv FOLDER``, a folder whose programs note what they are asked.
PYTHON = """#!/bin/bash
mkdir -p "$3/bin"
cp "$STAND_INS/program" "$3/bin/pip"
cp "$STAND_INS/program" "$3/bin/flask"
cp "$STAND_INS/asks" "$3/bin/python"
"""
PROGRAM = """#!/bin/bash
echo "$(basename "$0") $*" >>"$STAND_INS/asked"
case " $* " in
    *" upgrade "*)
        [[ $* == *--help* ]] && exit 0
        echo "with $DATABASE_URL" >>"$STAND_INS/asked"
        [[ $UPGRADE == slow ]] && sleep 60
        [[ $UPGRADE == done ]] && touch "$STAND_INS/new-tables"
        [[ $UPGRADE != fails ]] ;;
    *" database-role "*) echo "with $DATABASE_URL" >>"$STAND_INS/asked" ;;
    *" doctor --settings "*) [[ $SETTINGS != wrong ]] ;;
    *" doctor "*)
        [[ $DOCTOR == fails ]] && exit 1
        echo '"The database answers (SQLite 3.40)"'
        [[ -e $STAND_INS/new-tables ]] || echo '"The tables are of revision 0014"' ;;
esac
"""
#: Asks an address: ``AWAY`` names the end of one that does not answer.
ASKS = """#!/bin/bash
echo "asked $3" >>"$STAND_INS/asked"
[[ -z $AWAY || $3 != *$AWAY ]]
"""
#: Takes the settings from the files, as systemd does, and calls what comes after the options.
SYSTEMD_RUN = """#!/bin/bash
while [[ $1 == --* ]]; do
    case $1 in
        --property=EnvironmentFile=-*) [[ -e ${1#*=*=-} ]] && { set -a; . "${1#*=*=-}"; set +a; } ;;
        --property=EnvironmentFile=*) set -a; . "${1#*=*=}"; set +a ;;
    esac
    shift
done
exec "$@"
"""
SYSTEMCTL = '#!/bin/bash\necho "systemctl $*" >>"$STAND_INS/asked"\n'


@dataclass
class Place:
    """A machine with an earlier version on it."""

    folder: Path

    @property
    def environ(self) -> dict[str, str]:
        """What the script is called with."""
        at = self.folder
        return {
            "PATH": f"{at}:{os.environ['PATH']}", "STAND_INS": str(at), "PYTHON": f"{at}/python",
            "IMPROVE_HOME": f"{at}/opt", "IMPROVE_SETTINGS": f"{at}/etc/improve.env",
            "IMPROVE_OWNER_SETTINGS": f"{at}/etc/owner.env", "UPGRADE": "done",
            "IMPROVE_PATIENCE": "0",
            "IMPROVE_SERVER_SETTINGS": f"{at}/etc/gunicorn.conf.py",
        }  # fmt: skip

    def run(self, **settings: str) -> subprocess.CompletedProcess[str]:
        """Upgrade."""
        return subprocess.run(
            [str(SCRIPT), str(self.folder / "source")], env={**self.environ, **settings},
            capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip

    def asked(self) -> list[str]:
        """What the stand-ins were asked, in order."""
        return (self.folder / "asked").read_text().splitlines()

    def current(self) -> str:
        """The release that is used."""
        return (self.folder / "opt/current").resolve().name


@pytest.fixture
def place(tmp_path: Path) -> Place:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/improve.env").write_text("DATABASE_URL=of-the-site\n")
    source = tmp_path / "source/improve/docs/deploy"
    source.mkdir(parents=True)
    shutil.copy(SCRIPT.with_name("gunicorn.conf.py"), source)
    for part in PARTS:
        (tmp_path / "source" / part).touch()
    for name, words in {
        "python": PYTHON, "program": PROGRAM, "systemd-run": SYSTEMD_RUN, "systemctl": SYSTEMCTL,
        "asks": ASKS,
    }.items():  # fmt: skip
        (tmp_path / name).write_text(words)
        (tmp_path / name).chmod(0o755)
    for earlier in ("2026-01-01T000000Z", "2026-02-01T000000Z"):
        (tmp_path / "opt/releases" / earlier / "bin").mkdir(parents=True)
        shutil.copy(tmp_path / "program", tmp_path / "opt/releases" / earlier / "bin/flask")
    (tmp_path / "opt/current").symlink_to(tmp_path / "opt/releases/2026-02-01T000000Z")
    return Place(tmp_path)


def test_it_upgrades_and_says_what_is_no_longer_used(place: Place) -> None:
    done = place.run(IMPROVE_PARTS=" ".join(PARTS[:2]))
    assert done.returncode == 0, done.stdout + done.stderr
    assert place.current() > "2026-02-01T000000Z"
    assert f"No longer used: rm -r {place.folder}/opt/releases/2026-01-01T000000Z" in done.stdout
    assert "rm -r " + str((place.folder / "opt/current").resolve()) not in done.stdout
    last = [line for line in place.asked() if line.startswith("systemctl")]
    assert [line.split()[1] for line in last] == ["stop", "start"]
    # What a timer began works with tables that change now: it stops as well, and is not started.
    for unit in ("improve-nightly.service", "improve-backup.service", "improve-mail.service"):
        assert [unit in line.split() for line in last] == [True, False]
    # The parts that were named once stay, and none is dropped unseen.
    (place.folder / "asked").unlink()
    time.sleep(1.1)  # the next release has a name of its own
    assert place.run().returncode == 0
    assert any("requirements-pdf.txt" in line for line in place.asked())


def test_the_owner_of_the_tables_upgrades_and_backs_up(place: Place) -> None:
    (place.folder / "etc/owner.env").write_text("DATABASE_URL=of-the-owner\n")
    assert place.run().returncode == 0
    assert "with of-the-owner" in place.asked()


@pytest.mark.parametrize(
    ("site", "owner", "given"),
    [
        ("postgresql://improve_site:p%40ss@db/improve", "postgresql://improve:x@db/improve", True),
        ("postgresql://improve_site@/improve", "postgresql:///improve", True),
        ("postgresql://improve:x@db/improve", "postgresql://improve:x@db/improve", False),
        ("postgresql://improve:x@db/improve", "", False),
        ("sqlite:////var/lib/improve/improve.sqlite3", "sqlite:////x.sqlite3", False),
    ],
)
def test_the_user_of_the_site_gets_its_rights_on_new_tables(
    place: Place, site: str, owner: str, given: bool
) -> None:
    (place.folder / "etc/improve.env").write_text(f"DATABASE_URL='{site}'\n")
    if owner:
        (place.folder / "etc/owner.env").write_text(f"DATABASE_URL='{owner}'\n")
    assert place.run().returncode == 0
    asked = place.asked()
    at = [n for n, line in enumerate(asked) if " database-role " in line]
    assert len(at) == given
    if given:
        assert asked[at[0]] == "flask --app wsgi database-role improve_site --apply"
        assert asked[at[0] + 1] == f"with {owner}"
        start = next(n for n, line in enumerate(asked) if line.startswith("systemctl start"))
        assert asked.index("flask --app wsgi upgrade") < at[0] < start


def test_a_part_that_is_not_there_is_refused_before_anything(place: Place) -> None:
    refused = place.run(IMPROVE_PARTS="requirements-pfd.txt")
    assert (refused.returncode, "There is no requirements-pfd.txt" in refused.stdout) == (2, True)
    assert not (place.folder / "asked").exists()


def test_a_part_that_is_used_is_not_dropped_unseen(place: Place) -> None:
    (place.folder / "opt/current/lib/python3.11/site-packages/weasyprint").mkdir(parents=True)
    refused = place.run()
    assert (refused.returncode, "has requirements-pdf.txt as well" in refused.stdout) == (2, True)
    assert place.run(IMPROVE_PARTS="requirements.txt").returncode == 0


def test_tables_that_cannot_be_changed_let_the_earlier_version_go_on(place: Place) -> None:
    failed = place.run(UPGRADE="fails")
    assert failed.returncode == 1
    assert "Starting the earlier version again." in failed.stdout
    assert place.current() == "2026-02-01T000000Z"
    assert place.asked()[-1].startswith("systemctl start improve.socket improve.service")
    assert "To be removed: rm -r" in failed.stdout


def test_what_cannot_be_seen_is_said_and_how_to_start(place: Place) -> None:
    failed = place.run(UPGRADE="fails", DOCTOR="fails")
    assert failed.returncode == 1
    assert "THE SITE IS STOPPED" in failed.stdout
    assert "systemctl start improve.socket improve.service" in failed.stdout


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_cut_off_while_the_site_is_stopped(place: Place, told: signal.Signals) -> None:
    # A test run that is deaf to a signal (nohup) would have its children deaf to it as well.
    hears = ["env", f"--default-signal={told.name.removeprefix('SIG')}"]
    with subprocess.Popen(
        [*hears, str(SCRIPT), str(place.folder / "source")], env={**place.environ, "UPGRADE": "slow"},
        stdout=subprocess.PIPE, text=True, start_new_session=True,
    ) as running:  # fmt: skip
        until = time.monotonic() + 30
        asked = place.folder / "asked"
        while not asked.exists() or "with of-the-site" not in asked.read_text():
            assert time.monotonic() < until
            time.sleep(0.05)
        os.killpg(running.pid, told)
        said, _ = running.communicate(timeout=30)
    assert running.returncode == 128 + told
    assert "Starting the earlier version again." in said
    assert place.current() == "2026-02-01T000000Z"
    assert place.asked()[-1].startswith("systemctl start improve.socket improve.service")


@pytest.mark.parametrize("away", ["8000/healthz", "9464/readyz"])
def test_a_site_that_does_not_answer_is_not_called_done(place: Place, away: str) -> None:
    (place.folder / "etc/improve.env").write_text("METRICS_PORT=9464\n")
    failed = place.run(AWAY=away)
    assert failed.returncode == 1
    assert f"THE SITE DOES NOT ANSWER at http://127.0.0.1:{away}" in failed.stdout
    assert "Done" not in failed.stdout
    assert place.run().returncode == 0
    assert place.asked()[-2:-1] == ["asked http://127.0.0.1:9464/readyz"]


def test_settings_that_the_new_version_refuses_are_found_before_the_stop(place: Place) -> None:
    done = place.run(SETTINGS="wrong")
    assert done.returncode != 0
    assert "Not done; what runs was not touched" in done.stdout
    assert not any(line.startswith("systemctl stop") for line in place.asked())
    assert place.current() == "2026-02-01T000000Z"
