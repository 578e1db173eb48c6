"""Our own files under ``/static``: the address changes with the content, so browsers keep them.

At the first start after a change everything is laid out under the instance folder with a gzip copy
beside it, Plotly's own file from the Python package included, and served by WhiteNoise. No third
party host is ever asked. While a new version is brought in node by node, a page of one version may
ask the other for its files: it is sent on to what that one has under the same name.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
from collections.abc import Iterable
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask
from whitenoise import WhiteNoise

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

FOREVER = 365 * 24 * 3600
COMPRESSED = {".css", ".js", ".svg"}


def _plotly_file() -> Path:
    spec = find_spec("plotly")
    if spec is None or spec.origin is None:
        raise RuntimeError("plotly is not installed")
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


def _sources(static: Path) -> dict[str, Path]:
    files = {
        path.relative_to(static).as_posix(): path
        for path in sorted(static.rglob("*"))
        if path.is_file()
    }
    files["vendor/plotly.min.js"] = _plotly_file()
    return files


def _digest(sources: dict[str, Path]) -> str:
    state = hashlib.sha256()
    for name, path in sources.items():
        # Plotly's 5 MB are known by its version; reading them would slow down every start.
        content = version("plotly").encode() if name.startswith("vendor/") else path.read_bytes()
        state.update(f"{name}\0{len(content)}\0".encode() + content)
    return state.hexdigest()[:12]


def _lay_out(sources: dict[str, Path], target: Path) -> None:
    scratch = target.with_name(f".{target.name}.new")
    shutil.rmtree(scratch, ignore_errors=True)
    for name, path in sources.items():
        copy = scratch / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
        if copy.suffix in COMPRESSED:
            packed = gzip.compress(copy.read_bytes(), 9, mtime=0)
            copy.with_name(copy.name + ".gz").write_bytes(packed)
    try:
        scratch.rename(target)
    except OSError:
        # Another process of ours laid the same files out first.
        shutil.rmtree(scratch, ignore_errors=True)


def _other_versions(
    program: WSGIApplication, digest: str, sources: dict[str, Path]
) -> WSGIApplication:
    """``/static/<another digest>/name`` leads to ours, this once: nobody keeps the answer."""

    def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        parts = environ.get("PATH_INFO", "").split("/", 3)
        if len(parts) == 4 and parts[:2] == ["", "static"] and parts[3] in sources:
            here = f"/static/{digest}/{parts[3]}"
            headers = [("Location", here), ("Cache-Control", "no-store"), ("Content-Length", "0")]
            start_response("302 Found", headers)
            return []
        return program(environ, start_response)

    return serve


def register(app: Flask, instance: Path) -> None:
    """Serve the files, and give templates ``static_url`` and ``plotly_url``."""
    sources = _sources(Path(app.root_path) / "static")
    digest = _digest(sources)
    target = instance / "static" / digest
    if not target.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        _lay_out(sources, target)
    served = WhiteNoise(
        _other_versions(app.wsgi_app, digest, sources),
        max_age=FOREVER,
        immutable_file_test=lambda *_: True,
    )
    served.add_files(str(target), prefix=f"static/{digest}/")
    app.wsgi_app = served  # type: ignore[method-assign]

    def static_url(name: str) -> str:
        if name not in sources:
            raise LookupError(f"no such file under static/: {name}")
        return f"/static/{digest}/{name}"

    app.jinja_env.globals["static_url"] = static_url
    app.jinja_env.globals["plotly_url"] = lambda: static_url("vendor/plotly.min.js")
