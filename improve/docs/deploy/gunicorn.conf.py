"""How gunicorn serves Improve: ``gunicorn --config gunicorn.conf.py wsgi:app``.

What stands on the command line wins over this file. `improve/docs/running.md` says what each
figure is for.
"""

import os
import shutil
import sys
import tempfile

# The proxy speaks to the world; another machine's proxy needs an address here, and a firewall.
bind = ["127.0.0.1:8000"]

# Two processes of four threads serve a council of some thousand staff. More processes, not more
# threads, use more cores; each takes about 150 MB and at most `threads` connections of PostgreSQL.
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "gthread"
threads = 4

# A process that says nothing for a minute is ended and made anew. A long download does not count.
timeout = 60
# What is being answered when a restart comes has half a minute to end.
graceful_timeout = 30
keepalive = 5
# Each process is made anew now and then, never both at once: what leaks, leaks little.
max_requests = 20_000
max_requests_jitter = 2_000
MEMORY = "/dev/shm"  # noqa: S108 - gunicorn makes a file of its own there, without a name
if os.path.isdir(MEMORY):
    worker_tmp_dir = MEMORY  # a slow disk must not look like a process that hangs

# A search may be long; the proxy refuses what is longer.
limit_request_line = 8190
umask = 0o077

# No access log, here or in the proxy, of pages of families and reports: the application logs each
# answer by its rule, without path, and those not at all. What gunicorn says itself names nobody.
accesslog = None
errorlog = "-"
logger_class = "improve.shared.server_logs.QuietLogger"
# A second way to steer the server is not needed; signals do (HUP: new code, TERM: end).
control_socket_disable = True

# Where the processes put their counts together, for METRICS_PORT; it must be set before the
# application is loaded, and it is emptied when gunicorn ends.
COUNTS = "PROMETHEUS_MULTIPROC_DIR"
if os.environ.get("METRICS_PORT", "0") != "0" and COUNTS not in os.environ:
    os.environ[COUNTS] = tempfile.mkdtemp(
        prefix="improve-counts-", dir=os.environ.get("RUNTIME_DIRECTORY")
    )


def post_worker_init(worker):
    """Answer /metrics and /readyz beside the requests, where METRICS_PORT is set."""
    from improve.shared import metrics_port

    metrics_port.serve(worker.wsgi)


def child_exit(_server, worker):
    """Forget what a process that ended had in use; what it counted stays."""
    if COUNTS in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)


def on_exit(_server):
    """Take the counts away."""
    if COUNTS in os.environ:
        shutil.rmtree(os.environ[COUNTS], ignore_errors=True)


def on_starting(_server):
    """Say all that is wrong with the settings and end with 3, so that nobody starts it again."""
    from config import SettingsError, read_settings

    try:
        read_settings()
    except SettingsError as error:
        print(f"{error}\nImprove has not started.", file=sys.stderr)
        sys.exit(3)
