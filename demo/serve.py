"""Serving the demo on this machine, and saying in a few lines how to get in."""

from __future__ import annotations

import logging
from contextlib import suppress

from flask import Flask
from werkzeug.serving import make_server

from demo.people import people


def forever(app: Flask, host: str, port: int) -> None:
    """Serve until interrupted."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server(host, port, app, threaded=True)
    address = f"http://{host}:{port}"
    print(f"\nLouyi 楼议 · demo 演示: {address}\n")
    print("People to try 可以试用的人 (or choose one at 或在此选择 " + address + "/demo):\n")
    with app.app_context():
        for person in people():
            print(
                f"  {person.name:<12} {person.sign_in}\n      {person.about_zh} {person.about_en}"
            )
    print("\nStop with Ctrl-C. Ctrl-C 停止。\n", flush=True)
    with suppress(KeyboardInterrupt):
        server.serve_forever()
