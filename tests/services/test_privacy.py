"""Erasure after the year to challenge a decision; one's own data taken along (trust.md §3.9)."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from domain.accounts import Capacity, Role
from domain.errors import NotNow, Refused
from models.accounts import AccessCode, Account, RoleGrant
from models.audit import AuditEntry
from models.base import Base
from models.database import session
from models.deliveries import Delivery
from models.mandates import Mandate, PaperDetail
from models.objections import Objection
from models.platforms import PlatformResult
from models.preferences import AnswerSheet, ItemAnswer
from models.privacy import Erasure, PrivacyRequest
from models.publications import Publication
from models.register import Ownership, RosterImport
from models.votes import MotionCount, PaperSheet, Representative, Roll, RollOwner
from services import audit, bundles, counts, demand, privacy, purging, signing
from services.accounts_codes import end_residence
from services.transaction import transaction
from tests import bundles_world
from tests.privacy_world import VOTING, voting_rows
from tests.verifier.standalone import packed, unpacked, verify

# What must be found nowhere once it is erased.
WORDS = ("理由·标记", "异议·标记", "答复·标记", "结果·标记", "附注·标记", "13900000602", "qiu602")
WORDS += VOTING
LEAVES = "邱国强"
# What says the same on both engines is asked of one.
ONE_ENGINE = pytest.mark.parametrize("place", ["sqlite"], indirect=True)


@pytest.fixture
def decided(world):
    """A resolution in force, with answers and objections; afterwards 602 is sold and left empty."""
    resolution = bundles_world.one_resolution(world)
    _personal_rows(world, resolution)
    voting_rows(world, resolution, LEAVES)
    _sells(world)
    return resolution


def _personal_rows(world, resolution) -> None:
    plan_id = resolution.plan_id
    with transaction() as current:
        motion = bundles.queries.motions_of(resolution.id)[0]
        item = motion.version.option.item
        home, now = world.dwelling("602"), world.clock()
        sheet = AnswerSheet(
            plan_id=plan_id,
            dwelling_id=home.id,
            capacity=Capacity.OWNER,
            account_id=world.sixth_floor.id,
            started_at=now,
            updated_at=now,
            receipt="OWN-RECEIPT",
        )
        sheet.answers.append(ItemAnswer(item_id=item.id, stance="oppose", reason=WORDS[0]))
        objection = Objection(
            plan_id=plan_id,
            item_id=item.id,
            dwelling_id=home.id,
            account_id=world.sixth_floor.id,
            capacity=Capacity.OWNER,
            ground="light",
            body=WORDS[1],
            submitted_at=now,
            form_key="objection-form",
            answer=WORDS[2],
            answered_at=now,
            outcome="unresolved",
            outcome_note=WORDS[3],
            closed_at=now,
        )
        current.add_all([sheet, objection])
        current.execute(
            update(PaperSheet).values(
                voided_at=now, voided_by=world.committee.id, void_reason=WORDS[4]
            )
        )
        current.execute(
            update(Account).where(Account.id == world.sixth_floor.id).values(login=WORDS[6])
        )
        current.add(
            RosterImport(
                community_id=world.community.id,
                file_name="名册.csv",
                sha256="0",
                uploaded_at=now,
                tables=[[["602", LEAVES, WORDS[5]]]],
                reading={},
            )
        )


def _sells(world) -> None:
    """602 is sold to nobody: its owner owns nothing here any more, and the flat is taken out."""
    home = world.dwelling("602")
    with transaction() as current:
        current.execute(delete(Ownership).where(Ownership.dwelling_id == home.id))
        end_residence(current, home.id, None, now=world.clock())
        dwelling = current.get_one(type(home), home.id)
        dwelling.retired_at, dwelling.phone = world.clock(), WORDS[5]


def stored() -> str:
    """Everything that stands in the database, as one text."""
    session().rollback()
    values = []
    for table in Base.metadata.sorted_tables:
        for row in session().execute(select(table)):
            values += [value for value in row if not isinstance(value, bytes)]
    return "\n".join(map(repr, values))


def hits(text: str) -> list[str]:
    return [word for word in (*WORDS, LEAVES) if word in text]


def a_year_later(clock) -> None:
    clock.move(days=420)


def full(world, resolution) -> bytes:
    return bundles.full_bundle(world.actor(world.committee), resolution, now=world.clock())


def rows() -> int:
    session().rollback()
    return sum(len(session().execute(select(table)).all()) for table in Base.metadata.sorted_tables)


@pytest.mark.trust("3.9")
def test_after_the_year_nothing_personal_is_left_and_everything_decided_still_verifies(
    world, clock, decided, tmp_path, figure, capsys
):
    chain = audit.plan_chain(decided.plan_id)
    head = audit.head(chain)
    before = {name: unpacked(full(world, decided))[name] for name in bundles_files()}
    a_year_later(clock)
    recounted = {one.motion_id: counts.recount(one.motion) for one in every_count()}
    figures = purging.purge(apply=True, now=clock())
    left = hits(stored())
    archive = full(world, decided)
    after = unpacked(archive)
    path = packed(after, tmp_path / "bundle.zip")
    verified = verify.main([str(path), "--key", signing.current().fingerprint, "--full"])
    figure("erased", sum(figures.figures().values()), "markers left", len(left))
    assert left == []
    assert verified == 0
    assert {name: after[name] for name in before} == before
    assert {one.motion_id: counts.recount(one.motion) for one in every_count()} == recounted
    # One count's motion was given more words about it afterwards.
    assert (
        sum(one.document == recounted[one.motion_id] for one in every_count()) == len(recounted) - 1
    )
    checked = audit.check(chain, known=head)
    assert checked.fault is None
    assert audit.check(audit.SYSTEM_CHAIN).fault is None
    assert set(session().scalars(select(RollOwner.name))) == {"—"}


def every_count() -> list[MotionCount]:
    return list(session().scalars(select(MotionCount)))


def bundles_files() -> tuple[str, ...]:
    return ("resolution.json", "signature", "counts.json", "roll.json", "ballots.json")


@pytest.mark.trust("3.9", control=True)
def test_the_search_finds_what_a_forgetful_purge_leaves(world, clock, decided, monkeypatch):
    assert hits(stored()) == [*WORDS, LEAVES]
    a_year_later(clock)
    monkeypatch.setattr(purging, "erase_objections", lambda *_arguments: 0)
    monkeypatch.setattr(purging, "_owners", lambda *_arguments: None)
    purging.purge(apply=True, now=clock())
    assert hits(stored()) == [*WORDS[1:4], LEAVES]


def test_before_the_year_is_over_nothing_goes_and_the_database_itself_refuses(
    world, clock, decided
):
    clock.move(days=300)
    figures = purging.purge(apply=True, now=clock()).figures()
    assert not figures.keys() & {"plans", "answers", "objections", "roll_names", "owners"}
    assert {WORDS[0], WORDS[1], LEAVES} <= set(hits(stored()))
    hold = purging.holds(now=clock())[decided.plan_id]
    assert hold.until is not None and hold.until > clock()
    with pytest.raises(DBAPIError, match="roll_owners is frozen"), transaction() as current:
        current.execute(update(RollOwner).values(name="—"))
    with pytest.raises(DBAPIError, match="after_the_year"), transaction() as current:
        current.add(Erasure(plan_id=decided.plan_id, until=hold.until, erased_at=clock()))
        current.flush()


def test_the_gap_in_the_triggers_lets_nothing_but_an_erasure_through(world, clock, decided):
    a_year_later(clock)
    until = purging.holds(now=clock())[decided.plan_id].until
    with transaction() as current:
        current.add(Erasure(plan_id=decided.plan_id, until=until, erased_at=clock()))
    for model, values in (
        (RollOwner, {"name": "别人"}),
        (RollOwner, {"name": "—", "owner_id": RollOwner.owner_id + 1}),
        (Roll, {"reason": "别的理由"}),
        (Roll, {"reason": "", "version": Roll.version + 1}),
        (Mandate, {"holder": "别人", "document": "", "withdraw_reason": ""}),
        (Delivery, {"place": "—", "with_whom": "", "outcome": "refused"}),
        (PaperDetail, {"first_collector": "别人", "second_collector": "别人"}),
        (PlatformResult, {"votes": [[1, "agree"]]}),
        (Publication, {"reason": "", "arguments": {}, "digest": "别的"}),
    ):
        with pytest.raises(DBAPIError, match="is frozen"), transaction() as current:
            current.execute(update(model).values(**values))
    with transaction() as current:
        current.execute(update(RollOwner).values(name="—"))
        current.execute(update(Roll).values(reason=""))
    with pytest.raises(DBAPIError, match="roll_owners is frozen"), transaction() as current:
        current.execute(delete(RollOwner))


def waiting() -> list[Publication]:
    session().rollback()
    query = select(Publication).where(Publication.outcome.is_(None)).order_by(Publication.id)
    return list(session().scalars(query))


def prepared(world, plan_id: int, kind: str, **more) -> int:
    """Something that waits for its second person from now on; its id."""
    with transaction() as current:
        made = Publication(
            kind=kind,
            plan_id=plan_id,
            digest="0",
            prepared_at=world.clock(),
            prepared_by=world.committee.id,
            **{"arguments": {}, **more},
        )
        current.add(made)
        current.flush()
        return made.id


def test_what_still_waits_when_the_year_ends_is_over_unpublished_and_its_words_go(
    world, clock, decided
):
    motion = bundles.queries.motions_of(decided.id)[0]
    said = {"arguments": {"place": "门口"}, "motion_id": motion.id}
    prepared(world, decided.plan_id, "vote", **said)
    # A resolution is prepared without any words.
    prepared(world, decided.plan_id, "resolution")
    waited = [one.id for one in waiting()]
    assert len(waited) == 3
    a_year_later(clock)
    figures = purging.purge(apply=True, now=clock()).figures()
    assert waiting() == []
    for ended in (session().get_one(Publication, number) for number in waited):
        assert (ended.outcome, ended.ended_at, ended.ended_by) == ("stale", clock(), None)
        assert (ended.arguments, ended.reason, ended.result) == ({}, "", "")
    assert figures["publications_ended"] == 3
    of_plan = (AuditEntry.chain == audit.plan_chain(decided.plan_id),)
    lapsed = select(AuditEntry.event).where(*of_plan, AuditEntry.action == "publication_lapsed")
    on_record = [json.loads(event)["details"] for event in session().scalars(lapsed)]
    assert [one["publication"] for one in on_record] == waited
    assert audit.check(audit.plan_chain(decided.plan_id)).fault is None


@ONE_ENGINE
def test_what_is_prepared_after_the_year_waits_on_with_its_words(world, clock, decided):
    a_year_later(clock)
    words = {"arguments": {"reason": "后来·标记"}}
    later = prepared(world, decided.plan_id, "statement", **words)
    purging.purge(apply=True, now=clock())
    assert [(one.id, one.arguments) for one in waiting()] == [(later, words["arguments"])]


@ONE_ENGINE
def test_what_waits_is_not_ended_while_the_decision_can_be_challenged(world, clock, decided):
    before = [one.id for one in waiting()]
    clock.move(days=300)
    assert "publications_ended" not in purging.purge(apply=True, now=clock()).figures()
    assert [one.id for one in waiting()] == before


@ONE_ENGINE
def test_a_dry_run_says_what_would_go_and_changes_nothing(world, clock, decided, app):
    a_year_later(clock)
    before = stored()
    would = purging.purge(apply=False, now=clock()).figures()
    assert stored() == before
    shown = app.test_cli_runner().invoke(args=["purge"])
    assert "Would be erased" in shown.output and "objections: 1" in shown.output
    done = app.test_cli_runner().invoke(args=["purge", "--apply"])
    assert done.exit_code == 0 and "Erased:" in done.output
    entry = (
        session()
        .scalars(select(AuditEntry).where(AuditEntry.action == "personal_data_purged"))
        .one()
    )
    assert json.loads(entry.event)["details"] == would


@ONE_ENGINE
def test_a_second_purge_does_nothing(world, clock, decided, app):
    a_year_later(clock)
    assert purging.purge(apply=True, now=clock()).figures()
    again, number = stored(), rows()
    assert purging.purge(apply=True, now=clock()).figures() == {}
    assert (stored(), rows()) == (again, number)
    assert "Nothing is due" in app.test_cli_runner().invoke(args=["purge", "--apply"]).output


@ONE_ENGINE
def test_who_still_owns_a_home_keeps_name_and_account(world, clock, decided):
    a_year_later(clock)
    purging.purge(apply=True, now=clock())
    session().expire_all()
    assert session().get_one(Account, world.ground_floor.id).display_name == "杜文斌"
    assert world.owner("杜文斌").name == "杜文斌"
    left = session().get_one(Account, world.sixth_floor.id)
    assert (left.display_name, left.login, left.password_hash) == ("—", None, None)
    assert left.disabled_at is not None


@ONE_ENGINE
def test_papers_of_representatives_go_too(world, clock):
    from tests import votes_world

    motion = votes_world.posted_motion(world)
    bundles_world.name_the_wife(world, motion)
    world.clock.move_to(votes_world.votes.earliest_opening(motion, now=clock()).at)
    with transaction() as current:
        current.execute(update(type(motion.plan)).values(withdrawn_at=clock(), annulled_at=None))
    a_year_later(clock)
    purging.purge(apply=True, now=clock())
    assert list(session().scalars(select(Representative.document))) == [""]


# --- one's own ----------------------------------------------------------------------------------


def test_what_one_takes_along_is_one_s_own_and_whole(world, clock):
    resolution = bundles_world.one_resolution(world)
    _personal_rows(world, resolution)
    voting_rows(world, resolution, LEAVES)
    plan = resolution.plan
    demand.named_answers(world.actor(world.committee), plan, now=clock())
    taken = json.loads(privacy.export(world.actor(world.sixth_floor), now=clock()))
    assert taken["account"]["name"] == LEAVES
    assert [answer["reason"] for answer in taken["answers"][0]["answers"]] == [WORDS[0]]
    assert [one["text"] for one in taken["objections"]] == [WORDS[1]]
    assert [one["choice"] for one in taken["ballots"]] == ["against", "abstain", "agree"]
    assert [one["channel"] for one in taken["ballots"]][-1] == "paper"
    assert all(one["receipt"] and one["nonce"] for one in taken["ballots"])
    assert [one["who"] for one in taken["looked_at"]] == ["居委会 林主任"]
    assert taken["kept"][0]["why"] == "challenge"
    said = json.dumps(taken, ensure_ascii=False)
    # What was prepared and sent back is the committee's; a secret is nobody's to take along.
    assert [word for word in VOTING if word not in said] == list(VOTING[8:])
    assert taken["second_factor"]["recovery_codes_left"] == 1
    other = privacy.export(world.actor(world.next_door), now=clock())
    assert not hits(other)
    staff = json.loads(privacy.export(world.actor(world.committee), now=clock()))
    assert staff["ballots"] == staff["answers"] == staff["mandates"] == []
    sent_back = [one for one in staff["publications"] if one["outcome"] == "sent_back"]
    assert [(one["reason"], one["said"]["place"]) for one in sent_back] == [VOTING[8:10]]


def test_a_correction_is_asked_once_and_answered_once(world, clock):
    actor, committee = world.actor(world.sixth_floor), world.actor(world.committee)
    for _twice in range(2):
        privacy.ask(actor, "面积是 62.35", form_key="a-form-key", now=clock())
    asked = session().scalars(select(PrivacyRequest)).one()
    privacy.answer(committee, asked, "已更正。", now=clock())
    with pytest.raises(NotNow, match="request_answered"):
        privacy.answer(committee, asked, "另一个答复", now=clock())
    assert privacy.own(actor, now=clock()).requests[0].answer == "已更正。"
    for number in range(5):
        privacy.ask(actor, "又一件", form_key=f"form-key-{number}", now=clock())
    with pytest.raises(NotNow, match="requests_waiting"):
        privacy.ask(actor, "第六件", form_key="sixth", now=clock())


@ONE_ENGINE
def test_a_closed_account_opens_nothing_and_the_register_still_names_the_owner(world, clock):
    actor = world.actor(world.sixth_floor)
    privacy.erase(actor, form_key="erase-key", now=clock())
    session().expire_all()
    account = session().get_one(Account, world.sixth_floor.id)
    assert account.display_name == "—" and account.disabled_at == clock()
    grants = session().scalars(select(RoleGrant).where(RoleGrant.account_id == account.id))
    assert all(grant.ended_at == clock() for grant in grants)
    assert world.owner(LEAVES).name == LEAVES
    privacy.erase(actor, form_key="erase-key", now=clock())
    assert len(list(session().scalars(select(PrivacyRequest)))) == 1


@ONE_ENGINE
def test_whoever_acts_for_the_community_must_be_relieved_first(world, clock):
    for account in (world.committee, world.head, world.administrator):
        with pytest.raises(Refused, match="erase_with_role"):
            privacy.erase(world.actor(account), form_key="erase-key", now=clock())


@ONE_ENGINE
def test_an_owner_who_sells_is_out_at_once(world, clock):
    _sells(world)
    assert world.actor(world.sixth_floor).grants_of(Role.RESIDENT) == ()


@ONE_ENGINE
def test_letters_and_tries_go_in_their_own_time(world, clock):
    with transaction() as current:
        current.add(
            AccessCode(
                dwelling_id=world.dwelling("602").id,
                capacity=Capacity.TENANT,
                code_hash="x",
                issued_at=clock(),
                expires_at=clock() + timedelta(days=90),
            )
        )
    clock.move(days=90 + 365)
    assert "letters" not in purging.purge(apply=True, now=clock()).figures()
    clock.move(days=2)
    assert purging.purge(apply=True, now=clock()).figures()["letters"] == 1
