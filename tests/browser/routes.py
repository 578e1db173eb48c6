"""Every page of the program: what the route list names, filled in from the compound.

For each GET rule one of the staff and one of the households are given the first address that
answers them with a page. A rule that nobody can open is a fault, unless ``NO_PAGE`` says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, product

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import Client

from blueprints.shared import access
from demo import menu
from domain.accounts import ANONYMOUS, Capacity, Permission
from models.accounts import Account, Company
from models.base import Base
from models.database import session
from models.mandates import Mandate
from models.menus import MenuItem, OptionVersion
from models.objections import Objection
from models.preferences import AnswerSheet
from models.privacy import PrivacyRequest
from models.publications import Publication
from models.register import Community, Owner, RosterImport
from models.resolutions import RequirementIssue, Resolution
from models.votes import Ballot, PaperSheet, RollVoter
from services.audit import plan_chain
from tests.browser import compound
from tests.browser.live import Live

NO_PAGE = {
    "home.language": "sets a cookie and leads back",
    "home.comfort": "sets a cookie and leads back",
    "accounts.letters": "leads to the only community",
    "accounts.index": "leads to the only community",
    "votes.my_vote": "leads to the page of the newest plan",
    # No building of the compound waits for its resolution; the journey and
    # tests/web/test_resolutions_draft.py read the draft.
    "resolutions.draft_print": "no building of the compound has a draft",
    "resolutions.draft_figure": "no building of the compound has a draft",
    "resolutions.draft_figure_csv": "no building of the compound has a draft",
}
# Shown to whoever builds pages, with every part there is on one page.
NOT_FOR_HOUSEHOLDS = ("home.styleguide",)
# Pages that look different at every stage: staff visit all the addresses known for them …
AT_EVERY_STAGE = ("plans.show", "votes.motion", "menus.compose", "objections.show")
# … and so does each of these readers, each of whom lives at one stage.
FOR_EVERY_READER = {
    "home.index": (
        "lin",
        "voter",
        "voted",
        "answering",
        "objector",
        "decided",
        "tenant",
        "anju",
        "admin",
        "cui",
    ),
    "plans.show": ("answering", "decided"),
    "menus.menu": ("answering", "decided"),
    "preferences.answer": ("answering",),
    "preferences.summary": ("answering",),
    "preferences.demand": ("decided",),
    "votes.motion": ("voted", "decided"),
    "votes.ballot": ("voted",),
    "votes.mine": ("voter", "voted", "decided", "tenant"),
    "objections.show": ("objector",),
    "publications.show": ("lin", "zhou"),
    "privacy.own": ("voter", "lin"),
    "accounts.second_factor": ("lin", "zhou"),
    "resolutions.of_plan": ("decided",),
    "resolutions.public_page": ("lin", "decided"),
}
# Who reads, in the order in which they are tried.
STAFF = ("lin", "zhou", "shen", "admin", "cui", "anju")
HOUSEHOLDS = ("voter", "voted", "answering", "objector", "decided", "tenant")
STRANGER = "stranger"
HTML = "text/html"


@dataclass(frozen=True)
class Visit:
    """A page to look at: whose eyes, which address."""

    endpoint: str
    reader: str
    path: str

    @property
    def by_household(self) -> bool:
        reads = self.reader in HOUSEHOLDS or self.reader == STRANGER
        return reads and self.endpoint not in NOT_FOR_HOUSEHOLDS

    def __str__(self) -> str:
        return f"{self.endpoint} {self.path} ({self.reader})"


def people() -> dict[str, int | None]:
    """Reader → account; the stranger has none."""
    found: dict[str, int | None] = {login: compound.staff(login).id for login in STAFF}
    found["voter"] = compound.household("5", "601").id
    found["voted"] = compound.household("5", "101").id
    found["answering"] = compound.household("8", "101").id
    found["objector"] = compound.household("8", "102").id
    found["decided"] = compound.household("3", "602").id
    found["tenant"] = compound.household("3", "302", capacity=Capacity.TENANT).id
    found[STRANGER] = None
    return found


def _ids(model: type[Base], *where: object) -> list[int]:
    return list(session().scalars(select(model.id).where(*where).order_by(model.id)))  # type: ignore[attr-defined,arg-type]


def candidates(who: dict[str, int | None]) -> dict[str, list[object]]:
    """Argument of a rule → values to try, those in the liveliest state first."""
    plans = [compound.plan_of(building) for building in ("8", "5", "3", "9")]
    motions = [
        compound.motion_on("5", menu.SHAFT.title, "1"),
        compound.motion_on("3", menu.SHAFT.title, "1"),
        compound.motion_on("3", menu.SHAFT.title, "2"),
        compound.motion_on("5", menu.SEATS.title),
        compound.motion_on("5", menu.SHED.title),
    ]
    open_roll = motions[0].rolls[-1].id
    options = [
        compound.option_of(plan, option.title)
        for plan, option in (
            (plans[0], menu.SHAFT),
            (plans[0], menu.SEATS),
            (plans[1], menu.SHAFT),
            (plans[3], menu.SHAFT),
        )
    ]
    items = [option.item for option in options]
    versions = [version.id for option in options for version in option.versions]
    motion_versions = session().scalars(
        select(OptionVersion.id)
        .join(OptionVersion.option)
        .join(MenuItem)
        .where(MenuItem.plan_id == plans[1].id, OptionVersion.published_at.is_not(None))
        .order_by(OptionVersion.id)
    )
    sheets = session().scalars(
        select(PaperSheet).where(PaperSheet.motion_id == motions[0].id).order_by(PaperSheet.number)
    )
    numbers = [sheet.number for sheet in sheets]
    resolution = session().scalars(select(Resolution)).one()
    door = compound.household("5", "601").grants[0].dwelling
    assert door is not None
    return {
        "community_id": list(_ids(Community)),
        "building_id": [plans[1].building_id, plans[3].building_id],
        "entrance_id": [door.entrance_id],
        "dwelling_id": [door.id],
        "owner_id": [door.ownerships[0].owner_id, *_ids(Owner)],
        "company_id": list(_ids(Company)),
        "import_id": list(reversed(_ids(RosterImport))),
        "plan_id": [plan.id for plan in plans],
        "item_id": [item.id for item in items],
        "option_id": [option.id for option in options],
        "version_id": [*motion_versions, *versions],
        "objection_id": list(_ids(Objection)),
        "motion_id": [motion.id for motion in motions],
        "voter_id": list(_ids(RollVoter, RollVoter.roll_id == open_roll)),
        "number": numbers[:2],
        "mandate_id": list(_ids(Mandate)),
        "position": [1],
        "receipt": [
            *session().scalars(select(Ballot.receipt).where(Ballot.account_id == who["voted"])),
            *session().scalars(
                select(AnswerSheet.receipt).where(AnswerSheet.account_id == who["answering"])
            ),
        ],
        "resolution_id": [resolution.id],
        "request_id": list(_ids(PrivacyRequest)),
        # What waits is the newest.
        "publication_id": list(reversed(_ids(Publication))),
        "issue_id": list(_ids(RequirementIssue)),
        "key": [resolution.number, resolution.digest],
        "name": ["majority-1", "cost-1"],
        "chain": [plan_chain(plans[2].id)],
        "code": ["ABCD-EFGH-JKLM"],
    }


class RouteList:
    """Finds, with a plain client, which address shows whom a page."""

    def __init__(self, live: Live) -> None:
        self.live = live
        self.app: Flask = live.app
        with live.inside():
            self.people = people()
            self.values = candidates(self.people)
            self.actors = {
                reader: session().get_one(Account, who).actor() if who else ANONYMOUS
                for reader, who in self.people.items()
            }
        self.known: dict[tuple[str, str], tuple[int, str]] = {}
        self.clients = {reader: self._client(live, who) for reader, who in self.people.items()}
        self.visits, self.closed = self._found()

    def _client(self, live: Live, account_id: int | None) -> Client:
        client = live.app.test_client()
        if account_id is not None:
            client.set_cookie("louyi", live.cookie(account_id))
        return client

    def _rules(self) -> list[Rule]:
        """The rules that answer GET, in the order of their addresses."""
        rules = (rule for rule in self.app.url_map.iter_rules() if "GET" in (rule.methods or ()))
        return sorted(rules, key=lambda rule: rule.rule)

    def _may(self, reader: str, endpoint: str) -> bool:
        """Whether it is worth trying."""
        needed = access.rule_of(self.app, endpoint)
        if isinstance(needed, Permission):
            return self.actors[reader].may_anywhere(needed)
        return needed == "public" or reader != STRANGER

    def _addresses(self, rule: Rule) -> Iterator[str]:
        names = sorted(rule.arguments)
        missing = [name for name in names if name not in self.values]
        assert not missing, f"{rule.rule}: nothing known for {missing}; add it to candidates"
        for chosen in product(*(self.values[name] for name in names)):
            built = rule.build(dict(zip(names, chosen, strict=True)))
            assert built is not None
            yield built[1]

    def _answers(self, rule: Rule, readers: Iterable[str]) -> Iterator[tuple[Visit, str]]:
        """What these readers can open at this rule, with its media type."""
        for reader in readers:
            if not self._may(reader, rule.endpoint):
                continue
            for path in self._addresses(rule):
                status, kind = self._answer(reader, path)
                if status == 200:
                    yield Visit(rule.endpoint, reader, path), kind

    def _answer(self, reader: str, path: str) -> tuple[int, str]:
        """Status and media type; asked once."""
        if (reader, path) not in self.known:
            answer = self.clients[reader].get(path, headers={"Accept-Language": "zh-CN"})
            answer.close()
            self.known[reader, path] = answer.status_code, answer.mimetype
        return self.known[reader, path]

    def _pages(self, rule: Rule, *readers: str, every: bool = False) -> list[Visit]:
        """The first page one of these readers can open, or every one."""
        answers = (visit for visit, kind in self._answers(rule, readers) if kind == HTML)
        return list(answers if every else islice(answers, 1))

    def _worth_seeing(self, rule: Rule) -> Iterator[Visit]:
        """A public page as a stranger sees it, any other as one of the staff and a household do."""
        if access.rule_of(self.app, rule.endpoint) == "public":
            yield from self._pages(rule, STRANGER)
        else:
            yield from self._pages(rule, *STAFF)
            yield from self._pages(rule, *HOUSEHOLDS)
        if rule.endpoint in AT_EVERY_STAGE:
            yield from self._pages(rule, STAFF[0], every=True)
        for reader in FOR_EVERY_READER.get(rule.endpoint, ()):
            yield from self._pages(rule, reader)

    def _found(self) -> tuple[list[Visit], list[str]]:
        """The pages to look at, and the rules that nobody could open."""
        found: list[Visit] = []
        closed: list[str] = []
        for rule in self._rules():
            if rule.endpoint in NO_PAGE:
                continue
            first = next(self._answers(rule, (*STAFF, *HOUSEHOLDS, STRANGER)), None)
            if first is None:
                closed.append(f"{rule.endpoint} {rule.rule}")
            elif first[1] == HTML:
                found += self._worth_seeing(rule)
        return list(dict.fromkeys(found)), closed
