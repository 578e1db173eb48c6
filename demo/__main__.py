"""``python -m demo``: migrate, load 工人新村 once, serve it on 127.0.0.1, say for whom."""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import socket
import sys
from pathlib import Path

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parent.parent


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m demo")
    parser.add_argument("--port", type=int, default=5000)
    parser.add_argument("--reset", action="store_true", help="forget the demo's data first")
    parser.add_argument("--load-only", action="store_true", help="do not serve")
    return parser.parse_args()


def _instance() -> Path:
    return Path(os.environ.get("LOUYI_INSTANCE", ROOT / "instance")).resolve()


def _port_is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def _secret(instance: Path) -> str:
    """A secret of this machine's own: sign-ins and household letters outlive a restart."""
    file = instance / "demo-secret"
    if not file.exists():
        file.touch(mode=0o600)
        file.write_text(secrets.token_hex(32))
    return file.read_text()


def _reset(instance: Path) -> None:
    for path in instance.glob("louyi.sqlite3*"):
        path.unlink()
    for name in ("demo-clock.json", "demo-people.json"):
        (instance / name).unlink(missing_ok=True)
    shutil.rmtree(instance / "static", ignore_errors=True)


def main() -> int:
    """Serve the demo until it is interrupted; 1 with one line when it cannot."""
    arguments = _arguments()
    if not arguments.load_only and _port_is_taken(arguments.port):
        print(
            f"Port {arguments.port} is taken. End what uses it, or: make demo PORT=5001",
            file=sys.stderr,
        )
        return 1
    instance = _instance()
    instance.mkdir(parents=True, exist_ok=True)
    if arguments.reset:
        _reset(instance)
    os.environ["LOUYI_MODE"] = "demo"
    os.environ["SECRET_KEY"] = _secret(instance)
    # The program reads its settings from the environment, so it is imported only now.
    from demo import load, serve

    app = load.prepared_app()
    if not arguments.load_only:
        serve.forever(app, HOST, arguments.port)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
