"""A household's answer to its building's menu: one sheet per dwelling and capacity."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from domain.accounts import Capacity, Scope
from domain.preferences import Stance
from models.base import Base, Key, Moment, Prose, Word, one_of
from models.plans import Plan
from models.register import Dwelling


class AnswerSheet(Base):
    """意愿: what one household says, still changeable until the consultation closes.

    A tenant's sheet stands beside the owner's and is shown apart.
    """

    __tablename__ = "answer_sheets"
    __table_args__ = (
        UniqueConstraint("plan_id", "dwelling_id", "capacity"),
        UniqueConstraint("receipt"),
        CheckConstraint(one_of("capacity", Capacity), name="capacity"),
    )

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"))
    dwelling_id: Mapped[int] = mapped_column(ForeignKey("dwellings.id"))
    capacity: Mapped[Word]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    started_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    # Sent once all the household wanted to say was said; saved answers count as given either way.
    sent_at: Mapped[Moment | None]
    receipt: Mapped[Word]
    # Those owners of the dwelling for whom the answers were given; a tenant's are nobody's else.
    owner_ids: Mapped[list[int] | None] = mapped_column(JSON(none_as_null=True))
    revision: Mapped[int] = mapped_column(default=1)

    plan: Mapped[Plan] = relationship()
    dwelling: Mapped[Dwelling] = relationship()
    answers: Mapped[list[ItemAnswer]] = relationship(
        back_populates="sheet", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 - SQLAlchemy's own protocol

    @property
    def scope(self) -> Scope:
        """Where it is, for the permission check."""
        return replace(
            self.plan.scope, entrance=self.dwelling.entrance_id, dwelling=self.dwelling_id
        )


class FormerSheet(Base):
    """意愿 of owners who own the dwelling no more, or a tenant who left: theirs until it is erased.

    It lies apart from the sheets that count, so that no figure and no page takes it for the
    present owner's.
    """

    __tablename__ = "former_sheets"
    __table_args__ = (UniqueConstraint("receipt"),)

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(ForeignKey("plans.id"), index=True)
    dwelling_id: Mapped[int] = mapped_column(ForeignKey("dwellings.id"), index=True)
    capacity: Mapped[Word]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"), index=True)
    started_at: Mapped[Moment]
    updated_at: Mapped[Moment]
    sent_at: Mapped[Moment | None]
    receipt: Mapped[Word]
    ended_at: Mapped[Moment]
    # One object for each item: what ``said_of`` makes of an answer.
    said: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    plan: Mapped[Plan] = relationship()
    dwelling: Mapped[Dwelling] = relationship()

    @property
    def answers(self) -> list[ItemAnswer]:
        """What was said, as it was said."""
        return [
            ItemAnswer(
                item_id=one["item"],
                stance=one["stance"],
                reason=one["reason"],
                none_of_these=one["none_of_these"],
                max_pay=one["max_pay"],
                rankings=[
                    OptionRanking(option_id=option, rank=rank)
                    for rank, option in enumerate(one["order"], start=1)
                ],
            )
            for one in self.said
        ]


def said_of(answer: ItemAnswer) -> dict[str, Any]:
    """An answer as a former sheet keeps it."""
    return {
        "item": answer.item_id,
        "stance": answer.stance,
        "reason": answer.reason,
        "none_of_these": answer.none_of_these,
        "max_pay": answer.max_pay,
        "order": [ranked.option_id for ranked in answer.rankings],
    }


class ItemAnswer(Base):
    """The household's word on one item."""

    __tablename__ = "item_answers"
    __table_args__ = (
        UniqueConstraint("sheet_id", "item_id"),
        CheckConstraint(one_of("stance", Stance), name="stance"),
        CheckConstraint("stance <> 'oppose' OR length(reason) > 0", name="oppose_with_reason"),
        CheckConstraint("max_pay >= 0", name="max_pay_not_negative"),
    )

    id: Mapped[Key]
    sheet_id: Mapped[int] = mapped_column(ForeignKey("answer_sheets.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("menu_items.id"), index=True)
    stance: Mapped[str | None]
    reason: Mapped[Prose] = mapped_column(default="")
    none_of_these: Mapped[bool] = mapped_column(default=False)
    max_pay: Mapped[int | None] = mapped_column(BigInteger)

    sheet: Mapped[AnswerSheet] = relationship(back_populates="answers")
    rankings: Mapped[list[OptionRanking]] = relationship(
        cascade="all, delete-orphan", order_by="OptionRanking.rank"
    )


class OptionRanking(Base):
    """The place an option has in a household's order, 1 being the most wanted."""

    __tablename__ = "option_rankings"
    __table_args__ = (
        UniqueConstraint("answer_id", "rank"),
        CheckConstraint("rank > 0", name="rank_positive"),
    )

    answer_id: Mapped[int] = mapped_column(ForeignKey("item_answers.id"), primary_key=True)
    option_id: Mapped[int] = mapped_column(ForeignKey("options.id"), primary_key=True)
    rank: Mapped[int]
