"""What is in a bundle, for whom, and that the verifier finds it valid."""

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

import config
from domain.errors import NotYours
from models.audit import AuditEntry
from models.database import session
from services import bundles, signing
from tests import bundles_world, votes_world
from tests.statements import counting
from tests.two_people import issue
from tests.verifier import tampering
from tests.verifier.standalone import canonical, packed, unpacked, verify

EVIDENCE = {"counts.json", "roll.json", "ballots.json"}


@pytest.fixture
def issued(world):
    """One resolution with the motions of both entrances."""
    return bundles_world.one_resolution(world)


def full(world, resolution, account=None):
    actor = world.actor(account or world.committee)
    return bundles.full_bundle(actor, resolution, now=world.clock())


def checked(archive, tmp_path, *options):
    """Exit status of the verifier on this archive, with the program's own key expected."""
    path = tmp_path / "bundle.zip"
    path.write_bytes(archive)
    return verify.main([str(path), "--key", signing.current().fingerprint, *options])


def test_the_public_bundle_is_valid_and_names_nobody(world, issued, tmp_path, capsys):
    archive = bundles.public_bundle(issued)
    files = unpacked(archive)
    assert set(files) == {"resolution.json", "signature", "public_key"}
    assert files["resolution.json"].decode() == issued.document
    assert checked(archive, tmp_path) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "valid"
    assert any("not recounted" in line for line in said)


def test_the_public_bundle_is_the_same_at_every_call(issued):
    assert bundles.public_bundle(issued) == bundles.public_bundle(issued)


@pytest.mark.trust("1.7")
def test_the_full_bundle_is_recounted_and_valid(world, issued, tmp_path, capsys):
    assert checked(full(world, issued), tmp_path, "--full") == 0
    assert "recounted from roll and ballots: motion 1, 2" in capsys.readouterr().out


def test_the_difficult_votes_are_all_in_it(world, issued):
    files = unpacked(full(world, issued))
    (first, second), ballots = json.loads(files["counts.json"]), json.loads(files["ballots.json"])
    assert first["persons"] == {
        "total": 11,
        "participating": 10,
        "agree": 9,
        "against": 0,
        "abstain": 0,
    }
    assert len(first["disputed"]) == len(first["invalid"]) == 1
    assert first["ballots"]["invalid_papers"] == first["invalid"]
    assert second["persons"]["abstain"] == 1
    assert max(ballot["sequence"] for ballot in ballots[0]) == 3
    assert {ballot["channel"] for ballot in ballots[0]} == {"in_app", "paper"}


def test_no_name_is_in_the_full_bundle(world, issued):
    everything = b"".join(unpacked(full(world, issued)).values()).decode()
    for entrance in (world.first_entrance, world.second_entrance):
        for dwelling in entrance.dwellings:
            for ownership in dwelling.ownerships:
                assert ownership.owner.name not in everything


def test_a_named_representative_settles_the_vote_for_the_verifier_too(world, tmp_path):
    motion = votes_world.open_motion(world)
    votes_world.cast(world, motion, world.husband, "against")
    bundles_world.name_the_wife(world, motion)
    votes_world.cast(world, motion, world.wife, "agree")
    rooms = (*bundles_world.AGREEING, "602")
    votes_world.cast_all(world, motion, dict.fromkeys(rooms, "agree"), world.first_entrance)
    votes_world.counted(world, motion)
    resolution = issue(world.actor(world.committee), motion.plan, now=world.clock())
    archive = full(world, resolution)
    (count,) = json.loads(unpacked(archive)["counts.json"])
    assert count["disputed"] == []
    assert count["persons"]["agree"] == 10
    assert checked(archive, tmp_path, "--full") == 0


def test_an_owner_gets_the_roll_and_ballots_of_the_own_electorate_only(world, issued, tmp_path):
    archive = full(world, issued, world.ground_floor)
    for name in EVIDENCE:
        first, second = json.loads(unpacked(archive)[name])
        assert first is not None
        assert second is None
    assert checked(archive, tmp_path) == 0
    assert checked(archive, tmp_path, "--full") == 1


def test_the_auditor_gets_everything(world, issued, tmp_path):
    assert checked(full(world, issued, world.auditor), tmp_path, "--full") == 0


def test_nobody_else_gets_the_full_bundle(world, issued):
    others = ("tenant", "stranger", "contractor", "administrator", "head", "other_committee")
    for who in others:
        with pytest.raises(NotYours, match="signed_file_not_yours"):
            full(world, issued, getattr(world, who))


