"""Rules beside the ballot: platforms' results, mandates, deliveries, and what ends a resolution."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from domain import deliveries, mandates, platforms, statements
from domain.deliveries import Delivery, Tried
from domain.errors import Refused
from domain.platforms import Part, Totals
from domain.ratios import Matter, Outcome
from domain.statements import IssuedFacts, Standing
from domain.vocabulary import OwnerKind
from domain.voters import Mandate, MandateKind, Voter, VoterKind
from domain.votes import INVALID, Choice

AGREE, AGAINST = Choice.AGREE, Choice.AGAINST
NONE = Part(0, 0)
NOW = datetime(2026, 9, 1, 8, tzinfo=UTC)


def roll(*areas: int) -> list[Voter]:
    return [
        Voter(number, (), frozenset(), area, VoterKind.OWNER)
        for number, area in enumerate(areas, start=1)
    ]


def code(call) -> str:
    with pytest.raises(Refused) as raised:
        call()
    return raised.value.code


# --- official platforms ---------------------------------------------------------------------------


@pytest.mark.rule("platform.one_ballot")
@pytest.mark.trust("1.1")
@pytest.mark.parametrize(
    ("listed", "paper", "counts"),
    [
        (AGREE, AGAINST, AGAINST),
        (AGREE, INVALID, AGREE),
        (INVALID, AGREE, AGREE),
        (INVALID, INVALID, INVALID),
    ],
)
def test_a_voter_on_the_platform_and_on_paper_has_one_ballot(listed, paper, counts):
    assert platforms.combined({1: listed, 2: AGREE}, {1: paper}) == {1: counts, 2: AGREE}


@pytest.mark.rule("platform.totals")
def test_totals_count_as_stated_and_papers_are_added_to_them():
    voters = roll(100, 100, 100, 100)
    totals = Totals(Part(2, 200), Part(1, 100), NONE)
    alone = platforms.count_totals(Matter(7), voters, totals, {})
    assert (alone.persons.agree, alone.area.participating) == (2, 300)
    assert alone.outcome is Outcome.REJECTED
    both = platforms.count_totals(Matter(7), voters, totals, {4: AGREE})
    # Exactly three quarters of four agree, by persons and by area.
    assert (both.persons.participating, both.area.agree) == (4, 300)
    assert both.outcome is Outcome.ADOPTED


@pytest.mark.parametrize(
    ("agree", "votes", "refusal"),
    [
        (Part(5, 500), {}, "platform_exceeds_roll"),
        (Part(4, 1000), {1: AGREE}, "platform_exceeds_roll"),
        # No two voters of this roll have so little, or so much, area together.
        (Part(2, 299), {}, "platform_exceeds_roll"),
        (Part(2, 701), {}, "platform_exceeds_roll"),
        (Part(2, 0), {}, "platform_persons_without_area"),
        (Part(0, 5), {}, "platform_persons_without_area"),
        (Part(-1, -5), {}, "platform_figure_negative"),
    ],
)
def test_totals_that_the_roll_has_no_room_for_are_refused(agree, votes, refusal):
    voters = roll(100, 200, 300, 400)
    totals = Totals(agree, NONE, NONE)
    assert code(lambda: platforms.check_totals(totals, voters, votes)) == refusal


def test_totals_at_the_edge_of_the_roll_fit():
    voters = roll(100, 200, 300, 400)
    for part in (Part(4, 1000), Part(2, 300), Part(2, 700), NONE):
        platforms.check_totals(Totals(part, NONE, NONE), voters, {})
    # An invalid paper leaves its voter to the platform.
    platforms.check_totals(Totals(Part(4, 1000), NONE, NONE), voters, {1: INVALID})


# --- mandates -------------------------------------------------------------------------------------


def drafted(**given) -> mandates.MandateDraft:
    usual = {
        "kind": MandateKind.PROXY,
        "voter": 1,
        "principal": "7",
        "principal_kind": OwnerKind.PERSON,
        "holder": "9",
        "document": "委托书",
        "seen_on": date(2026, 9, 1),
        "not_property_staff": True,
    }
    return mandates.MandateDraft(**(usual | given))


def checked(standing=(), limit=3, **given) -> None:
    mandates.check_mandate(
        drafted(**given),
        standing,
        owners=frozenset({"7", "8"}),
        today=date(2026, 9, 1),
        proxy_limit=limit,
    )


@pytest.mark.rule("mandates.recorded")
@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"kind": MandateKind.REPRESENTATIVE}, "mandate_kind_unknown"),
        ({"document": " "}, "mandate_document_missing"),
        ({"seen_on": date(2026, 9, 2)}, "mandate_seen_later"),
        ({"principal": "6"}, "owner_not_of_voter"),
        ({"holder": "8"}, "mandate_holder_owns"),
        ({"not_property_staff": False}, "proxy_property_staff"),
        ({"kind": MandateKind.COMPANY}, "mandate_of_person"),
        (
            {"kind": MandateKind.HEIR, "principal_kind": OwnerKind.COMPANY},
            "mandate_of_company",
        ),
    ],
)
def test_a_mandate_that_lacks_its_ground_is_refused(given, refusal):
    assert code(lambda: checked(**given)) == refusal


@pytest.mark.rule("mandates.recorded")
def test_one_mandate_at_a_time_stands_for_an_owner_and_proxies_are_few():
    same = Mandate(MandateKind.GUARDIAN, "5", 1, "7", 1)
    assert code(lambda: checked([(same, False)])) == "mandate_stands"
    others = [(Mandate(MandateKind.PROXY, "9", n, str(n), n), True) for n in (2, 3, 4)]
    assert code(lambda: checked(others)) == "proxy_limit"
    checked(others[:2])
    # The limit speaks of proxies: a guardian may hold more, and another person's do not count.
    checked(others, kind=MandateKind.GUARDIAN)
    checked([(one, False) for one, _same in others])


def test_a_ward_and_the_dead_do_not_answer_and_who_gave_a_proxy_still_may():
    proxy = Mandate(MandateKind.PROXY, "9", 1, "7", 1)
    guardian = Mandate(MandateKind.GUARDIAN, "9", 1, "7", 1)
    assert mandates.names_open_to([7], [7], [proxy]) == [7]
    assert mandates.names_open_to([7], [9], [proxy]) == [7]
    assert mandates.names_open_to([7], [7], [guardian]) == []
    assert mandates.names_open_to([7], [9], [guardian]) == [7]
    assert mandates.names_open_to([7, 8], [8], [guardian]) == [8]
    assert mandates.names_open_to([7], [6], [proxy]) == []


# --- deliveries -----------------------------------------------------------------------------------


@pytest.mark.rule("delivery.last_try")
def test_the_last_record_of_a_door_counts_whatever_the_order_they_come_in():
    tries = [
        Tried(1, Delivery.DELIVERED, 3),
        Tried(1, Delivery.UNDELIVERABLE, 1),
        Tried(1, Delivery.REFUSED, 2),
        Tried(2, Delivery.REFUSED, 1),
        Tried(2, Delivery.UNDELIVERABLE, 2),
    ]
    assert deliveries.standing(tries) == {1: Delivery.DELIVERED, 2: Delivery.UNDELIVERABLE}
    found = deliveries.figures([1, 2, 3], tries)
    assert (found.delivered, found.undeliverable, found.refused, found.open) == (1, 1, 0, 1)
    assert found.total == 3


def test_who_was_not_found_gets_a_posted_notice():
    assert code(lambda: deliveries.check_try("undeliverable", " ")) == "posting_place_missing"
    assert code(lambda: deliveries.check_try("agree", "")) == "delivery_unknown"
    assert deliveries.check_try("refused", "") is Delivery.REFUSED


# --- what happens to a resolution -----------------------------------------------------------------


def stated(acts, **given):
    usual = {
        "act": "annulled",
        "authority": "区人民法院",
        "document_number": "(2026)民初1号",
        "document_date": date(2026, 9, 1),
        "reason": "程序违法",
    }
    draft = statements.StatementDraft(**(usual | given))
    return statements.check(draft, acts, today=date(2026, 9, 1))


@pytest.mark.rule("resolution.statements")
def test_a_suspension_is_lifted_and_an_end_is_final():
    assert statements.standing([]) is Standing.VALID
    assert statements.standing(["suspended"]) is Standing.SUSPENDED
    assert statements.standing(["suspended", "resumed"]) is Standing.VALID
    assert statements.standing(["suspended", "annulled"]) is Standing.ANNULLED
    assert stated(["suspended"]) == "annulled"
    for acts, act in (
        (["annulled"], "resumed"),
        (["withdrawn"], "suspended"),
        ([], "resumed"),
        (["suspended"], "suspended"),
    ):
        assert code(lambda acts=acts, act=act: stated(acts, act=act)) == "statement_not_now"


@pytest.mark.parametrize(
    ("given", "refusal"),
    [
        ({"act": "improved"}, "statement_act_unknown"),
        ({"authority": " "}, "statement_line_missing"),
        ({"document_number": "长" * 201}, "statement_line_too_long"),
        ({"reason": ""}, "statement_reason_missing"),
        ({"document_date": date(2026, 9, 2)}, "statement_date_later"),
    ],
)
def test_a_statement_says_by_whose_document_and_why(given, refusal):
    assert code(lambda: stated([], **given)) == refusal


@pytest.mark.rule("plan.resolutions_standing")
def test_a_plan_stands_as_its_resolutions_do():
    later = NOW + timedelta(days=9)

    def issued(*acts):
        return IssuedFacts(NOW, NOW, None, tuple((act, later) for act in acts))

    assert statements.of_plan([issued()], []).in_force_at == NOW
    assert statements.of_plan([issued("suspended"), issued()], []).suspended_at == later
    one_left = statements.of_plan([issued("annulled"), issued()], [])
    assert (one_left.annulled_at, one_left.in_force_at) == (None, NOW)
    ended = statements.of_plan([issued("annulled"), issued("withdrawn")], [NOW])
    assert (ended.annulled_at, ended.in_force_at) == (later, None)
    # Put to the vote anew, the plan goes on by its motions.
    assert statements.of_plan([issued("annulled")], [later]) == statements.OfPlan()
