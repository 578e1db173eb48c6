"""The audit log as pages: who reads which chain, in words, and whether it is whole."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from domain.errors import Refused
from extensions import db
from models.database import session
from services import audit
from services.transaction import transaction
from tests.statements import counting


def write(world, clock, chain, count, actor=None):
    """Put entries on a chain."""
    for number in range(count):
        with transaction() as current:
            audit.record(
                current,
                chain,
                "letters_issued",
                actor=world.actor(actor or world.committee),
                now=clock(),
                details={"letters": number, "dwellings": list(range(20))},
            )


@pytest.fixture
def chain(world, clock):
    """Sixty entries on the chain of 工人新村."""
    name = f"community:{world.community.id}"
    write(world, clock, name, 60)
    return name


def numbers(page):
    """The numbers of the entries on the page, as they stand."""
    rows = page.all("tbody")[0].iter("tr")
    return [int(page.text_of(next(row.iter("th")))) for row in rows]


def tamper(place, statement):
    """Change the log as its operator could: with the triggers out of the way."""
    session().rollback()
    with db.engine.begin() as connection:
        if place.kind == "sqlite":
            for act in ("update", "delete"):
                connection.execute(text(f"DROP TRIGGER frozen_audit_entries_{act}"))
        else:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(statement))


def test_entries_are_read_in_words_newest_first_and_by_the_page(world, visit, chain):
    auditor = visit(world.auditor)
    page = auditor.get(auditor.get("/audit").links()["工人新村: register, people, letters"])
    assert "Household letters were issued" in page.text
    assert "居委会 林主任" in page.text
    assert numbers(page) == list(range(60, 10, -1))
    last = auditor.get(f"/audit/{chain}?page=2")
    assert numbers(last) == list(range(10, 0, -1))
    auditor.get(f"/audit/{chain}?page=3", status=404)


def test_a_whole_log_says_so_with_its_head(world, visit, chain):
    page = visit(world.auditor).get(f"/audit/{chain}")
    assert "This log is whole" in page.text
    assert audit.head(chain).digest in page.text


def test_a_resident_is_a_number_in_the_log(world, clock, visit):
    chain = f"community:{world.community.id}"
    write(world, clock, chain, 1, actor=world.sixth_floor)
    page = visit(world.auditor).get(f"/audit/{chain}")
    assert f"Resident, account {world.sixth_floor.id}" in page.text
    assert "邱国强" not in page.text


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET event = replace(event, '7', '8') WHERE seq = 31",
        "UPDATE audit_entries SET digest = previous WHERE seq = 31",
        "DELETE FROM audit_entries WHERE seq = 31",
    ],
)
def test_a_log_that_was_tampered_with_says_where(world, visit, place, chain, statement):
    tamper(place, statement)
    page = visit(world.auditor).get(f"/audit/{chain}")
    assert "This log is not whole: entry 31" in page.text


def test_a_log_cut_short_is_found_by_a_printed_head(world, visit, place, chain):
    head = audit.head(chain)
    tamper(place, "DELETE FROM audit_entries WHERE seq > 50")
    auditor = visit(world.auditor)
    assert "This log is whole" in auditor.get(f"/audit/{chain}").text
    page = auditor.get(f"/audit/{chain}?number={head.seq}&digest={head.digest[:8]}")
    assert "This log is not whole: entry 51" in page.text


@pytest.mark.trust("1.9")
def test_a_log_written_anew_is_found_by_a_printed_head(world, clock, visit, place, chain):
    printed = audit.head(chain)
    tamper(place, "DELETE FROM audit_entries")
    clock.move(seconds=1)
    write(world, clock, chain, 60)
    auditor = visit(world.auditor)
    assert "This log is whole" in auditor.get(f"/audit/{chain}").text
    page = auditor.get(f"/audit/{chain}?number={printed.seq}&digest={printed.digest}")
    assert "This log is not whole: entry 60" in page.text


def test_a_printed_head_that_is_there_is_confirmed(world, visit, chain):
    head = audit.head(chain)
    page = visit(world.auditor).get(f"/audit/{chain}?number={head.seq}&digest={head.digest[:8]}")
    assert "It still holds entry 60 as printed" in page.text


def test_a_head_that_cannot_be_one_is_refused_and_kept(world, visit, chain):
    page = visit(world.auditor).get(f"/audit/{chain}?number=abc&digest=12", status=422)
    assert "as it is printed" in page.errors
    with pytest.raises(Refused, match="head_digest"):
        audit.read_head("3", "12345")


def test_each_reads_the_chains_of_their_own_places_only(world, clock, visit):
    own, other = f"community:{world.community.id}", f"community:{world.other_community.id}"
    for chain in (own, other, "system"):
        write(world, clock, chain, 1)
    seen = {
        "committee": {own},
        "auditor": {own},
        "other_committee": {other},
        "administrator": {own, other, "system"},
    }
    for name, chains in seen.items():
        visitor = visit(getattr(world, name))
        listed = {href for href in visitor.get("/audit").links().values() if "/audit/" in href}
        assert listed == {f"/audit/{chain}" for chain in chains}
        for chain in {own, other, "system"} - chains:
            visitor.get(f"/audit/{chain}", status=404)
    for name in ("sixth_floor", "head", "contractor"):
        visit(getattr(world, name)).get("/audit", status=403)
        visit(getattr(world, name)).get("/audit/system", status=404)


def test_nonsense_in_the_address_is_not_found(world, visit):
    for chain in ("plan:", "plan:x", "plan:１", "community:99999999999", "nothing", "plan:1:2"):
        visit(world.administrator).get(f"/audit/{chain}", status=404)


def test_the_page_takes_few_statements_however_long_the_log(world, visit, chain):
    auditor = visit(world.auditor)
    with counting() as statements:
        auditor.get(f"/audit/{chain}")
    assert len(statements) <= 10


def test_what_people_wrote_is_never_run(world, clock, visit):
    chain = f"community:{world.community.id}"
    with transaction() as current:
        audit.record(
            current,
            chain,
            "<script>alert(1)</script>"[:40],
            actor=world.actor(world.committee),
            now=clock(),
            details={"<b>": "<img src=x onerror=alert(1)>"},
        )
    page = visit(world.auditor).get(f"/audit/{chain}")
    assert "<img src=x" not in page.html
