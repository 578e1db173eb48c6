"""Two hundred falsified bundles, two hundred refused; the genuine ones valid."""

from __future__ import annotations

import json
import random

import pytest

from services import bundles, signing
from tests import bundles_world
from tests.verifier import tampering
from tests.verifier.standalone import packed, unpacked, verify

FALSIFIED = 200


_MADE = {}


@pytest.fixture
def pair(place, request):
    """The full bundles of two resolutions of one building, made once for each engine."""
    if place.kind not in _MADE:
        world = request.getfixturevalue("world")
        actor = world.actor(world.committee)
        issued = bundles_world.two_resolutions(world)
        full = [bundles.full_bundle(actor, one, now=world.clock()) for one in issued]
        _MADE[place.kind] = [unpacked(archive) for archive in full]
    return _MADE[place.kind]


@pytest.fixture
def status(pair, tmp_path):
    """``status(files, …)``: what the verifier, expecting the genuine key, exits with."""
    fingerprint = signing.fingerprint_of(pair[0]["public_key"].decode())

    def run(files, *options, key=True):
        path = packed(files, tmp_path / "bundle.zip")
        expected = ["--key", fingerprint] if key else []
        return verify.main([str(path), *expected, *options])

    return run


@pytest.mark.trust("1.7")
def test_two_hundred_falsified_bundles_are_refused(pair, status, capsys, figure):
    genuine, other = pair
    assert [status(files, "--full") for files in pair] == [0, 0]
    capsys.readouterr()
    cases = list(tampering.tampered(genuine, other))
    assert len(cases) >= FALSIFIED
    assert all(files != genuine for _name, files in cases)
    passed = [name for name, files in cases if status(files) == 0]
    figure("tampered bundles", len(cases), "refused", len(cases) - len(passed))
    assert passed == []
    said = capsys.readouterr().out.splitlines()
    assert len(said) == len(cases)
    assert "valid" not in said


def test_only_the_expected_key_stops_who_signs_a_consistent_forgery_himself(pair, status, capsys):
    # The control: the same forgery passes where the bundle's own key is believed, and it is said.
    genuine, _other = pair
    own = genuine | tampering.signed(genuine["resolution.json"])
    assert status(own, key=False) == 0
    assert "not compared" in capsys.readouterr().out
    assert status(own) == 1
    assert "another key" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (tampering.double_ballot, "out of order"),
        (tampering.reorder, "out of order"),
        (tampering.leave_out_the_first, "out of order"),
        (tampering.give_to_another, "not cast by an owner"),
        (tampering.vote_as_a_stranger, "not cast by an owner"),
        (tampering.vote_something_else, "no such choice"),
        (tampering.cast_late, "not cast while the vote was open"),
        (tampering.split_buyer, "one buyer is two voters"),
        (tampering.represent_as_a_stranger, "the representative is not"),
        (tampering.add_an_owner, "the owners do not fit"),
        (tampering.list_a_flat_twice, "stands on the roll twice"),
        (tampering.weigh_more, "area: it says"),
        (tampering.count_another_motion, "count.text"),
        (tampering.close_another_day, "count.closes_at"),
        (tampering.call_a_paper_late, "count.papers.set_aside"),
        (tampering.lose_a_paper, "count.papers.collected"),
        (tampering.list_more, "count.papers.serials"),
    ],
)
def test_not_even_the_holder_of_the_key_passes_off_what_breaks_a_rule(
    pair, status, capsys, change, said
):
    genuine, _other = pair
    made = tampering.resigned(genuine, change, random.Random(1))
    assert status(made, key=False) == 1
    assert said in capsys.readouterr().out


def test_a_count_that_does_not_follow_from_the_ballots_is_refused(pair, status, capsys):
    genuine, _other = pair
    resolution, counts, _roll, _ballots = tampering.read(genuine)
    counts[0]["persons"]["against"] += 1
    resolution["motions"][0]["count_digest"] = tampering.sha(counts[0])
    made = genuine | {"counts.json": tampering.canonical(counts)}
    made |= tampering.signed(tampering.canonical(resolution))
    assert status(made, key=False) == 1
    assert "count.persons.against" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("where", "key", "value"),
    [
        ("area", "agree_percent", 60),
        ("area", "agree_percent", 101),
        ("area", "quorum", False),
        ("approval", "denominator", 2),
        ("quorum", "denominator", 2),
    ],
)
def test_figures_that_cannot_be_are_refused_in_a_public_bundle_too(pair, status, where, key, value):
    genuine, _other = pair
    resolution = json.loads(genuine["resolution.json"])
    resolution["motions"][0]["count"][where][key] = value
    assert status(tampering.signed(tampering.canonical(resolution)), key=False) == 1


def test_a_resolution_is_not_silent_about_papers_of_which_its_count_speaks(pair, status, capsys):
    genuine, _other = pair
    resolution = json.loads(genuine["resolution.json"])
    del resolution["motions"][0]["count"]["papers"]
    made = genuine | tampering.signed(tampering.canonical(resolution))
    assert status(made, key=False) == 1
    assert "resolution.papers" in capsys.readouterr().out


@pytest.mark.parametrize("test", ["area", "shares"])
def test_what_the_resolution_says_must_follow_from_the_roll(pair, status, test):
    genuine, _other = pair
    resolution = json.loads(genuine["resolution.json"])
    motion = resolution["motions"][0]
    if test == "area":
        motion["count"]["area"]["agree_percent"] -= 1
    else:
        motion["shares"][0]["dwellings"] += 1
    made = genuine | tampering.signed(tampering.canonical(resolution))
    assert status(made, key=False) == 1


def test_kept_back_evidence_is_told_and_refused_when_a_recount_is_asked_for(pair, status, capsys):
    genuine, _other = pair
    nothing = dict.fromkeys(("counts.json", "roll.json", "ballots.json"), b"[null]")
    assert status(genuine | nothing) == 0
    assert "not recounted" in capsys.readouterr().out
    assert status(genuine | nothing, "--full") == 1


def test_figures_that_the_holder_of_the_key_invents_are_refused(pair, status, capsys):
    genuine, _other = pair
    for key, value in (("agree", 11), ("total", 12), ("participating", 11), ("quorum", 1)):
        resolution = json.loads(genuine["resolution.json"])
        resolution["motions"][0]["count"]["persons"][key] = value
        made = genuine | tampering.signed(tampering.canonical(resolution))
        assert status(made, key=False) == 1, key
        assert f"persons.{key}" in capsys.readouterr().out


def test_it_says_in_chinese_what_is_wrong(pair, status, capsys):
    genuine, other = pair
    assert status(genuine | {"roll.json": other["roll.json"]}, "--zh") == 1
    assert "事项 1: roll.json 与记录的摘要不符" in capsys.readouterr().out
    assert status(genuine, "--zh") == 0
    assert capsys.readouterr().out.startswith("有效")
