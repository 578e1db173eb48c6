"""Whether a database, restored from a copy, is whole: what was decided is worked out again from it.

Every chain of the audit log follows, every ballot is what its commitment says and stands in the
log where its receipt says, every counted motion counts again to the recorded text, and every
resolution has its digest and a signature that verifies.
"""

from __future__ import annotations

import base64
import shutil
import sqlite3
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy import String, cast, create_engine, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from domain.receipts import Sealed, commitment
from models import database
from models.audit import AuditEntry
from models.resolutions import Resolution
from models.votes import Ballot, Motion, MotionCount, RollVoter
from services import audit, backups, counts
from services.resolutions import digest_of
from services.signing import CONTEXT

MIGRATIONS = Path(__file__).parent.parent / "migrations"
SQLITE_BEGINS = b"SQLite format 3\0"


class NotWhole(Exception):
    """The first thing that is not as it must be."""


@dataclass(frozen=True)
class Whole:
    """What was checked."""

    chains: int
    entries: int
    ballots: int
    motions: int
    resolutions: int


def head_revision() -> str:
    """The newest revision this program knows."""
    return str(ScriptDirectory(str(MIGRATIONS)).get_current_head())


def check_file(file: Path, into: str | None = None) -> Whole:
    """A copy made by ``backups.back_up`` is restored beside what is in use, and checked.

    A copy of PostgreSQL is restored into the empty database ``into``. Raises ``NotWhole`` and
    ``backups.CannotBackUp``.
    """
    with tempfile.TemporaryDirectory() as folder:
        if _begins(file) == SQLITE_BEGINS:
            copy = Path(folder) / "restored.sqlite3"
            shutil.copyfile(file, copy)
            return check_database(f"sqlite:///{copy}")
    if _begins(file)[:5] != b"PGDMP":
        raise NotWhole(f"{file} is no copy of a database: neither SQLite's nor pg_dump's.")
    if into is None:
        raise backups.CannotBackUp(
            "This is a copy of PostgreSQL: name an empty database to restore it into, "
            "--into postgresql://…"
        )
    _restore(file, into)
    return check_database(into)


def _begins(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(len(SQLITE_BEGINS))


def _restore(file: Path, into: str) -> None:
    target = database.url_of(into)
    engine = create_engine(target)
    try:
        with engine.connect() as connection:
            held = connection.execute(
                text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
            ).scalar_one()
    except SQLAlchemyError as error:
        said = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise backups.CannotBackUp(f"No database to restore into: {said}") from error
    finally:
        engine.dispose()
    if held:
        raise backups.CannotBackUp("The database to restore into is not empty; nothing was done.")
    address, environment = backups.libpq(target)
    program = backups.postgresql_program("pg_restore")
    command = [program, "--no-owner", "--exit-on-error", f"--dbname={address}", str(file)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotWhole(f"pg_restore could not read it: {done.stderr.strip()}")


def check_database(url: str) -> Whole:
    """The database at ``url`` is whole; raises ``NotWhole`` with the first thing that is not."""
    engine = create_engine(database.url_of(url))
    database.prepare_engine(engine)
    session = Session(engine)
    try:
        with database.using(session):
            _structure(session)
            chains, entries = _chains(session)
            return Whole(chains, entries, _ballots(session), _counts(session), _signed(session))
    except (SQLAlchemyError, sqlite3.Error) as error:
        said = str(getattr(error, "orig", error)).strip()
        raise NotWhole(f"The database cannot be read: {said}") from error
    finally:
        session.close()
        engine.dispose()


def _structure(session: Session) -> None:
    if session.get_bind().dialect.name == "sqlite":
        for pragma in ("integrity_check", "foreign_key_check"):
            found = [str(tuple(row)) for row in session.execute(text(f"PRAGMA {pragma}"))]
            if found not in ([], ["('ok',)"]):
                raise NotWhole(f"SQLite's {pragma}: {found[0]}")
    at = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if at != head_revision():
        raise NotWhole(
            f"It is at revision {at}, this program at {head_revision()}: check it with the "
            "program that made it, or migrate a copy first."
        )


def _chains(session: Session) -> tuple[int, int]:
    entries = 0
    names = session.scalars(select(AuditEntry.chain).distinct().order_by(AuditEntry.chain)).all()
    for name in names:
        found = audit.check(name)
        if found.fault is not None:
            raise NotWhole(f"Audit log {name}: entry {found.fault} does not follow.")
        entries += found.entries
    return len(names), entries


def _ballots(session: Session) -> int:
    checked = 0
    for ballot in session.execute(_EVERY_BALLOT.execution_options(yield_per=1000)):
        sealed = Sealed(
            receipt=ballot.receipt,
            motion=ballot.motion_id,
            voter=ballot.number,
            person=ballot.owner_id,
            choice=ballot.choice,
            sequence=ballot.sequence,
            channel=ballot.channel,
            cast_at=ballot.cast_at,
        )
        if commitment(sealed, ballot.nonce) != ballot.commitment:
            raise NotWhole(f"Ballot {ballot.receipt}: it is not what its commitment says.")
        if ballot.logged != ballot.audit_digest:
            raise NotWhole(f"Ballot {ballot.receipt}: the audit log does not hold it.")
        checked += 1
    return checked


# With the digest of the entry that is said to have recorded it, where the log has that entry.
_EVERY_BALLOT = (
    select(
        Ballot.receipt,
        Ballot.motion_id,
        Ballot.owner_id,
        Ballot.choice,
        Ballot.sequence,
        Ballot.channel,
        Ballot.cast_at,
        Ballot.nonce,
        Ballot.commitment,
        Ballot.audit_digest,
        RollVoter.number,
        AuditEntry.digest.label("logged"),
    )
    .join(RollVoter, RollVoter.id == Ballot.voter_id)
    .join(Motion, Motion.id == Ballot.motion_id)
    .outerjoin(
        AuditEntry,
        (AuditEntry.chain == audit.PLAN_CHAIN + cast(Motion.plan_id, String))
        & (AuditEntry.seq == Ballot.audit_seq),
    )
    .order_by(Ballot.id)
)


def _counts(session: Session) -> int:
    recorded = session.scalars(select(MotionCount).order_by(MotionCount.motion_id)).all()
    for counted in recorded:
        if counts.digest_of(counted.document) != counted.digest:
            raise NotWhole(f"Count of motion {counted.motion_id}: its digest is another.")
        if counts.recount(counted.motion) != counted.document:
            raise NotWhole(f"Motion {counted.motion_id}: counted again it gives another result.")
    return len(recorded)


def _signed(session: Session) -> int:
    issued = session.scalars(select(Resolution).order_by(Resolution.id)).all()
    for resolution in issued:
        if digest_of(resolution.document) != resolution.digest:
            raise NotWhole(f"Resolution {resolution.number}: its digest is another.")
        key = load_pem_public_key(resolution.public_key.encode())
        if not isinstance(key, Ed25519PublicKey):
            raise NotWhole(f"Resolution {resolution.number}: its key is none of Ed25519.")
        signed = CONTEXT + resolution.document.encode()
        try:
            key.verify(base64.b64decode(resolution.signature), signed)
        except InvalidSignature:
            raise NotWhole(f"Resolution {resolution.number}: its signature is wrong.") from None
    return len(issued)
