"""A bundle's files: which they are, that they are canonical, and that they are signed.

docs/bundle.md, 1 and 2.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import zipfile
import zlib
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from saying import Fault, Unreadable

CONTEXT = b"louyi resolution bundle 1\n"
SIGNED = ("resolution.json", "signature", "public_key")
STATEMENTS = "statements.json"
EVIDENCE = ("counts.json", "roll.json", "ballots.json")
PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
LARGEST = 64 * 1024 * 1024


def read_bundle(path: Path) -> dict[str, bytes]:
    """The files of a bundle, a ZIP file or a folder, by name."""
    try:
        if path.is_dir():
            entries = [(entry.name, entry.stat().st_size) for entry in sorted(path.iterdir())]
            _check_names(entries)
            return {name: (path / name).read_bytes() for name, _size in entries}
        with zipfile.ZipFile(path) as archive:
            _check_names([(info.filename, info.file_size) for info in archive.infolist()])
            if any(info.compress_type not in PACKED for info in archive.infolist()):
                raise Unreadable("unreadable", why="packed in a way a bundle is not")
            return {info.filename: archive.read(info) for info in archive.infolist()}
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
        raise Unreadable("unreadable", why=error) from error


def _check_names(entries: Iterable[tuple[str, int]]) -> None:
    seen: set[str] = set()
    for name, size in entries:
        if name not in (*SIGNED, *EVIDENCE, STATEMENTS):
            raise Fault("file_unexpected", name=name)
        if name in seen:
            raise Fault("file_twice", name=name)
        if size > LARGEST:
            raise Unreadable("unreadable", why=f"{name}: {size} bytes")
        seen.add(name)
    for name in SIGNED:
        if name not in seen:
            raise Unreadable("file_missing", name=name)
    for name in EVIDENCE:
        if seen & set(EVIDENCE) and name not in seen:
            raise Fault("evidence_incomplete", name=name)


def canonical(value: Any) -> str:
    """RFC 8785 for texts, whole numbers, true, false, null, arrays and objects."""
    if value is None or isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int) and abs(value) < 2**53:
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key])}" for key in keys) + "}"
    raise ValueError(f"not allowed in a bundle: {value!r}")


def digest(value: Any) -> str:
    """SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def read_json(name: str, data: bytes) -> Any:
    """The value of a file that is its own canonical form; a key twice never is."""
    try:
        value = json.loads(data.decode())
        if canonical(value).encode() == data:
            return value
    except (ValueError, RecursionError):
        pass
    raise Fault("not_canonical", name=name)


def read_key(data: bytes) -> tuple[Ed25519PublicKey, str]:
    """The key of a PEM file written in the one way, with its fingerprint."""
    try:
        key = load_pem_public_key(data)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Fault("key_malformed") from error
    if (
        not isinstance(key, Ed25519PublicKey)
        or key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo) != data
    ):
        raise Fault("key_malformed")
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return key, hashlib.sha256(der).hexdigest()


def expected_key(text: str) -> str:
    """The fingerprint meant by ``--key``: of a PEM file, or written out."""
    plain = "".join(text.split()).replace(":", "").lower()
    if len(plain) == 64 and set(plain) <= set("0123456789abcdef"):
        return plain
    try:
        return read_key(Path(text).read_bytes())[1]
    except (OSError, ValueError, Fault) as error:
        raise Unreadable("unreadable", why=error) from error


def check_signature(files: dict[str, bytes], trusted: Collection[str]) -> str:
    """The fingerprint of the key with which the resolution is rightly signed."""
    signed = CONTEXT + files["resolution.json"]
    return signer(files["public_key"], files["signature"], signed, trusted)


def signer(pem: bytes, text: bytes, signed: bytes, trusted: Collection[str]) -> str:
    """The fingerprint of the key with which these bytes are rightly signed."""
    key, fingerprint = read_key(pem)
    if trusted and fingerprint not in trusted:
        raise Fault("key_other", found=fingerprint)
    try:
        signature = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise Fault("signature_malformed") from error
    # Written back, so that no two texts pass for one signature.
    if len(signature) != 64 or base64.b64encode(signature) != text:
        raise Fault("signature_malformed")
    try:
        key.verify(signature, signed)
    except InvalidSignature as error:
        raise Fault("signature_wrong") from error
    return fingerprint
