"""What has happened in 工人新村 so far, told through the services.

3幢 has its resolution, issued to a contractor. 5幢 is voting. 8幢 is being consulted. Who says what
follows from the floor, so that a second loading tells the same story.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from demo import menu as written
from demo.compound import PASSWORD, UNOPENED, Compound
from demo.people import Person, write
from domain.accounts import ANONYMOUS, Capacity
from domain.disclosure import Policy
from domain.menus import OptionDraft, Payer
from domain.objections import Ground
from domain.periods import local_day, start_of
from domain.preferences import ItemAnswerDraft, Stance
from domain.quantities import format_money
from domain.votes import Choice
from extensions import db
from models import instants, votes_queries
from models.accounts_queries import Recipient
from models.database import session
from models.menus import MenuItem, OptionVersion
from models.menus_queries import items_of
from models.plans import Plan
from models.publications import Publication
from models.register import Building, Dwelling, Entrance
from models.resolutions import Resolution
from models.votes import Motion
from services import (
    accounts,
    costs,
    deliveries,
    menus,
    objections,
    plans,
    preferences,
    publications,
    resolutions,
    votes,
)
from services.mandates import Given, give

TEXT = (
    "{place}{item}，采用“{option}”（第{version}版）。总价{price}元，补贴{subsidy}元，余下{rest}。"
)
# One payer: what is voted on says who pays, not who might.
RESTS = {
    Payer.HOUSEHOLDS: "{net}元由业主按公示的分摊办法承担",
    Payer.MAINTENANCE_FUND: "{net}元由维修资金支出，业主不另出钱",
    Payer.STATE: "{net}元由财政资金支出，业主不出钱",
    Payer.OPERATOR: "{net}元由运营单位支出，业主不出钱",
}


class Story(Compound):
    """What happens to the three plans of the compound, until ``until``."""

    def tell(self) -> None:
        """The whole story, and the list of people to try; its own clock says what is in time."""
        with instants.told_at(db.engine, lambda: self.now):
            self._tell()

    def _tell(self) -> None:
        self._found_the_compound()
        third, fifth, eighth = self.community.buildings
        self._hand_out_letters()
        self._third(third)
        self._fifth(fifth)
        self._eighth(eighth)
        self._introduce(third, fifth, eighth)

    # --- a plan ---------------------------------------------------------------------------

    def _published(self, building: Building, days: int) -> Plan:
        lin = self.lin.actor()
        plan = plans.create(lin, building, title=f"{building.name}一栋一策", now=self.now)
        for draft, options in written.MENU:
            item = menus.add_item(lin, plan, draft, now=self.now)
            for option in options:
                menus.add_option(lin, item, option, now=self.now)
        terms = menus.Terms(
            policy=Policy.BANDED,
            threshold=5,
            days=days,
            decision="居民会议记录第 7 号",
            place="各单元门口公告栏",
        )
        made = publications.prepare_menu(
            lin, plan, [building], terms=terms, now=self._wait(hours=1)
        )
        self._released(made)
        return plan

    def _released(self, made: Publication) -> Publication:
        """The second person reads what Lin has prepared and releases it."""
        zhou, now = self.zhou.actor(), self._wait(minutes=40)
        parts = publications.waiting(zhou, made, now=now).sections
        return publications.release(zhou, made, now=now, read=parts)

    def _answers(self, plan: Plan, *, every: int = 1) -> None:
        """The households of a building answer; each ``every``-th door stays silent when above 1."""
        items = items_of(plan.id)
        for place, dwelling in enumerate(self._dwellings(plan.building), start=1):
            if every > 1 and place % every == 0:
                continue
            for capacity in Capacity:
                actor = self._household(dwelling, capacity)
                if actor is ANONYMOUS:
                    continue
                preferences.send(
                    actor,
                    plan,
                    dwelling.id,
                    {item.id: _word(item, dwelling) for item in items},
                    revision=0,
                    now=self._wait(minutes=25),
                )

    def _version(self, plan: Plan, option: OptionDraft) -> OptionVersion:
        return next(
            found
            for item in items_of(plan.id)
            for one in item.options
            if (found := one.published) is not None and found.title == option.title
        )

    def _motion(self, plan: Plan, option: OptionDraft, entrance: Entrance | None) -> Motion:
        lin, version = self.lin.actor(), self._version(plan, option)
        item, bill = version.option.item, costs.price(version)
        place = f"{plan.building.name}{entrance.name if entrance else ''}"
        motion = votes.draft(
            lin,
            version,
            entrance=entrance,
            title=f"{place}{item.title}",
            text=TEXT.format(
                place=place,
                item=item.title,
                option=version.title,
                version=version.number,
                price=format_money(bill.total, grouped=True),
                subsidy=format_money(bill.subsidy, grouped=True),
                rest=RESTS[Payer(version.payer)].format(net=format_money(bill.net, grouped=True)),
            ),
            matter=item.matter,
            now=self._wait(minutes=30),
        )
        votes.post_roll(lin, motion, now=self._wait(minutes=30))
        return motion

    def _announced(self, motions: list[Motion], *, closes_at: datetime | None = None) -> None:
        for motion in motions:
            opens_at = votes.earliest_opening(motion, now=self.now).at
            made = publications.prepare_vote(
                self.lin.actor(),
                motion,
                opens_at=opens_at,
                closes_at=closes_at or opens_at + timedelta(days=7),
                now=self.now,
                place="各单元门口公告栏",
            )
            publications.release(self.zhou.actor(), made, now=self.now)

    def _ballots(self, motion: Motion, choices: dict[int, Choice], *, first: int = 99) -> None:
        """Owners vote by floor (``choices``: floor → choice, the others do not vote)."""
        doors = [d for d in self._dwellings(motion.plan.building) if d.floor in choices]
        if motion.entrance_id is not None:
            doors = [d for d in doors if d.entrance_id == motion.entrance_id]
        done: set[int | None] = set()
        for dwelling in doors[:first]:
            actor = self._household(dwelling)
            if actor is ANONYMOUS or actor.account_id in done:
                continue
            done.add(actor.account_id)
            votes.cast(
                actor,
                motion,
                choices[dwelling.floor],
                form_key=self._form_key(),
                now=self._wait(minutes=7),
            )

    # --- the three buildings --------------------------------------------------------------

    def _third(self, building: Building) -> None:
        """3幢: adopted in entrance 1 and for the lights, rejected in entrance 2; issued."""
        plan = self._published(building, 10)
        self._answers(plan)
        self._settle_objection(plan)
        if plan.consultation_closes_at is not None:
            self._wait_until(plan.consultation_closes_at)
        self._wait(hours=9)
        first, second = building.entrances
        shaft = written.SHAFT
        motions = [
            self._motion(plan, shaft, first),
            self._motion(plan, shaft, second),
            self._motion(plan, written.LED, None),
        ]
        self._announced(motions)
        self._wait_until(max(m.opens_at for m in motions if m.opens_at))
        agree = dict.fromkeys(range(2, 7), Choice.AGREE)
        self._ballots(motions[0], {1: Choice.AGAINST, **agree})
        against = dict.fromkeys((1, 2, 3), Choice.AGAINST)
        self._ballots(motions[1], {**agree, **against})
        self._ballots(motions[2], {1: Choice.AGREE, **agree})
        self._wait_until(max(m.closes_at for m in motions if m.closes_at))
        self._wait(hours=9)
        lin = self.lin.actor()
        for motion in motions:
            votes.count(lin, motion, now=self._wait(minutes=5))
        made = publications.prepare_resolution(lin, plan, now=self._wait(hours=2))
        number = self._released(made).result
        issued = session().scalars(select(Resolution).where(Resolution.number == number)).one()
        if issued.in_force_at <= self.until:
            self._wait_until(issued.in_force_at)
            resolutions.issue_requirements(lin, issued, self.company, now=self._wait(hours=10))

    def _settle_objection(self, plan: Plan) -> None:
        item, option = self._elevator(plan)
        ground_floor = next(d for d in self._dwellings(plan.building) if d.room == "101")
        raised = objections.submit(
            self._household(ground_floor),
            item,
            option.option,
            ground=Ground.LIGHT,
            body="井道贴着厨房窗户，担心白天也要开灯；夜里施工也受不了。",
            form_key=self._form_key(),
            now=self._wait(hours=3),
        )
        lin = self.lin.actor()
        objections.answer(
            lin,
            raised,
            "已请设计单位核算：井道改用透明玻璃并外移，厨房采光满足规范；夜间不施工。",
            now=self._wait(hours=20),
        )
        objections.accept_with_condition(
            lin,
            raised,
            option.option,
            "井道采用透明玻璃，距厨房窗不少于 1.5 米；19 时至次日 8 时不施工。",
            note="方案已修改：井道透明并外移，夜间不施工",
            now=self._wait(hours=2),
        )

    def _elevator(self, plan: Plan) -> tuple[MenuItem, OptionVersion]:
        version = self._version(plan, written.SHAFT)
        return version.option.item, version

    def _fifth(self, building: Building) -> None:
        """5幢: the vote on the elevator is open in all three entrances."""
        self.now = self.until - timedelta(days=48)
        plan = self._published(building, 10)
        self._answers(plan, every=6)
        if plan.consultation_closes_at is not None:
            self._wait_until(plan.consultation_closes_at)
        self._wait(hours=9)
        motions = [self._motion(plan, written.SHAFT, one) for one in building.entrances]
        self._announced(motions, closes_at=start_of(local_day(self.until) + timedelta(days=6)))
        self._wait_until(max(m.opens_at for m in motions if m.opens_at))
        agree = dict.fromkeys(range(1, 7), Choice.AGREE)
        self._ballots(motions[0], agree, first=5)
        self._ballots(motions[1], {1: Choice.AGAINST, 4: Choice.AGREE, 5: Choice.AGREE})
        self._at_the_doors(motions[0])

    def _at_the_doors(self, motion: Motion) -> None:
        """The stairwell head has been at some doors; somebody abroad has given a proxy."""
        head = self.head.actor()
        self._wait(hours=10)
        for number in (1, 2, 4):
            deliveries.note(head, motion, number, "delivered", now=self._wait(minutes=4))
        place = {"place": "贴在门上，已拍照"}
        deliveries.note(head, motion, 5, "undeliverable", now=self._wait(minutes=4), **place)
        roll = votes_queries.newest_roll(motion.id)
        voter = next(one for one in roll.voters if one.number == 3) if roll else None
        if voter is None or not voter.owners:
            return
        given = Given(
            kind="proxy",
            principal_id=voter.owners[0].owner_id,
            holder_owner_id=None,
            holder_name="女儿 沈静",
            document="委托书，档案 12 号",
            seen_on=local_day(self.now),
            not_property_staff=True,
        )
        give(self.lin.actor(), voter, given, now=self._wait(minutes=30))

    def _eighth(self, building: Building) -> None:
        """8幢: the consultation is running, one objection waits for its answer."""
        self.now = self.until - timedelta(days=4)
        plan = self._published(building, 12)
        self._answers(plan, every=3)
        item, option = self._elevator(plan)
        ground_floor = next(d for d in self._dwellings(building) if d.room == "102")
        objections.submit(
            self._household(ground_floor),
            item,
            option.option,
            ground=Ground.NOISE,
            body="机房和轿厢就在我家墙外，夜里有人进出会不会吵？",
            form_key=self._form_key(),
            now=self._wait(hours=5),
        )

    # --- who can be tried -----------------------------------------------------------------

    def _introduce(self, third: Building, fifth: Building, eighth: Building) -> None:
        staff = (
            (self.lin, "lin", "居委会主任，发布、答复、计票", "residents' committee, runs it all"),
            (self.zhou, "zhou", "居委会第二人，复核", "committee, the second pair of eyes"),
            (self.head, "cui", "5幢1单元楼组长", "stairwell head of building 5, entrance 1"),
            (self.contractor, "anju", "施工单位，看需求清单", "contractor, sees requirements"),
            (self.shen, "shen", "审计人员", "auditor, reads the log"),
            (self.administrator, "admin", "系统管理员，没有表决权", "administrator, has no vote"),
        )
        for account, login, zh, en in staff:
            sign_in = f"{login} / {PASSWORD}"
            self.people.append(Person(account.id, account.display_name, zh, en, sign_in))
        self._introduce_household(fifth, "601", "5幢1单元601，可以投票", "sixth floor, can vote")
        self._introduce_household(fifth, "102", "5幢1单元102，一楼", "ground floor, can vote")
        self._introduce_household(eighth, "101", "8幢101，可以填意愿", "can answer the menu")
        self._introduce_household(eighth, "102", "8幢102，提了异议", "has objected")
        self._introduce_household(third, "602", "3幢1单元602，看决议", "reads the resolution")
        self._introduce_letters(fifth, eighth)
        write(self.people)

    def _introduce_household(self, building: Building, room: str, zh: str, en: str) -> None:
        dwelling = next(d for d in self._dwellings(building) if d.room == room)
        account = self.households.get((dwelling.id, Capacity.OWNER))
        if account is not None:
            self.people.append(Person(account.id, account.display_name, zh, en, "/demo"))

    def _introduce_letters(self, *buildings: Building) -> None:
        """Fresh letters for the doors whose first ones lie unopened."""
        doors = [
            d
            for building in buildings
            for d in self._dwellings(building)
            if (building.key, d.room) in UNOPENED
        ]
        self.now = self.until
        recipients = [Recipient(d.id, Capacity.OWNER, _first_owner(d)) for d in doors]
        letters = accounts.issue_letters(
            self.lin.actor(), recipients, key=self.key, now=self.now, replace=True
        )
        for letter in letters:
            where = f"{letter.building}{letter.entrance}{letter.room}"
            self.people.append(
                Person(0, letter.addressee, f"{where}，信还没有拆", "unopened letter", letter.code)
            )


def _first_owner(dwelling: Dwelling) -> int:
    return min(ownership.owner_id for ownership in dwelling.ownerships)


def _word(item: MenuItem, dwelling: Dwelling) -> ItemAnswerDraft:
    """What a household says about an item: the higher, the more it wants the elevator."""
    options = tuple(option.id for option in item.options)
    if item.title != written.ELEVATOR.title:
        liked = (dwelling.floor + dwelling.id + item.position) % 4
        stance = (Stance.NEED, Stance.NEED, Stance.ACCEPT, Stance.INDIFFERENT)[liked]
        return ItemAnswerDraft(stance=stance, ranking=options)
    if dwelling.floor <= 1:
        if dwelling.id % 2:
            return ItemAnswerDraft(stance=Stance.OPPOSE, reason="挡光，也用不上")
        return ItemAnswerDraft(stance=Stance.ACCEPT, ranking=options)
    if dwelling.floor == 2:
        return ItemAnswerDraft(stance=Stance.INDIFFERENT)
    stance = Stance.NEED if dwelling.floor >= 4 else Stance.ACCEPT
    most = (10_000 + 8_000 * dwelling.floor) * 100
    return ItemAnswerDraft(stance=stance, ranking=options, max_pay=most)
