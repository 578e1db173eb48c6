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


def test_two_hundred_falsified_bundles_are_refused(pair, status, capsys):
    genuine, other = pair
    assert [status(files, "--full") for files in pair] == [0, 0]
    capsys.readouterr()
    cases = list(tampering.tampered(genuine, other))
    assert len(cases) >= FALSIFIED
    assert all(files != genuine for _name, files in cases)
    passed = [name for name, files in cases if status(files) == 0]
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
    "change",
    [
        tampering.double_ballot,
        tampering.give_to_another,
        tampering.cast_late,
        tampering.split_buyer,
        tampering.remove_voter,
    ],
)
def test_not_even_the_holder_of_the_key_passes_off_what_breaks_a_rule(pair, status, change):
    genuine, _other = pair
    for seed in range(5):
        made = tampering.resigned(genuine, change, random.Random(seed))
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
