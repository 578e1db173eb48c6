"""What pages say about motions in sentences: text proposed, rules, results, the dual majority."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import gettext as _
from flask_babel import ngettext

from blueprints.shared.localisation import area, html_language, money, quantity
from blueprints.shared.shares import share_of
from blueprints.shared.words import word
from charts.majority import MajorityBar, MajorityPart, MajorityWords
from domain.costs import parse_scheme
from domain.disclosure import ShownRatio
from domain.exact import number_text
from domain.menus import DecidedBy, Payer
from domain.ratios import Law as CivilCode
from domain.ratios import Outcome, Rule, rule_of
from models.menus import OptionVersion
from services.costs import Bill
from services.votes import Recorded

STAGE_KINDS = {
    "draft": "",
    "roll_posted": "info",
    "notice": "info",
    "voting": "brick",
    "closed": "warning",
    "counted": "success",
    "failed": "error",
    "cancelled": "error",
}


@dataclass(frozen=True)
class Law:
    """A rule in one sentence with its source."""

    says: str
    source: str


def fraction(value: Fraction) -> str:
    """``2/3``."""
    return f"{value.numerator}/{value.denominator}"


def quorum_law() -> Law:
    """The quorum of every matter."""
    return Law(
        _(
            "At least two thirds of all owners, counted by heads, and at least two thirds of all "
            "area must take part. Who says nothing does not take part."
        ),
        _("Civil Code, article 278 paragraph 2"),
    )


def approval_law(matter: int) -> Law:
    """The majority a matter needs."""
    rule = rule_of(matter)
    if rule is Rule.SPECIAL:
        says = _(
            "Of those taking part at least three quarters by heads and at least three quarters by "
            "area must agree. Who abstains takes part and does not agree."
        )
    else:
        says = _(
            "Of those taking part more than half by heads and more than half by area must agree; "
            "exactly half is not enough. Who abstains takes part and does not agree."
        )
    law = rule.law
    return Law(says, law.source_zh if html_language() == "zh-Hans" else law.source_en)


def matter_words(matter: int) -> str:
    """``Number 7: Altering or rebuilding …``."""
    return _("Number %(number)s: %(matter)s", number=matter, matter=word("matters", matter))


def scheme_words(version: OptionVersion) -> str:
    """How the cost is shared, floors and figures included."""
    scheme = parse_scheme(version.scheme)
    text = word("scheme_kinds", scheme.kind.value)
    if not scheme.floors:
        return text
    floors = _(", ").join(
        _("floor %(floor)s: %(value)s", floor=floor, value=number_text(value))
        for floor, value in sorted(scheme.floors.items())
    )
    return _("%(kind)s (%(floors)s)", kind=text, floors=floors)


def proposed_text(version: OptionVersion, bill: Bill) -> str:
    """The text a motion on this version is proposed with: complete, with price and sharing."""
    item = version.option.item
    where = _("This entrance") if item.decided_by == DecidedBy.ENTRANCE else item.plan.building.name
    lines = [
        _(
            "%(where)s carries out: %(item)s – %(option)s (version %(number)s of the option).",
            where=where,
            item=item.title,
            option=version.title,
            number=version.number,
        ),
        _("Quantity: %(quantity)s %(unit)s.", quantity=quantity(version.quantity), unit=item.unit),
    ]
    for template, text in (
        (_("Specification: %(text)s"), version.specification),
        (_("Place: %(text)s"), version.location),
        (_("The contractor must keep to: %(text)s"), version.constraints),
    ):
        if text:
            lines.append(template % {"text": text})
    lines.append(
        _(
            "Price %(total)s yuan, public subsidy %(subsidy)s yuan; %(net)s yuan remain.",
            total=money(bill.total),
            subsidy=money(bill.subsidy),
            net=money(bill.net),
        )
    )
    if version.payer == Payer.HOUSEHOLDS:
        lines.append(
            _(
                "The owners pay what remains, shared in this way: %(scheme)s. What each dwelling "
                "pays stands beside it on the posted roll.",
                scheme=scheme_words(version),
            )
        )
    else:
        lines.append(_("What remains is paid by: %(payer)s.", payer=word("payers", version.payer)))
    return "\n".join(lines)


def short_by(count: Recorded, *, exact: bool) -> list[str]:
    """What was missing, in words; empty when the motion was adopted.

    Without ``exact`` no missing area is given: beside the rounded share it would narrow that down.
    """
    if count.outcome is Outcome.NOT_QUORATE:
        return _missing_quorum(count, exact=exact)
    said: list[str] = []
    if count.short_persons:
        said.append(
            ngettext(
                "Still missing: %(num)s owner who agrees.",
                "Still missing: %(num)s owners who agree.",
                count.short_persons,
            )
        )
    if count.short_area and exact:
        amount = f"{area(count.short_area)} m²"
        said.append(
            _("Still missing: %(amount)s of the area taking part, agreeing.", amount=amount)
        )
    elif count.short_area:
        said.append(_("The area that agrees is not enough."))
    return said


def _missing_quorum(count: Recorded, *, exact: bool) -> list[str]:
    said: list[str] = []
    if count.unquorate_persons:
        said.append(
            ngettext(
                "Still missing to be enough taking part: %(num)s owner.",
                "Still missing to be enough taking part: %(num)s owners.",
                count.unquorate_persons,
            )
        )
    if count.unquorate_area and exact:
        amount = f"{area(count.unquorate_area)} m²"
        said.append(
            _(
                "Still missing to be enough taking part: %(amount)s of the whole area.",
                amount=amount,
            )
        )
    elif count.unquorate_area:
        said.append(_("The area that takes part is not enough."))
    return said


def majority_words() -> MajorityWords:
    """Heads of the dual majority's table."""
    return MajorityWords(
        test=_("Test"),
        figures=_("Result"),
        threshold=_("Needed"),
        verdict=_("Reached?"),
        share=_("Share in percent"),
    )


