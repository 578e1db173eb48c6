"""The Debian packages of the drill: installs what is missing, or says so in one line.

python -m tests.cluster.packages
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

POSTGRESQL = Path("/usr/lib/postgresql/15/bin/postgres")
# Package → the program it brings.
PACKAGES = {
    "etcd-server": "etcd",
    "haproxy": "haproxy",
    "nginx-light": "nginx",
    "patroni": "patroni",
    "pgbouncer": "pgbouncer",
    "postgresql-15": str(POSTGRESQL),
    "redis-server": "redis-server",
}
SBIN = "/usr/sbin:/sbin"
# Asked by Debian's packages before they start a service; 101 means no. We want programs, not a
# redis and an nginx that listen from now on.
POLICY = Path("/usr/sbin/policy-rc.d")


def missing() -> list[str]:
    """The packages whose program is not there."""
    path = f"{os.environ.get('PATH', '')}:{SBIN}"
    return [name for name, program in PACKAGES.items() if not shutil.which(program, path=path)]


def _apt(*arguments: str) -> bool:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["apt-get", "-q", "-y", *arguments], env=quiet, capture_output=True)
    return done.returncode == 0


def _install(names: list[str]) -> bool:
    ours = not POLICY.exists()
    if ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        return _apt("update") and _apt("install", "--no-install-recommends", *names)
    finally:
        if ours:
            POLICY.unlink()


def main() -> int:
    """Install what is missing; 1 with one clear line when it cannot be."""
    names = missing()
    if not names:
        return 0
    wanted = " ".join(names)
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {wanted} …", flush=True)
        _install(names)
        names = missing()
    if names:
        print(f"make cluster needs Debian packages: apt-get install {' '.join(names)}")
    return 1 if names else 0


if __name__ == "__main__":
    raise SystemExit(main())
