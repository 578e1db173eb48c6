"""The verifier stands alone: what it imports, how it counts, what it answers to nonsense."""

from __future__ import annotations

import ast
import random
import shutil
import subprocess
import sys
import zipfile

import pytest

from domain.voters import Voter, VoterKind
from domain.votes import Choice, Mark, Matter
from domain.votes import count as lawful_count
from services import bundles, signing
from tests import bundles_world
from tests.verifier.standalone import FOLDER, canonical, counting, packed, reading, saying, verify

OURS = {"reading", "counting", "platform_result", "saying", "statements"}
RECOUNTS = 500

RUN = """
import sys
sys.path.insert(0, sys.argv[1])
import verify
status = verify.main(sys.argv[2:])
program = {"app", "domain", "models", "services", "flask", "sqlalchemy", "rfc8785"}
print(sorted(program & {name.partition(".")[0] for name in sys.modules}))
raise SystemExit(status)
"""


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0
            yield node.module.partition(".")[0]


@pytest.mark.trust("1.7")
def test_it_imports_the_standard_library_and_cryptography_only():
    files = sorted(FOLDER.glob("*.py"))
    assert {path.stem for path in files} == OURS | {"verify"}
    for path in files:
        foreign = set(imported(path)) - sys.stdlib_module_names - OURS
        assert foreign <= {"cryptography"}, path


def test_it_runs_where_the_program_is_not(world, tmp_path):
    resolution = bundles_world.issued(world, bundles_world.first_motion(world))
    actor = world.actor(world.committee)
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(bundles.full_bundle(actor, resolution, now=world.clock()))
    away = shutil.copytree(FOLDER, tmp_path / "away", ignore=shutil.ignore_patterns("__pycache__"))
    key = signing.current().fingerprint
    words = [sys.executable, "-I", "-c", RUN, str(away), str(bundle), "--key", key, "--full"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == "valid"
    assert lines[-1] == "[]"


def test_flask_verify_is_the_same_verifier_without_any_setting(tmp_path):
    words = [sys.executable, "-m", "flask", "--app", "app", "verify", str(tmp_path / "none.zip")]
    bare = {"PATH": "/usr/bin:/bin"}
    root = FOLDER.parent
    done = subprocess.run(words, cwd=root, env=bare, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "cannot be read" in done.stdout


def _voter(rng, number):
    area = rng.choice((6235, 5890, 1, 10_000, rng.randrange(1, 20_000)))
    return {
        "voter": number,
        "kind": "co_owners",
        "owners": [1, 2, 3],
        "representative": rng.choice((None, None, 1)),
        "area": area,
    }


@pytest.mark.trust("1.7")
def test_its_count_is_the_programs_in_random_votes():
    rng = random.Random(278)
    votes_of_program = {choice.value: choice for choice in (*Choice, *Mark)}
    for _ in range(RECOUNTS):
        roll = [_voter(rng, number) for number in range(1, rng.randrange(2, 14))]
        choices = ("agree", "agree", "agree", "against", "abstain")
        ballots = [
            {"voter": voter["voter"], "person": rng.choice((1, 2)), "choice": rng.choice(choices)}
            for voter in roll
            for _ in range(rng.choice((0, 1, 1, 2, 3)))
        ]
        invalid = [voter["voter"] for voter in roll if rng.random() < 0.1]
        matter = rng.randrange(1, 10)
        votes = counting.votes_of(roll, ballots, invalid)
        heads = [Voter(one["voter"], (), frozenset(), one["area"], VoterKind.OWNER) for one in roll]
        ours = {number: votes_of_program[vote] for number, vote in votes.items()}
        expected = lawful_count(Matter(matter), heads, ours).to_json()
        assert counting.recount(matter, roll, votes)[0] == expected


@pytest.mark.parametrize(
    ("cast", "representative", "amounts_to"),
    [
        ([], None, None),
        ([(1, "agree")], None, "agree"),
        ([(1, "agree"), (1, "against")], None, "against"),
        ([(1, "agree"), (2, "against")], None, "disputed"),
        ([(1, "agree"), (2, "against"), (2, "agree")], None, "agree"),
        ([(1, "agree"), (2, "against")], 2, "against"),
        ([(1, "agree")], 2, "agree"),
    ],
)
def test_what_a_voters_ballots_amount_to(cast, representative, amounts_to):
    ballots = [{"person": person, "choice": choice} for person, choice in cast]
    assert counting.standing(ballots, representative) == amounts_to


@pytest.mark.parametrize(
    ("total", "part", "enough"), [(3, 2, True), (3, 1, False), (12, 8, True), (1200, 799, False)]
)
def test_two_thirds_are_enough_and_one_less_is_not(total, part, enough):
    assert counting.quorum(total, part) is enough


@pytest.mark.parametrize(
    ("special", "part", "agree", "enough"),
    [
        (True, 4, 3, True),
        (True, 400, 299, False),
        (False, 4, 2, False),
        (False, 4, 3, True),
        (False, 400, 201, True),
    ],
)
def test_three_quarters_are_enough_and_exactly_half_is_not(special, part, agree, enough):
    assert counting.approval(special, part, agree) is enough


@pytest.mark.parametrize(
    "text",
    [
        b'{"b":1,"a":2}',
        b'{"a": 1}',
        b'{"a":1,"a":1}',
        b'{"a":1.0}',
        b'{"a":9007199254740992}',
        b'{"a":NaN}',
        b'"\\u4e00"',
        b'"\xff"',
        b'"\\ud800"',
        b"",
        b"[" * 100_000,
    ],
)
def test_only_canonical_json_is_read(text):
    with pytest.raises(saying.Fault, match="not canonical"):
        reading.read_json("roll.json", text)


def test_canonical_json_with_all_kinds_of_signs_is_read():
    value = {"a": [None, True, -5, '\x00\x7f"\\/\n€𝄞'], "é": {}, "工": []}
    assert reading.read_json("roll.json", canonical(value)) == value


def test_what_is_no_bundle_is_unreadable(tmp_path, capsys):
    text = tmp_path / "text.zip"
    text.write_text("valid")
    empty = tmp_path / "empty.zip"
    zipfile.ZipFile(empty, "w").close()
    folder = tmp_path / "folder"
    folder.mkdir()
    for path in (tmp_path / "none.zip", text, empty, folder):
        assert verify.main([str(path)]) == 2
    assert "valid" not in capsys.readouterr().out.splitlines()


def test_a_key_that_cannot_be_read_is_not_taken_for_any(tmp_path):
    bundle = packed(dict.fromkeys(reading.SIGNED, b""), tmp_path / "bundle.zip")
    broken = tmp_path / "broken.pem"
    broken.write_text("-----BEGIN PUBLIC KEY-----")
    for key in ("abc", str(tmp_path / "none.pem"), str(broken), ""):
        assert verify.main([str(bundle), "--key", key]) == 2
    assert verify.main([str(bundle)]) == 1


def test_every_sentence_is_there_in_both_languages():
    for english, chinese in saying.TEXTS.values():
        assert english.isascii()
        assert not chinese.isascii()
        assert set(_places(english)) == set(_places(chinese))


def _places(text):
    return [part.partition("}")[0] for part in text.split("{")[1:]]
