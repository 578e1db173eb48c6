"""An official platform's result: entered twice, put into the count, and checked by anybody."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from domain.errors import NotNow, NotYours, Refused
from domain.periods import local_day
from domain.platforms import Papers, Part, Totals
from domain.votes import Choice
from models import votes_queries
from services import bundles, platforms, votes
from services.platforms import ListRefused, ResultDraft
from services.transaction import transaction
from tests import two_people
from tests import votes_world as vw
from tests.verifier.standalone import canonical, packed, unpacked, verify

HEAD = "房号,意见\n"
# 工人新村 3幢1单元: ten heads with 9 agreeing; 602 has not voted there.
ROWS = "".join(f"{room},{'反对' if room == '101' else '同意'}\n" for room in vw.ROOMS[:-1])


@pytest.fixture
def motion(world):
    """Closed, on the official platform, one paper ballot entered: 602 agrees."""
    with transaction() as session:
        world.community.city = "shenzhen"
        session.add(world.community)
    drafted = vw.drafted_motion(world)
    assert drafted.channel == "official_platform"
    actor = world.actor(world.committee)
    votes.post_roll(actor, drafted, now=world.clock())
    opens_at = votes.earliest_opening(drafted, now=world.clock()).at
    closes_at = opens_at + timedelta(days=7)
    two_people.announce(actor, drafted, opens_at=opens_at, closes_at=closes_at, now=world.clock())
    world.clock.move_to(drafted.opens_at)
    vw.by_paper(world, drafted, "602", "agree")
    vw.close(world, drafted)
    vw.close_box(world, drafted)
    return drafted


def draft(world, **given):
    usual = {
        "authority": "市住建局电子投票平台",
        "document_number": "深物业表决〔2026〕12号",
        "document_date": local_day(world.clock()),
    }
    return ResultDraft(**(usual | given))


def listed(world, motion, rows=ROWS):
    return draft(world, votes=platforms.read_list(motion, "清单.csv", (HEAD + rows).encode()))


def totals(world, papers=Papers.APART):
    # 101 (62.35 m²) is against; the other nine listed in ROWS agree.
    return draft(world, papers=papers, totals=Totals(Part(9, 60578), Part(1, 6235), Part(0, 0)))


def enter(world, motion, made, who=None):
    actor = world.actor(who or world.committee)
    return platforms.enter_result(actor, motion, made, now=world.clock())


def entered(world, motion, made):
    assert enter(world, motion, made).matched is None
    assert enter(world, motion, made, world.second_committee).matched


def counted(world, motion):
    return json.loads(votes.count(world.actor(world.committee), motion, now=world.clock()).document)


def bundle(world, motion):
    resolution = two_people.issue(world.actor(world.committee), motion.plan, now=world.clock())
    return bundles.full_bundle(world.actor(world.committee), resolution, now=world.clock())


def code_of(raised):
    return raised.value.code


def test_the_count_waits_for_two_people_who_say_the_same(world, motion):
    with pytest.raises(NotNow) as raised:
        counted(world, motion)
    assert code_of(raised) == "platform_result_missing"
    enter(world, motion, totals(world))
    with pytest.raises(NotYours) as raised:
        enter(world, motion, totals(world))
    assert code_of(raised) == "second_person_needed"
    with pytest.raises(NotNow) as raised:
        counted(world, motion)
    assert code_of(raised) == "platform_unconfirmed"
    other = totals(world, Papers.INCLUDED)
    assert enter(world, motion, other, world.second_committee).matched is False
    entered(world, motion, totals(world))
    with pytest.raises(NotNow) as raised:
        enter(world, motion, totals(world), world.second_committee)
    assert code_of(raised) == "platform_confirmed_already"


@pytest.mark.trust("1.7")
def test_a_list_is_counted_with_the_papers_and_recounted_by_anybody(
    world, motion, tmp_path, capsys
):
    # 602 stands on the list as against and on paper as agreeing: the paper counts.
    entered(world, motion, listed(world, motion, ROWS + "602,反对\n"))
    document = counted(world, motion)
    assert (document["persons"]["participating"], document["persons"]["agree"]) == (11, 10)
    assert document["platform"]["set_aside"] == [11]
    signed = votes.signed_list(world.actor(world.committee), motion, now=world.clock())
    assert {line.channel for line in signed} == {"official_platform", "paper"}
    path = tmp_path / "bundle.zip"
    path.write_bytes(bundle(world, motion))
    assert verify.main([str(path), "--full"]) == 0
    assert "document 深物业表决〔2026〕12号" in capsys.readouterr().out


@pytest.mark.trust("1.7")
@pytest.mark.parametrize(("papers", "agree"), [(Papers.APART, 10), (Papers.INCLUDED, 9)])
def test_totals_are_named_as_such_and_their_arithmetic_is_checked(
    world, motion, tmp_path, capsys, papers, agree
):
    entered(world, motion, totals(world, papers))
    document = counted(world, motion)
    assert document["persons"]["agree"] == agree
    archive = bundle(world, motion)
    path = tmp_path / "bundle.zip"
    path.write_bytes(archive)
    assert verify.main([str(path)]) == 0
    said = capsys.readouterr().out
    assert "the totals come from 市住建局电子投票平台" in said
    assert "recounted from roll and ballots" not in said
    files = unpacked(archive)
    counts = json.loads(files["counts.json"])
    counts[0]["platform"]["totals"]["agree"]["persons"] -= 1
    packed(files | {"counts.json": canonical(counts)}, path)
    assert verify.main([str(path)]) == 1


@pytest.mark.trust("1.7", control=True)
def test_the_verifier_sees_totals_that_do_not_add_up(motion):
    from tests.verifier.standalone import counting

    roll = [{"voter": n, "area": 100, "representative": None} for n in (1, 2, 3, 4)]
    stated = {"agree": {"persons": 3, "area": 300}}
    said, _figures = counting.recount(7, roll, {}, stated)
    assert (said["outcome"], said["persons"]["participating"]) == ("adopted", 3)
    assert counting.recount(7, roll, {})[0]["outcome"] == "not_quorate"


def test_a_list_with_strangers_or_nonsense_records_nothing(world, motion):
    with pytest.raises(ListRefused) as raised:
        listed(world, motion, ROWS + "909,同意\n501,也许\n")
    assert raised.value.unknown == ("909",)
    assert [fault.code for fault in raised.value.faults] == ["choice_unknown"]
    with pytest.raises(Refused) as raised:
        enter(world, motion, listed(world, motion, ""))
    assert code_of(raised) == "platform_list_empty"


def test_what_the_roll_has_no_room_for_is_refused_and_too_early_too(world, motion):
    too_many = draft(world, totals=Totals(Part(12, 72656), Part(0, 0), Part(0, 0)))
    with pytest.raises(Refused) as raised:
        enter(world, motion, too_many)
    assert code_of(raised) == "platform_exceeds_roll"
    old = draft(world, document_date=local_day(motion.opens_at) - timedelta(days=1))
    with pytest.raises(Refused) as raised:
        enter(world, motion, old)
    assert code_of(raised) == "platform_date_before_vote"


def test_the_channel_is_one_of_the_city_s(world):
    motion = vw.drafted_motion(world)
    words = {"title": "电梯", "text": "装。", "matter": 7, "revision": motion.revision}
    actor, now = world.actor(world.committee), world.clock()
    with pytest.raises(Refused) as raised:
        votes.edit(actor, motion, channel="official_platform", now=now, **words)
    assert code_of(raised) == "channel_not_offered"
    votes.edit(actor, motion, channel="paper", now=now, **words)
    assert motion.channel == "paper"
    with pytest.raises(NotNow) as raised:
        enter(world, motion, draft(world, votes={1: Choice.AGREE}))
    assert code_of(raised) == "platform_not_used"
    assert votes_queries.ballots_of(motion.id) == []
