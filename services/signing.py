"""The key that resolutions are signed with: Ed25519 (RFC 8032), by the library ``cryptography``.

The key is given by the setting or made once and kept in a file of the instance; ``bind`` says which
one this process signs with. What exactly is signed stands in ``docs/bundle.md``.
"""

from __future__ import annotations

import base64
import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

# Stands before the document in what is signed, so that a signature made for anything else, or for
# another form of the bundle, never passes for one of a resolution.
CONTEXT = b"louyi resolution bundle 1\n"
STATEMENT_CONTEXT = b"louyi statement 1\n"
KEY_BYTES = 32
FILE = "signing.key"


@dataclass(frozen=True)
class SigningKey:
    """A private key with what is published of it: the PEM text and its fingerprint."""

    private: Ed25519PrivateKey
    public_pem: str
    fingerprint: str

    def sign(self, document: str) -> str:
        """The signature of a canonical document, in base64; the same document gives the same."""
        return base64.b64encode(self.private.sign(CONTEXT + document.encode())).decode()

    def sign_statement(self, document: str) -> str:
        """The same of a statement about a resolution; neither signature passes for the other."""
        signature = self.private.sign(STATEMENT_CONTEXT + document.encode())
        return base64.b64encode(signature).decode()


def fingerprint_of(public_pem: str) -> str:
    """SHA-256, in hexadecimal, of a public key's DER form (SubjectPublicKeyInfo)."""
    public = load_pem_public_key(public_pem.encode())
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def from_text(text: str) -> SigningKey:
    """The key of 32 bytes in base64; raises ``ValueError`` for anything else."""
    private = Ed25519PrivateKey.from_private_bytes(base64.b64decode(text.strip(), validate=True))
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    pem = public.decode()
    return SigningKey(private, pem, fingerprint_of(pem))


def kept_in(folder: Path) -> SigningKey:
    """The key of this folder's file, made on first use, readable by its owner only."""
    file = folder / FILE
    if not file.exists():
        _make(file)
    return from_text(file.read_text(encoding="ascii"))


def _make(file: Path) -> None:
    """Write a fresh key; of two processes that start at once one's key stays and both read it."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(base64.b64encode(os.urandom(KEY_BYTES)))
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


_current: SigningKey | None = None


def bind(key: SigningKey) -> None:
    """From now on ``current()`` is this key."""
    global _current
    _current = key


def current() -> SigningKey:
    """The key this process signs with."""
    if _current is None:
        raise RuntimeError("no signing key is bound: call services.signing.bind first")
    return _current
