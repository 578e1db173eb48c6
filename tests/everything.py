"""One row of everything a building can have, for tests that visit or break each kind of thing.

``Everything(world, building)`` makes a plan with its menu, an announced motion with roll, ballot
and paper, an objection, answers, a resolution handed to a company, and what else there is, straight
through the models. ``row`` fills in what a test does not care about: a new column needs no change.
"""

from __future__ import annotations

import hashlib
import itertools
import json
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import JSON, BigInteger, Boolean, Column, Integer, LargeBinary, String

from domain.accounts import Role
from domain.audit import GENESIS, canonical_event, link
from domain.resolutions import PAPERS
from models.accounts import AccessCode, Account, CodeAttempt, Company, RoleGrant, SignIn
from models.audit import AuditEntry
from models.base import UTCDateTime
from models.deliveries import Delivery
from models.mandates import BallotMandate, Mandate, PaperDetail
from models.menus import MenuItem, Option, OptionVersion, Picture
from models.objections import Objection
from models.paper_boxes import BoxReading, LatePaper, PaperBox
from models.plans import DemandRelease, Notice, Plan
from models.platforms import PlatformResult
from models.preferences import AnswerSheet, ItemAnswer, OptionRanking
from models.privacy import Erasure, PrivacyRequest
from models.publications import Publication
from models.put_away import PutAway
from models.register import Building, Dwelling, HeaderMapping, RosterImport
from models.resolutions import RequirementIssue, Resolution, ResolutionMotion
from models.statements import Statement
from models.votes import (
    Ballot,
    Motion,
    MotionCount,
    PaperEntry,
    PaperSheet,
    Representative,
    Roll,
    RollDwelling,
    RollOwner,
    RollVoter,
)
from services.transaction import transaction
from tests.world import World

_numbers = itertools.count(1)
PUBLIC_KEY = (
    Ed25519PrivateKey.from_private_bytes(b"a key for tests, known to all!!!")
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    .decode()
)


def unique(prefix: str = "x") -> str:
    """A text that no other row has."""
    return f"{prefix}-{next(_numbers):06d}"


def _filler(column: Column[Any], now: object) -> object:
    if isinstance(column.type, UTCDateTime):
        return now
    if isinstance(column.type, Boolean):
        return False
    if isinstance(column.type, Integer | BigInteger):
        return 1
    if isinstance(column.type, LargeBinary):
        return b"%PDF"
    if isinstance(column.type, JSON):
        return {}
    if isinstance(column.type, String):
        return unique(column.name[:12])
    raise LookupError(f"give {column} a value: {column.type} is not known here")


