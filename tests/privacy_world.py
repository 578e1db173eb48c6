"""Words about a vote that name somebody, in every table that has some, for tests of erasure."""

from __future__ import annotations

from sqlalchemy import select

from models.deliveries import Delivery
from models.mandates import Mandate, PaperDetail
from models.platforms import PlatformResult
from models.publications import Publication
from models.resolutions import Resolution
from models.second_factor import RecoveryCode, SecondFactor
from models.votes import PaperEntry, PaperSheet, RollOwner
from services import bundles
from services.transaction import transaction
from tests.world import World

VOTING = ("代理人·标记", "委托书·标记", "收回·标记", "门上·标记", "女儿·标记", "名单·标记")
VOTING += ("取票甲·标记", "取票乙·标记", "退回·标记", "所备·标记", "密钥·标记", "备用·标记")
VOTING += ("在等·标记",)


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