def test_opening_it_is_on_record(world, issued):
    full(world, issued, world.ground_floor)
    opened = select(AuditEntry).where(AuditEntry.action == "signed_file_opened")
    entry = session().scalars(opened).one()
    details = json.loads(entry.event)["details"]
    assert details["resolution"] == issued.id
    assert len(details["motions"]) == 1


def test_it_needs_the_same_statements_whatever_the_number_of_motions(world):
    first = bundles_world.first_motion(world)
    one = bundles_world.issued(world, first)
    with counting() as few:
        full(world, one)
    bundles_world.second_motion(world, first)
    two = bundles_world.issued(world, first)
    with counting() as more:
        full(world, two)
    assert len(more) <= len(few) <= 15


@pytest.mark.trust("1.10")
def test_a_correction_signed_with_a_new_key_leaves_the_old_one_valid(world, tmp_path):
    one, two = None, None
    before = signing.current()
    try:
        first = bundles_world.first_motion(world)
        one = bundles_world.issued(world, first)
        signing.bind(signing.from_text(base64.b64encode(bytes(range(32))).decode()))
        two = bundles_world.issued(world, bundles_world.second_motion(world, first))
        assert checked(bundles.public_bundle(two), tmp_path) == 0
    finally:
        signing.bind(before)
    assert checked(bundles.public_bundle(one), tmp_path) == 0
    assert checked(bundles.public_bundle(two), tmp_path) == 1


def test_an_exported_log_holds_the_resolution_and_a_changed_one_does_not(world, issued, tmp_path):
    lines = bundles.audit_lines(f"plan:{issued.plan_id}")
    log = tmp_path / "log.jsonl"
    log.write_text("\n".join(lines))
    archive = bundles.public_bundle(issued)
    assert checked(archive, tmp_path, "--audit", str(log)) == 0
    log.write_text("\n".join(lines).replace("adopted", "rejected", 1))
    assert checked(archive, tmp_path, "--audit", str(log)) == 1
    log.write_text("\n".join(lines[:3]))
    assert checked(archive, tmp_path, "--audit", str(log)) == 1


def test_a_count_that_the_log_does_not_know_is_refused(issued, tmp_path, capsys):
    log, path = tmp_path / "log.jsonl", tmp_path / "bundle.zip"
    log.write_text("\n".join(bundles.audit_lines(f"plan:{issued.plan_id}")))
    made = json.loads(issued.document)
    made["motions"][1]["count_digest"] = "0" * 64
    packed(tampering.signed(canonical(made)), path)
    assert verify.main([str(path)]) == 0
    assert verify.main([str(path), "--audit", str(log)]) == 1
    assert "is not in it" in capsys.readouterr().out


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path):
    first = signing.kept_in(tmp_path)
    assert signing.kept_in(tmp_path).fingerprint == first.fingerprint
    file = tmp_path / signing.FILE
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == [signing.FILE]


@pytest.mark.trust("1.10")
def test_a_signature_is_over_the_context_and_the_document():
    seed = bytes(range(32))
    key = signing.from_text(base64.b64encode(seed).decode())
    plain = Ed25519PrivateKey.from_private_bytes(seed)
    expected = plain.sign(b"louyi resolution bundle 1\n" + b"{}")
    assert base64.b64decode(key.sign("{}")) == expected


PRODUCTION = {
    "LOUYI_MODE": "production",
    "LOUYI_HOSTS": "louyi.example",
    "SECRET_KEY": "0123456789abcdef" * 4,
}


@pytest.mark.parametrize(
    "given",
    ["", "short", base64.b64encode(b"\0" * 32).decode(), base64.b64encode(b"x" * 31).decode()],
)
def test_production_does_not_start_without_a_signing_key(given):
    with pytest.raises(config.UnsafeSettings, match="LOUYI_SIGNING_KEY"):
        config.from_environment(PRODUCTION | {"LOUYI_SIGNING_KEY": given})


def test_production_signs_with_the_key_it_is_given_and_does_not_print_it():
    given = base64.b64encode(bytes(range(32))).decode()
    settings = config.from_environment(PRODUCTION | {"LOUYI_SIGNING_KEY": given})
    assert settings.signing_key == given
    assert given not in repr(settings)


def test_a_bundle_in_a_folder_is_read_too(world, issued, tmp_path):
    folder = tmp_path / "bundle"
    folder.mkdir()
    for name, data in unpacked(full(world, issued)).items():
        (folder / name).write_bytes(data)
    assert verify.main([str(folder), "--full"]) == 0
