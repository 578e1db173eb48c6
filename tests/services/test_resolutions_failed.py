"""A resolution says what failed, with its figures; nobody releases what they have not read."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select, text

from domain.errors import Refused
from domain.objections import Ground, ObjectionOutcome
from domain.resolutions import count_as_published
from models.audit import AuditEntry
from models.database import session
from models.resolutions import Resolution
from models.resolutions_queries import items_for_document, objections_for_document
from services import bundles, objections, publications, resolutions_drafts
from tests import menus_world, two_people, votes_world
from tests.verifier.standalone import packed, unpacked, verify
from tests.verifier.tampering import canonical, signed


def settled(world, plan, item, option, form_key):
    """An objection, answered and closed."""
    raised = objections.submit(
        world.actor(world.ground_floor),
        item,
        option,
        ground=Ground.LIGHT,
        body="我家 101 室的厨房会照不到太阳",
        form_key=form_key,
        now=world.clock(),
    )
    lin = world.actor(world.committee)
    objections.answer(lin, raised, "已请设计单位核算。", now=world.clock())
    objections.close(
        lin,
        raised,
        ObjectionOutcome.MEDIATED,
        note="井道采用透明材料",
        version=None,
        now=world.clock(),
    )


@pytest.fixture
def plan(world):
    """Adopted in entrance 1, rejected in entrance 2, with an objection to the elevator and one to
    something nobody voted on."""
    plan = menus_world.published_menu(world)
    option = menus_world.version(plan).option
    other = next(one for one in items_for_document(plan.id) if one.id != option.item_id)
    settled(world, plan, option.item, option, "elevator")
    settled(world, plan, other, None, "other")
    world.clock.move_to(plan.consultation_closes_at)
    votes_world.closed_motion(world, plan=plan)
    rooms = [f"{floor}0{side}" for floor in range(1, 7) for side in (1, 2)]
    choices = dict.fromkeys(rooms[:8], "against") | dict.fromkeys(rooms[8:], "agree")
    votes_world.closed_motion(world, choices, plan, entrance=world.second_entrance)
    return plan


@pytest.fixture
def issued(world, plan):
    return two_people.issue(world.actor(world.committee), plan, now=world.clock())


def test_b5_a_resolution_says_what_failed_with_its_figures(world, issued):
    document = json.loads(issued.document)
    assert document["form"] == 2
    (decided,), (failed,) = document["motions"], document["failed"]
    assert (decided["entrance"], failed["entrance"]) == ("1单元", "2单元")
    assert failed["count"]["outcome"] == "rejected"
    assert failed["count"]["persons"]["participating"] == 12
    assert failed["count"]["persons"]["agree"] == 4
    assert failed["count"]["persons"]["approval"] is False
    assert failed["count"]["area"]["agree_percent"] < 50
    # The same disclosure as of what was adopted: shares of areas, nobody and no flat.
    assert decided["count"].keys() == failed["count"].keys()
    assert "area_exact" not in issued.document
    for dwelling in (*world.first_entrance.dwellings, *world.second_entrance.dwellings):
        assert f'"{dwelling.room}"' not in issued.document
        for ownership in dwelling.ownerships:
            assert ownership.owner.name not in issued.document


def test_b5_the_outcome_of_every_objection_is_in_it(issued):
    document = json.loads(issued.document)
    line = {"ground": "light", "outcome": "mediated", "note": "井道采用透明材料"}
    assert document["failed"][0]["objections"] == [line]
    assert [one["ground"] for one in document["objections"]] == ["light"]
    assert document["objections"][0]["item"] != document["motions"][0]["option"]["item"]
    assert "厨房" not in issued.document


def test_b5_where_nobody_took_part_nobody_agreed_whatever_an_older_count_says():
    nothing = {"total": "720.00", "participating": "0.00", "agree": "0.00"}
    count = {
        "rule": "special",
        "outcome": "not_quorate",
        "persons": {"total": 11, "participating": 0, "agree": 0},
        "area": nothing,
        "quorum": {"persons": False, "area": False},
        "approval": {"persons": True, "area": True},
    }
    published = count_as_published(count, 7, exact_areas=False)
    assert published["persons"]["approval"] is False
    assert published["area"]["approval"] is False


def test_b5_nothing_is_released_before_each_part_was_ticked(world, plan):
    made = publications.prepare_resolution(
        world.actor(world.second_committee), plan, now=world.clock()
    )
    lin, now = world.actor(world.committee), world.clock()
    parts = two_people.parts(lin, made, now=now)
    assert len(parts) == len(set(parts)) == 6
    for left_out in parts:
        read = [part for part in parts if part != left_out]
        with pytest.raises(Refused, match="sections_unread") as refused:
            publications.release(lin, made, now=now, read=read)
        assert refused.value.params["missing"] == 1
    assert session().scalars(select(Resolution)).first() is None
    publications.release(lin, made, now=now, read=parts)
    assert session().scalars(select(Resolution)).one()
    events = session().scalars(
        select(AuditEntry.event).where(AuditEntry.action == "resolution.issued")
    )
    assert '"sections_read":6' in events.one()


def test_b5_what_is_issued_is_the_draft_but_for_what_follows_from_the_day(world, plan):
    found = resolutions_drafts.preview(plan, now=world.clock())
    read = resolutions_drafts.draft(plan, found, now=world.clock())
    made = two_people.issue(world.actor(world.committee), plan, now=world.clock.move(days=20))
    written = json.loads(made.document)
    differs = {key for key in written if written[key] != json.loads(json.dumps(read[key]))}
    assert differs == {"issued_at", "in_force_at", "audit"}


# --- what is checked elsewhere --------------------------------------------------------------------


@pytest.fixture
def answered(issued, tmp_path, capsys):
    """What the verifier says of the public bundle with its resolution changed and signed anew."""

    def ask(change) -> tuple[int, str]:
        files = unpacked(bundles.public_bundle(issued))
        resolution = json.loads(files["resolution.json"])
        change(resolution)
        path = packed(signed(canonical(resolution)), tmp_path / "bundle.zip")
        status = verify.main([str(path)])
        return status, capsys.readouterr().out

    return ask


def first_form(resolution):
    resolution["form"] = 1
    del resolution["failed"], resolution["objections"]


def test_b5_a_bundle_of_the_first_form_is_still_valid_and_of_an_unknown_one_is_not(answered):
    assert answered(lambda _same: None)[0] == 0
    assert answered(first_form)[0] == 0
    assert answered(lambda one: one.update(form=3))[0] == 1
    assert answered(lambda one: one.pop("failed"))[0] == 1


@pytest.mark.parametrize(
    ("where", "key", "value"),
    [
        ("persons", "agree", 12),
        ("persons", "approval", True),
        ("persons", "participating", 7),
        ("area", "agree_percent", 90),
        ("area", "quorum", False),
        ("approval", "denominator", 2),
    ],
)
def test_b5_figures_of_a_failed_vote_that_cannot_be_are_refused(answered, where, key, value):
    def change(resolution):
        resolution["failed"][0]["count"][where][key] = value

    status, said = answered(change)
    assert status == 1
    assert "failed 1" in said


def test_b5_an_outcome_changed_since_it_was_read_is_what_the_release_looks_at(world, plan):
    """By somebody else, while this request had it in hand: the draft is made of what is stored."""
    (first, *_rest) = held = objections_for_document(plan.id)
    current = session()
    current.execute(
        text("UPDATE objections SET outcome_note = '另行商量' WHERE id = :id"), {"id": first.id}
    )
    shown = resolutions_drafts.shown(
        plan, resolutions_drafts.preview(plan, now=world.clock()), now=world.clock()
    )
    assert held
    assert "另行商量" in json.dumps(shown, ensure_ascii=False)
