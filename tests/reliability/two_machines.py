"""Two web machines on networks of their own, one PostgreSQL: one is killed, one loses its network."""

from __future__ import annotations

import ipaddress
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from improve.shared import clock, patience
from tests.reliability.councils import faults_of, found_council
from tests.reliability.load import Load, lost, writing
from tests.reliability.places import PostgresServer, place
from tests.reliability.serving import Gunicorn
from tests.reliability.table import NotPossible, Row, Size

_BRIDGE = "improve-br0"
_DATABASE, *_MACHINES = (f"10.213.77.{n}" for n in (1, 2, 3))
#: Seconds after which a locked row of a machine that went without a word must be free.
_FREE_AFTER = patience.SENT / 1000


def measure(engine: str, folder: Path, size: Size) -> Iterator[Row]:
    """Write through both; kill one, start it again, then cut the other off without a word."""
    if engine == "sqlite":
        return
    each = size.of(400, 40)
    with ExitStack() as stack:
        names = stack.enter_context(_networks())
        server = PostgresServer(folder / "postgres", host=_DATABASE)
        server.make()
        _certify(server)
        server.start()
        stack.callback(server.stop)
        here = stack.enter_context(place(engine, folder, server))
        council = found_council(here, people=8)
        webs = [
            Gunicorn(here, host=host, port=8000, inside=("ip", "netns", "exec", name))
            for host, name in zip(_MACHINES, names, strict=True)
        ]
        for web in webs:
            web.start()
            stack.callback(web.stop)
        with writing(council, *webs, changes_over=True, gives_up_after=5) as load:
            load.wait_for(each)
            webs[0].kill()
            gap_of_kill = _longest_gap(load, each)
            webs[0].start()
            load.wait_for(load.acknowledged + each)
            subprocess.run(["ip", "link", "set", f"{names[1]}-0", "down"], check=True)
            gap_of_cut = _longest_gap(load, each)
            # What the machine without network still holds, its own writers wait for.
            subprocess.run(["ip", "link", "set", f"{names[1]}-0", "up"], check=True)
            load.wait_for(load.acknowledged + each)
        found = [*lost(here, load), *faults_of(here)]
    most = _FREE_AFTER + 10
    if max(gap_of_kill, gap_of_cut) > most:
        found.append(f"nobody could write for {max(gap_of_kill, gap_of_cut):.1f} s")
    yield Row(
        "Two web machines (network namespaces), one PostgreSQL by TLS; one killed, one cut off",
        f"none lost, the other goes on; nobody waits over {most:.0f} s",
        f"{load.acknowledged:,} acknowledged, {load.answers[0]} broken off, "
        f"{load.answers[503]} plain pages, {len(found)} faults; longest without a write "
        f"{gap_of_kill:.1f} s after the kill, {gap_of_cut:.1f} s after the cut",
        is_held=not found,
        found=found,
    )


def _longest_gap(load: Load, count: int) -> float:
    """Return the longest time without an acknowledged write until so many more came, in seconds."""
    end, seen, longest = load.acknowledged + count, load.acknowledged, 0.0
    last = began = time.monotonic()
    while seen < end and time.monotonic() - began < 180:
        if (now := load.acknowledged) > seen:
            seen, last = now, time.monotonic()
        longest = max(longest, time.monotonic() - last)
        time.sleep(0.01)
    return longest


@contextmanager
def _networks() -> Iterator[list[str]]:
    """Make a network namespace for each machine, joined by a bridge that the database is on."""
    names = [f"improve-m{n}" for n in range(len(_MACHINES))]

    def ip(*words: str) -> None:
        made = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
        if made.returncode:
            raise NotPossible(f"network namespaces need root: {made.stderr.strip()}")

    with ExitStack() as stack:
        ip("link", "add", _BRIDGE, "type", "bridge")
        stack.callback(ip, "link", "del", _BRIDGE)
        ip("addr", "add", f"{_DATABASE}/24", "dev", _BRIDGE)
        ip("link", "set", _BRIDGE, "up")
        for name, host in zip(names, _MACHINES, strict=True):
            ip("netns", "add", name)
            stack.callback(ip, "netns", "del", name)
            ip("link", "add", f"{name}-0", "type", "veth", "peer", "name", "eth0", "netns", name)
            ip("link", "set", f"{name}-0", "master", _BRIDGE)
            ip("link", "set", f"{name}-0", "up")
            for words in (("addr", "add", f"{host}/24", "dev", "eth0"), ("link", "set", "lo", "up"),
                          ("link", "set", "eth0", "up")):  # fmt: skip
                ip("-n", name, *words)
        yield names


def _certify(server: PostgresServer) -> None:
    """Give the server a certificate of its own, as a council's network needs."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "database")])
    at, address = clock.now(), x509.IPAddress(ipaddress.ip_address(server.host))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(hours=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    root = server.folder.with_name("root.crt")
    root.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    paths = {name: server.folder / name for name in ("server.crt", "server.key")}
    shutil.copy(root, paths["server.crt"])
    paths["server.key"].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    for path in paths.values():
        path.chmod(0o600)
        if os.geteuid() == 0:
            shutil.chown(path, "nobody", "nogroup")
    with (server.folder / "pg_hba.conf").open("a") as rules:
        rules.write("hostssl all all 10.213.77.0/24 trust\n")
    server.options = (*server.options, "-c", "ssl=on")
    server.query = f"?sslmode=verify-full&sslrootcert={root}"
