"""What happens to a resolution afterwards: new documents that name its digest."""

from __future__ import annotations

import hashlib
import json
from datetime import date

import pytest

from domain.errors import NotNow
from domain.plans import Stage
from domain.statements import StatementDraft
from models import bundles_queries
from models.database import session
from models.statements import Statement, statements_of
from services import bundles, motions, plans, resolutions, signing, votes
from tests import bundles_world, two_people
from tests.verifier import tampering
from tests.verifier.standalone import canonical, packed, unpacked, verify


@pytest.fixture
def issued(world):
    """A resolution in force."""
    resolution = bundles_world.issued(world, bundles_world.first_motion(world))
    world.clock.move_to(resolution.in_force_at)
    return resolution


def state(world, resolution, act, **given):
    usual = {
        "authority": "区人民法院",
        "document_number": "(2026)民初1号",
        "document_date": date(2026, 8, 1),
        "reason": "程序违法",
    }
    draft = StatementDraft(act=act, **(usual | given))
    return two_people.state(world.actor(world.committee), resolution, draft, now=world.clock())


def stage(world, resolution):
    return plans.stage(resolution.plan, world.clock())


@pytest.mark.trust("1.10")
def test_a_statement_names_the_old_digest_and_leaves_the_resolution_as_it_was(world, issued):
    before = (issued.document, issued.digest, issued.signature)
    first = state(world, issued, "suspended")
    second = state(world, issued, "annulled")
    plain = json.loads(second.document)
    assert plain["corrects"] == issued.digest
    assert plain["previous"] == first.digest
    assert second.digest == hashlib.sha256(second.document.encode()).hexdigest()
    session().expire_all()
    assert (issued.document, issued.digest, issued.signature) == before
    with pytest.raises(NotNow):
        state(world, issued, "resumed")
    assert session().query(Statement).count() == 2


def test_the_plan_and_its_contractor_follow(world, issued):
    actor = world.actor(world.committee)
    assert stage(world, issued) is Stage.IN_FORCE
    state(world, issued, "suspended")
    assert stage(world, issued) is Stage.SUSPENDED
    with pytest.raises(NotNow, match="resolution_does_not_stand"):
        resolutions.issue_requirements(actor, issued, world.company, now=world.clock())
    with pytest.raises(NotNow, match="not_at_this_stage"):
        plans.withdraw(actor, issued.plan, now=world.clock())
    state(world, issued, "resumed")
    resolutions.issue_requirements(actor, issued, world.company, now=world.clock())
    assert stage(world, issued) is Stage.REQUIREMENTS_ISSUED
    state(world, issued, "annulled")
    assert stage(world, issued) is Stage.ANNULLED


def test_what_a_court_annulled_is_drawn_up_anew_and_the_plan_goes_on(world, issued):
    (motion,) = bundles_queries.motions_of(issued.id)
    actor = world.actor(world.committee)
    with pytest.raises(NotNow):
        votes.redraw(actor, motion, now=world.clock())
    state(world, issued, "annulled")
    again = votes.redraw(actor, motion, now=world.clock())
    assert again.redraws_id == motion.id
    assert stage(world, issued) is Stage.DRAFTING
    assert motions.stage(again, world.clock()) == "draft"


def checked(archive, tmp_path, *options):
    path = tmp_path / "bundle.zip"
    path.write_bytes(archive)
    key = signing.current().fingerprint
    return verify.main([str(path), "--key", key, *options])


@pytest.mark.trust("1.10")
def test_the_bundle_says_so_and_is_valid(world, issued, tmp_path, capsys):
    state(world, issued, "suspended")
    state(world, issued, "annulled")
    actor = world.actor(world.committee)
    full = bundles.full_bundle(actor, issued, now=world.clock())
    for archive in (bundles.public_bundle(issued), full):
        assert checked(archive, tmp_path) == 0
        said = capsys.readouterr().out.splitlines()
        assert said[0] == "valid"
        assert any("ANNULLED by 区人民法院" in line for line in said)


@pytest.mark.trust("1.10")
def test_a_false_statement_is_not_valid(world, issued, tmp_path):
    state(world, issued, "suspended")
    state(world, issued, "annulled")
    files = unpacked(bundles.public_bundle(issued))
    listed = json.loads(files["statements.json"])

    def with_them(them) -> int:
        packed(files | {"statements.json": canonical(them)}, tmp_path / "false.zip")
        return verify.main([str(tmp_path / "false.zip")])

    assert with_them(listed) == 0
    assert with_them(listed[1:]) == 1
    assert with_them(listed[::-1]) == 1
    assert with_them([]) == 1
    assert with_them([listed[0] | {"note": "x"}]) == 1
    for key, value in (("act", "withdrawn"), ("corrects", "0" * 64), ("reason", "别的")):
        changed = [listed[0], listed[1] | {"document": listed[1]["document"] | {key: value}}]
        assert with_them(changed) == 1
    # A resolution's own signature does not pass for a statement's, nor another's key.
    document = listed[0]["document"]
    own = tampering.signed(canonical(document))
    plain = {name: own[name].decode() for name in ("signature", "public_key")}
    assert with_them([{"document": document} | plain]) == 1


def test_one_look_finds_what_was_stated_of_many(world, issued):
    state(world, issued, "suspended")
    assert [one.act for one in statements_of([issued.id, 999])[issued.id]] == ["suspended"]
    assert statements_of([999]) == {999: []}
