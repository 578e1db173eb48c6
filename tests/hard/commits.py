"""So many commits through the program's own engine: what strace counts the syncs of.

python -m tests.hard.commits FILE NUMBER [SYNCHRONOUS]
"""

from __future__ import annotations

import sys

from sqlalchemy import create_engine, event, text

from models.database import WRITE, prepare_engine


def main(file: str, number: int, synchronous: str = "") -> None:
    """Commit ``number`` times, waiting as the program does or as ``synchronous`` says."""
    engine = create_engine(f"sqlite:///{file}")
    prepare_engine(engine)
    if synchronous:
        pragma = f"PRAGMA synchronous = {synchronous}"
        event.listen(engine, "connect", lambda raw, _record: raw.execute(pragma))
    with engine.connect().execution_options(**{WRITE: True}) as connection:
        connection.execute(text("CREATE TABLE IF NOT EXISTS kept (n INTEGER)"))
        connection.commit()
        for n in range(number):
            connection.execute(text("INSERT INTO kept VALUES (:n)"), {"n": n})
            connection.commit()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
