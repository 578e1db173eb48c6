"""The resolution as a printed document, drawn from its stored form and from nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from charts.bands import BandBuilding, band_facade
from charts.decided import DecidedWords, cost_building, demand_building
from documents.letters import qr_svg
from documents.typesetting import pdf
from domain.quantities import grouped_money, trimmed
from domain.resolutions import LATER
from domain.shares import Said, beside_a_verdict

# What of the stored form is money and stands in a table.
OPTION_AMOUNTS = ("price", "subsidy", "net")
SHARE_AMOUNTS = ("lowest", "highest", "total")
# The document is printed in Chinese; its other words stand in its template.
WORDS = DecidedWords(
    cost="各层分摊",
    pays="%(homes)s 户，每户 %(amount)s 元",
    free="%(homes)s 户，不用出钱",
    demand="各户意愿",
    said="%(homes)s 户",
    held_back="填的人太少，或者大家几乎一样，不公开",
    stances={
        "need": "需要",
        "accept": "可以接受",
        "indifferent": "无所谓",
        "oppose": "反对",
        "unanswered": "没有填",
    },
)


def resolution_pdf(
    document: Mapping[str, Any],
    digest: str,
    fingerprint: str,
    *,
    made_at: datetime,
    page: str | None = None,
) -> bytes:
    """The resolution in Chinese as PDF/A; its digest stands on every page.

    ``fingerprint`` is that of the key it is signed with; ``page`` is where it can be read, and is
    printed as a QR where it is known.
    """
    return pdf("resolution", printed(document, digest, fingerprint, page=page), made_at=made_at)


def draft_pdf(document: Mapping[str, Any], fingerprint: str, *, made_at: datetime) -> bytes:
    """The same as it would be printed, but marked on every page as a draft that is not in force.

    It has no digest and leads nowhere yet: the place of the QR is kept free.
    """
    return pdf("resolution", printed(document, "", fingerprint, draft=True), made_at=made_at)


def printed(
    document: Mapping[str, Any],
    digest: str,
    fingerprint: str,
    *,
    page: str | None = None,
    draft: bool = False,
) -> dict[str, object]:
    """What the template is filled with: the stored form, its money in groups, and its drawings.

    The stored form itself is left as it is, since its digest is taken of how it is written.
    """
    motions = [_in_groups(motion) for motion in document["motions"]]
    failed = [
        {**one, "last_day": _last_day(one), "count": _said(one["count"])}
        for one in document.get("failed", ())
    ]
    return {
        "document": {**LATER, **document, "motions": motions, "failed": failed},
        "digest": digest,
        "fingerprint": fingerprint,
        "drawings": drawings(document),
        "draft": draft,
        "qr": qr_svg(page) if page else "" if draft else None,
    }


def _last_day(motion: Mapping[str, Any]) -> str:
    """The last day of the vote: what closes at midnight closes at 24:00 of the day before."""
    closed = datetime.fromisoformat(motion["closed_at"])
    return (closed - timedelta(seconds=1)).date().isoformat()


def _in_groups(motion: Mapping[str, Any]) -> dict[str, Any]:
    """A motion whose amounts are written as its text and its drawing write them."""
    shares = [_grouped(share, SHARE_AMOUNTS) for share in motion["shares"]]
    option = _grouped(motion["option"], OPTION_AMOUNTS)
    option["quantity"] = trimmed(option["quantity"])
    return {**motion, "option": option, "shares": shares, "count": _said(motion["count"])}


def _said(count: Mapping[str, Any]) -> dict[str, Any]:
    """A count with its shares of areas as they are told beside their verdicts."""
    said = {
        "participating": _area_share(count, "participating_percent", "quorum"),
        "agree": _area_share(count, "agree_percent", "approval"),
    }
    return {**count, "area_said": said}


def _area_share(count: Mapping[str, Any], name: str, test: str) -> str:
    """A share of areas beside its verdict, as the template prints it."""
    percent, needed = count["area"][name], count[test]
    said = beside_a_verdict(
        Fraction(percent, 100),
        Fraction(needed["numerator"], needed["denominator"]),
        included=needed.get("included", True),
        reached=count["area"][test],
    )
    if said is Said.NUMBER:
        return f"{percent} %"
    fraction = f"{needed['numerator']}/{needed['denominator']}"
    return f"{'不到' if said is Said.UNDER else '超过'} {fraction}"


def _grouped(row: Mapping[str, Any], amounts: Iterable[str]) -> dict[str, Any]:
    return {**row, **{name: grouped_money(row[name]) for name in amounts}}


def drawings(document: Mapping[str, Any]) -> dict[str, list[dict[str, str] | None]]:
    """The building as SVG: ``cost`` for each motion, ``demand`` for each item, in their order."""
    name = document["building"]
    paid = [
        cost_building(name, motion["shares"], WORDS)
        if motion["option"]["payer"] == "households"
        else None
        for motion in document["motions"]
    ]
    said = [demand_building(name, row["item"], row["bands"], WORDS) for row in document["demand"]]
    return {"cost": _drawn("cost", paid), "demand": _drawn("demand", said)}


def _drawn(kind: str, buildings: list[BandBuilding | None]) -> list[dict[str, str] | None]:
    return [
        {"svg": str(band_facade(one, uid=f"{kind}-{place}")), "title": one.title} if one else None
        for place, one in enumerate(buildings)
    ]
