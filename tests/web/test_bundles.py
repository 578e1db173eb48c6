"""Downloading a bundle and the key: who gets what, and that it is what the verifier takes."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from services import signing
from tests import bundles_world
from tests.statements import counting
from tests.verifier.standalone import unpacked, verify


@pytest.fixture
def issued(world):
    return bundles_world.issued(world, bundles_world.first_motion(world))


def address(resolution, rest=""):
    return f"/r/{quote(resolution.number)}{rest}"


FULL = "/full-bundle.zip"


def test_a_stranger_downloads_bundle_and_key_and_finds_them_valid(visit, issued, tmp_path, capsys):
    visitor = visit()
    links = visitor.get(address(issued)).links()
    bundle, key = tmp_path / "bundle.zip", tmp_path / "key.pem"
    answer = visitor.download(links["Signed bundle (ZIP)"])
    assert answer.mimetype == "application/zip"
    bundle.write_bytes(answer.data)
    page = visitor.get(links["How to check it"])
    key.write_bytes(visitor.download(page.links()["The key as a file (PEM)"]).data)
    assert verify.main([str(bundle), "--key", str(key)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "valid"
    by_digest = visitor.download(f"/r/{issued.digest}/bundle.zip")
    assert by_digest.data == answer.data


def test_the_fingerprint_stands_on_the_resolution_and_on_the_page_of_the_key(visit, issued):
    fingerprint = signing.current().fingerprint
    for language in ("en", "zh-CN"):
        visitor = visit(language=language)
        assert fingerprint in visitor.get(address(issued)).text
        assert fingerprint in visitor.get("/key").text


def test_a_key_of_former_times_stays_on_the_page(visit, issued):
    before = signing.current()
    try:
        signing.bind(signing.from_text("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="))
        page = visit().get("/key").text
        assert before.fingerprint in page
        assert signing.current().fingerprint in page
        assert before.fingerprint in visit().get(address(issued)).text
    finally:
        signing.bind(before)


def test_those_entitled_find_and_download_the_full_bundle(visit, world, issued, tmp_path):
    bundle, fingerprint = tmp_path / "bundle.zip", signing.current().fingerprint
    for who in ("ground_floor", "committee", "auditor"):
        visitor = visit(getattr(world, who))
        links = visitor.get(address(issued)).links()
        answer = visitor.download(links["Signed bundle with roll and ballots (ZIP)"])
        assert "ballots.json" in unpacked(answer.data)
        assert answer.headers["Cache-Control"].startswith("no-store")
        bundle.write_bytes(answer.data)
        assert verify.main([str(bundle), "--key", fingerprint, "--full"]) == 0


def test_nobody_else_sees_who_voted_what(visit, world, issued):
    of_this_building = ("tenant", "next_door", "head")
    from_elsewhere = ("stranger", "contractor", "other_committee")
    for who in of_this_building + from_elsewhere:
        visitor = visit(getattr(world, who))
        assert "roll and ballots" not in visitor.get(address(issued)).text
        status = 403 if who in of_this_building else 404
        visitor.download(address(issued, FULL), status=status)


def test_a_visitor_is_asked_to_sign_in_for_the_full_bundle(visit, issued):
    answer = visit().send("GET", address(issued, FULL))
    assert answer.status_code == 302
    assert "sign" in answer.location


def test_there_is_no_bundle_of_no_resolution(visit, world):
    visit().download("/r/nothing/bundle.zip", status=404)
    visit(world.committee).download("/r/nothing/full-bundle.zip", status=404)


def test_pages_and_downloads_need_few_statements(visit, world, issued):
    visitor = visit(world.committee)
    for path in (address(issued), address(issued, "/bundle.zip"), address(issued, FULL), "/key"):
        with counting() as statements:
            visitor.download(path)
        assert len(statements) <= 15, path


def test_the_log_is_exported_by_a_command_and_fits_the_resolution(app, visit, issued, tmp_path):
    runner = app.test_cli_runner()
    exported = runner.invoke(args=["audit-export", f"plan:{issued.plan_id}"])
    assert exported.exit_code == 0
    log, bundle = tmp_path / "log.jsonl", tmp_path / "bundle.zip"
    log.write_text(exported.output)
    bundle.write_bytes(visit().download(address(issued, "/bundle.zip")).data)
    assert verify.main([str(bundle), "--audit", str(log)]) == 0
    nothing = runner.invoke(args=["audit-export", "plan:999"])
    assert nothing.exit_code == 2
