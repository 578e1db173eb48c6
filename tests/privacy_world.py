"""Words that name somebody, in every table that has some, for tests of erasure that search them."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update

from domain.accounts import Capacity
from models.accounts import Account
from models.deliveries import Delivery
from models.mandates import Mandate, PaperDetail
from models.objections import Objection
from models.platforms import PlatformResult
from models.preferences import AnswerSheet, ItemAnswer
from models.publications import Publication
from models.register import Ownership, RosterImport
from models.resolutions import Resolution
from models.second_factor import RecoveryCode, SecondFactor
from models.votes import PaperEntry, PaperSheet, RollOwner
from services import bundles
from services.accounts_codes import end_residence
from services.transaction import transaction
from tests.world import World

VOTING = ("代理人·标记", "委托书·标记", "收回·标记", "门上·标记", "女儿·标记", "名单·标记")
VOTING += ("取票甲·标记", "取票乙·标记", "退回·标记", "所备·标记", "密钥·标记", "备用·标记")
VOTING += ("在等·标记",)
# What must be found nowhere once it is erased.
WORDS = ("理由·标记", "异议·标记", "答复·标记", "结果·标记", "附注·标记", "13900000602", "qiu602")
WORDS += VOTING
LEAVES = "邱国强"
# What says the same on both engines is asked of one.
ONE_ENGINE = pytest.mark.parametrize("place", ["sqlite"], indirect=True)


def voting_rows(world: World, resolution: Resolution, name: str) -> None:
    """Words about the vote: mandates, deliveries, collectors, lists, what was prepared."""
    motion = bundles.queries.motions_of(resolution.id)[0]
    now, lin, zhou = world.clock(), world.committee.id, world.second_committee.id
    with transaction() as current:
        voter = current.scalars(
            select(RollOwner).where(RollOwner.owner_id == world.owner(name).id)
        ).first()
        mine = {"motion_id": motion.id, "voter_id": voter.voter_id}
        entry = PaperEntry(
            **mine,
            sheet_id=current.scalars(select(PaperSheet.id)).first(),
            owner_id=voter.owner_id,
            choice="agree",
            entered_by=lin,
            entered_at=now,
            rejected_at=now,
        )
        current.add(entry)
        current.flush()
        made = (
            Mandate(
                **mine,
                owner_id=voter.owner_id,
                kind="guardian",
                holder=VOTING[0],
                document=VOTING[1],
                withdraw_reason=VOTING[2],
                seen_on=now.date(),
                not_property_staff=True,
                recorded_at=now,
                recorded_by=lin,
                withdrawn_at=now,
                withdrawn_by=lin,
            ),
            Delivery(
                **mine,
                sequence=9,
                outcome="undeliverable",
                place=VOTING[3],
                with_whom=VOTING[4],
                at=now,
                account_id=lin,
            ),
            PlatformResult(
                motion_id=motion.id,
                authority="市平台",
                document_number="1号",
                document_date=now.date(),
                form="ballots",
                papers="apart",
                totals={},
                votes=[[11, VOTING[5]]],
                entered_by=lin,
                entered_at=now,
                rejected_at=now,
            ),
            PaperDetail(entry_id=entry.id, first_collector=VOTING[6], second_collector=VOTING[7]),
            Publication(
                kind="menu",
                plan_id=resolution.plan_id,
                arguments={"place": VOTING[9]},
                digest="0",
                prepared_at=now,
                prepared_by=lin,
                outcome="sent_back",
                ended_at=now,
                ended_by=zhou,
                reason=VOTING[8],
            ),
            # Nobody came back to this one: neither released nor sent back.
            Publication(
                kind="menu",
                plan_id=resolution.plan_id,
                arguments={"place": VOTING[12]},
                digest="0",
                prepared_at=now,
                prepared_by=lin,
            ),
            SecondFactor(account_id=world.sixth_floor.id, secret=VOTING[10], confirmed_at=now),
            RecoveryCode(account_id=world.sixth_floor.id, code_hash=VOTING[11], created_at=now),
        )
        current.add_all(made)


def personal_rows(world, resolution) -> None:
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


def sells(world) -> None:
    """602 is sold to nobody: its owner owns nothing here any more, and the flat is taken out."""
    home = world.dwelling("602")
    with transaction() as current:
        current.execute(delete(Ownership).where(Ownership.dwelling_id == home.id))
        end_residence(current, home.id, None, now=world.clock())
        dwelling = current.get_one(type(home), home.id)
        dwelling.retired_at, dwelling.phone = world.clock(), WORDS[5]


def hits(text: str) -> list[str]:
    return [word for word in (*WORDS, LEAVES) if word in text]