class Everything:
    """The rows, each under the name that its URL argument has (``plan_id`` → ``plan``)."""

    def __init__(self, world: World, building: Building, *, company: Company | None = None) -> None:
        self.world = world
        self.now = world.now
        with transaction() as session:
            self.session = session
            self.building = session.get_one(Building, building.id)
            self.community = self.building.community
            self.entrance = self.building.entrances[0]
            self.dwelling: Dwelling = self.entrance.dwellings[-1]
            self.owner = self.dwelling.ownerships[0].owner
            self.staff = self._staff()
            self._menu()
            self._answers()
            self._vote()
            self._publications()
            self._resolution(company)
            self._community_things()
            session.flush()
        del self.session

    def row(self, model: type[Any], **given: Any) -> Any:
        """A row of this table, stored; columns that must be filled and are not given are."""
        for column in model.__table__.columns:
            optional = column.nullable or column.default is not None or column.primary_key
            name = model.__mapper__.get_property_by_column(column).key
            if not (optional or name in given or column.foreign_keys):
                given[name] = _filler(column, self.now)
        made = model(**given)
        self.session.add(made)
        self.session.flush()
        return made

    def _staff(self) -> Account:
        account = self.row(Account, display_name="名册 王", login=unique("staff"))
        self.grant = self.row(
            RoleGrant, account=account, role=Role.COMMITTEE, community_id=self.community.id
        )
        return account  # type: ignore[no-any-return]

    def _menu(self) -> None:
        day = timedelta(days=1)
        self.plan: Plan = self.row(
            Plan,
            building_id=self.building.id,
            title="一栋一策",
            menu_published_at=self.now - day,
            consultation_closes_at=self.now + 20 * day,
            bands=[[1, 3], [4, 7]],
        )
        self.item: MenuItem = self.row(
            MenuItem,
            plan_id=self.plan.id,
            item_class="improve",
            matter=7,
            unit="台",
            decided_by="building",
            title="加装电梯",
        )
        self.option: Option = self.row(Option, item_id=self.item.id)
        self.picture = self.row(
            Picture, media_type="image/png", content=b"\x89PNG", sha256=unique("sha")
        )
        self.version = self._version(self.option, published_at=self.now - day)
        self.draft_option: Option = self.row(Option, item_id=self.item.id, position=2)
        self.draft = self._version(self.draft_option, published_at=None)

    def _version(self, option: Option, **given: Any) -> OptionVersion:
        made: OptionVersion = self.row(
            OptionVersion,
            option_id=option.id,
            title="贴墙井道电梯",
            quantity=100,
            unit_price=70_000_000,
            payer="households",
            subsidy={"kind": "fixed", "amount": "300000.00"},
            scheme={"kind": "area", "within": "area"},
            picture_id=self.picture.id,
            **given,
        )
        return made

    def _answers(self) -> None:
        self.sheet: AnswerSheet = self.row(
            AnswerSheet, plan_id=self.plan.id, dwelling_id=self.dwelling.id, capacity="owner"
        )
        self.answer = self.row(ItemAnswer, sheet_id=self.sheet.id, item_id=self.item.id)
        self.ranking = self.row(OptionRanking, answer_id=self.answer.id, option_id=self.option.id)
        self.objection: Objection = self.row(
            Objection,
            plan_id=self.plan.id,
            item_id=self.item.id,
            account_id=self.staff.id,
            dwelling_id=self.dwelling.id,
            capacity="owner",
            ground="light",
            body="挡光",
        )
        self.release = self.row(
            DemandRelease, plan_id=self.plan.id, figures={"sheets": {}}, answers=0
        )

    def _vote(self) -> None:
        hour, staff = timedelta(hours=1), self.staff.id
        self.motion: Motion = self.row(
            Motion,
            plan_id=self.plan.id,
            option_version_id=self.version.id,
            title="加装电梯",
            text="加装电梯一台。",
            matter=7,
            channel="in_app",
            announced_at=self.now - 2 * hour,
            notice_days=10,
            opens_at=self.now - hour,
            closes_at=self.now + timedelta(days=7),
        )
        self.drafted: Motion = self.row(
            Motion,
            plan_id=self.plan.id,
            number=2,
            option_version_id=self.version.id,
            matter=7,
            channel="in_app",
        )
        self.notice = self.row(
            Notice,
            plan_id=self.plan.id,
            kind="vote",
            ends_at=self.now + timedelta(days=10),
            audit_digest=GENESIS,
        )
        self.roll_notice = self.row(
            Notice,
            plan_id=self.plan.id,
            motion_id=self.motion.id,
            kind="roll",
            ends_at=self.now + timedelta(days=10),
            audit_digest=GENESIS,
        )
        self.roll = self.row(Roll, motion_id=self.motion.id)
        self.voter: RollVoter = self.row(RollVoter, roll_id=self.roll.id, kind="person", area=6235)
        self.roll_dwelling = self.row(
            RollDwelling,
            voter_id=self.voter.id,
            dwelling_id=self.dwelling.id,
            area_source="register",
        )
        self.roll_owner = self.row(RollOwner, voter_id=self.voter.id, owner_id=self.owner.id)
        of_vote = {"motion_id": self.motion.id, "voter_id": self.voter.id}
        by_owner = of_vote | {"owner_id": self.owner.id}
        self.representative = self.row(
            Representative, voter_id=self.voter.id, owner_id=self.owner.id
        )
        self.ballot = self.row(
            Ballot, **by_owner, account_id=staff, choice="agree", channel="in_app"
        )
        self.paper = self.row(PaperSheet, **of_vote, printed_by=staff, number=1)
        self.paper_entry = self.row(
            PaperEntry, **by_owner, sheet_id=self.paper.id, choice="agree", entered_by=staff
        )

        self._duties(of_vote, staff)

    def _duties(self, of_vote: dict[str, int], staff: int) -> None:
        self.mandate = self.row(
            Mandate,
            **of_vote,
            owner_id=self.owner.id,
            kind="proxy",
            seen_on=self.now.date(),
            not_property_staff=True,
            recorded_by=staff,
            withdrawn_at=self.now,
            withdrawn_by=staff,
        )
        self.ballot_mandate = self.row(
            BallotMandate, ballot_id=self.ballot.id, mandate_id=self.mandate.id
        )
        self.paper_detail = self.row(PaperDetail, entry_id=self.paper_entry.id)
        of_motion = {"motion_id": self.motion.id}
        none: dict[str, Any] = dict.fromkeys(PAPERS, 0)
        self.box_reading = self.row(BoxReading, **of_motion, read_by=staff, agreed_at=self.now)
        self.paper_box = self.row(PaperBox, **of_motion, **none, serials="", state="missed")
        late = {"sheet_id": self.paper.id, "handed_in": self.now.date(), "recorded_by": staff}
        self.late_paper = self.row(LatePaper, **of_motion, **late)
        self.delivery = self.row(Delivery, **of_vote, outcome="delivered", account_id=staff)
        self.put_away = self.row(PutAway, motion_id=self.motion.id, put_away_by=staff)
        self.platform_result = self.row(
            PlatformResult,
            motion_id=self.motion.id,
            document_date=self.now.date(),
            form="totals",
            papers="apart",
            entered_by=staff,
            rejected_at=self.now,
        )

    def _publications(self) -> None:
        """A resolution that waits for its second person, and an announcement that was released."""
        prepared = {"plan_id": self.plan.id, "arguments": {}, "prepared_by": self.staff.id}
        self.publication: Publication = self.row(Publication, kind="resolution", **prepared)
        releaser = self.row(Account, display_name="名册 赵", login=unique("staff"))
        self.released: Publication = self.row(
            Publication,
            kind="vote",
            motion_id=self.motion.id,
            outcome="released",
            ended_at=self.now,
            ended_by=releaser.id,
            **prepared,
        )

    def _resolution(self, company: Company | None) -> None:
        number = unique("决")
        document = json.dumps(_document(number, self.community.name, self.building.name))
        self.resolution: Resolution = self.row(
            Resolution,
            plan_id=self.plan.id,
            number=number,
            document=document,
            digest=hashlib.sha256(document.encode()).hexdigest(),
            in_force_at=self.now - timedelta(days=1),
            public_key=PUBLIC_KEY,
        )
        self.resolved = self.row(
            ResolutionMotion, resolution_id=self.resolution.id, motion_id=self.motion.id
        )
        self.statement = self.row(
            Statement,
            resolution_id=self.resolution.id,
            act="suspended",
            document="{}",
            document_date=self.now.date(),
        )
        self.company = company or self.row(
            Company, community_id=self.community.id, name=unique("公司")
        )
        self.issue = self.row(
            RequirementIssue, resolution_id=self.resolution.id, company_id=self.company.id
        )
        self.own_company = self.row(
            Company, community_id=self.community.id, name=unique("本区公司")
        )

    def counted(self) -> MotionCount:
        """The count of the motion: a page would want its document whole, so only on request."""
        with transaction() as self.session:
            made: MotionCount = self.row(
                MotionCount, motion_id=self.motion.id, outcome="adopted", document="{}"
            )
        del self.session
        return made

    def _community_things(self) -> None:
        chain = f"plan:{self.plan.id}"
        event = canonical_event("plan_created", self.now, None, {"plan": self.plan.id})
        self.entry = self.row(
            AuditEntry,
            chain=chain,
            seq=1,
            action="plan_created",
            event=event,
            previous=GENESIS,
            digest=link(1, GENESIS, event),
        )
        self.chain = chain
        self.imported = self.row(
            RosterImport,
            community_id=self.community.id,
            file_name="名册.csv",
            tables=[],
            reading={},
        )
        self.mapping = self.row(
            HeaderMapping, community_id=self.community.id, header=unique("列"), field="area"
        )
        self.code = self.row(
            AccessCode,
            dwelling_id=self.dwelling.id,
            capacity="owner",
            owner_id=self.owner.id,
            expires_at=self.now + timedelta(days=90),
        )
        self.attempt = self.row(CodeAttempt, subject="code", at=self.now - timedelta(hours=1))
        self.request = self.row(
            PrivacyRequest,
            community_id=self.community.id,
            account_id=self.staff.id,
            kind="correction",
        )
        self.erasure = self.row(Erasure, plan_id=self.plan.id, until=self.now - timedelta(days=1))
        self.sign_in = self.row(
            SignIn, account_id=self.staff.id, expires_at=self.now + timedelta(hours=12)
        )


def _document(number: str, community: str, building: str) -> dict[str, object]:
    return {
        "number": number,
        "community": community,
        "building": building,
        "issued_at": "2026-08-01T09:00:00+08:00",
        "in_force_at": "2026-08-12T00:00:00+08:00",
        "notice_days": 10,
        "motions": [],
        "not_adopted": [],
        "objections": [],
        "corrects": None,
        "demand": [],
        "disclosure": {"policy": "banded", "threshold": 10, "exact_areas": False},
        "audit": {"seq": 1, "digest": "cd" * 32},
    }