def verdict(reached: bool | None) -> str:
    """What came of a test; None: there was nothing to be counted."""
    if reached is None:
        return _("not counted")
    return _("reached") if reached else _("not reached")


def approval_verdicts(count: Recorded) -> tuple[bool | None, bool | None]:
    """Whether enough agreed, by heads and by area; None where nobody took part: of nothing there
    is no share."""
    if count.nobody_took_part:
        return None, None
    return count.approval_persons, count.approval_area


def _persons(number: int) -> str:
    return ngettext("%(num)s owner", "%(num)s owners", number)


def _exact_area(value: int) -> str:
    return f"{area(value)} m²"


def _percent(value: int) -> str:
    return _("about %(percent)s %%", percent=value)


def _published(shown: ShownRatio, needed: Fraction, *, included: bool) -> tuple[int, int, str, str]:
    """A published share in thousandths and its rest, each with its text, beside its verdict."""
    percent = shown.percent
    share = share_of(
        percent, 100, needed.as_integer_ratio(), strict=not included, met=shown.reached, places=0
    )
    if share.length == 10 * percent:
        return share.length, 1000 - share.length, _percent(percent), _percent(100 - percent)
    return share.length, 1000 - share.length, share.text, _("the rest")


def _bar(
    label: str,
    parts: Sequence[tuple[str, str, int, str]],
    whole: int,
    needed: Fraction,
    needed_text: str,
    reached: bool | None,
    unit: str = "persons",
) -> MajorityBar:
    return MajorityBar(
        label=label,
        parts=tuple(MajorityPart(*part) for part in parts),
        whole=whole,
        numerator=needed.numerator,
        denominator=needed.denominator,
        threshold_text=needed_text,
        verdict=verdict(reached),
        unit=unit,
    )


def majority_bars(count: Recorded, *, exact: bool) -> list[MajorityBar]:
    """The four tests of a count; areas only as rounded shares unless ``exact``."""
    law = count.rule.law
    quorum_text = _("at least %(fraction)s", fraction=fraction(law.quorum))
    approval_text = (
        _("at least %(fraction)s", fraction=fraction(law.approval))
        if law.approval_included
        else _("more than %(fraction)s", fraction=fraction(law.approval))
    )
    persons = count.persons
    return [
        _quorum_by_heads(count, law.quorum, quorum_text),
        _quorum_by_area(count, law.quorum, quorum_text, exact=exact),
        _bar(
            _("Agreeing, by heads"),
            _choices(persons.agree, persons.against, persons.abstain, persons.participating, str),
            persons.participating,
            law.approval,
            approval_text,
            approval_verdicts(count)[0],
        ),
        _approval_by_area(count, law, approval_text, exact=exact),
    ]


def _quorum_by_heads(count: Recorded, needed: Fraction, text: str) -> MajorityBar:
    part = count.persons.participating
    silent = count.persons.total - part
    parts = (
        ("taking_part", _("Taking part"), part, str(part)),
        ("silent", _("Not taking part"), silent, str(silent)),
    )
    total, reached = count.persons.total, count.quorum_persons
    return _bar(_("Taking part, by heads"), parts, total, needed, text, reached)


def _approval_by_area(count: Recorded, law: CivilCode, text: str, *, exact: bool) -> MajorityBar:
    areas = count.area
    if exact:
        parts = _choices(
            areas.agree, areas.against, areas.abstain, areas.participating, _exact_area
        )
        whole = areas.participating
    else:
        whole = 1000
        part, rest, said, rest_said = _published(
            count.area_agreeing, law.approval, included=law.approval_included
        )
        if not areas.participating:
            part, rest, said, rest_said = 0, 0, _percent(0), _percent(0)
        parts = [
            ("agree", _("Agree"), part, said),
            ("taking_part", _("Not agreeing"), rest, rest_said),
        ]
    unit, reached = _area_unit(exact=exact), approval_verdicts(count)[1]
    return _bar(_("Agreeing, by area"), parts, whole, law.approval, text, reached, unit)


def _quorum_by_area(count: Recorded, needed: Fraction, text: str, *, exact: bool) -> MajorityBar:
    if exact:
        part, whole = count.area.participating, count.area.total
        rest, said, rest_said = whole - part, _exact_area(part), _exact_area(whole - part)
    else:
        whole = 1000
        part, rest, said, rest_said = _published(count.area_taking_part, needed, included=True)
    parts = (
        ("taking_part", _("Taking part"), part, said),
        ("silent", _("Not taking part"), rest, rest_said),
    )
    label, unit = _("Taking part, by area"), _area_unit(exact=exact)
    return _bar(label, parts, whole, needed, text, count.quorum_area, unit)


def _area_unit(*, exact: bool) -> str:
    return "area" if exact else "percent"


def _choices(
    agree: int, against: int, abstain: int, participating: int, said: object
) -> list[tuple[str, str, int, str]]:
    assert callable(said)
    disputed = participating - agree - against - abstain
    parts = [
        ("agree", _("Agree"), agree, said(agree)),
        ("against", _("Against"), against, said(against)),
        ("abstain", _("Abstain"), abstain, said(abstain)),
    ]
    if disputed:
        parts.append(("abstain", _("Disputed"), disputed, said(disputed)))
    return parts
