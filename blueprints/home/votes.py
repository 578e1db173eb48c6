"""A household's votes on its first page: to each co-owner what is so for that one."""

from __future__ import annotations

from flask import url_for
from flask_babel import gettext as _

from blueprints.home.cards import Card, where_it_is
from blueprints.shared.localisation import deadline
from domain.own_ballot import ASKED, Together
from services.ballots import IN_APP
from services.home import ResidentPage
from services.home_votes import ToVote


def disputed_cards(page: ResidentPage) -> list[Card]:
    """Ballots whose co-owners differ: said before anything else, until it is settled."""
    return [_disputed(vote) for vote in page.votes_that(Together.DISPUTED)]


def asked_cards(page: ResidentPage) -> list[Card]:
    """Votes that wait for the reader, whoever of the co-owners has answered already."""
    return [_asked(vote) for vote in page.votes_that(*ASKED)]


def voted_cards(page: ResidentPage) -> list[Card]:
    """Votes cast, which can still be changed."""
    return [_voted(vote) for vote in page.votes_that(Together.ANSWERED)]


def represented_cards(page: ResidentPage) -> list[Card]:
    """Votes that somebody else casts in the reader's place."""
    return [_represented(vote) for vote in page.votes_that(Together.REPRESENTED)]


def _url(vote: ToVote) -> str:
    """The ballot; of one of several heads that one's own."""
    if vote.mandate is None and vote.heads == 1:
        return url_for("votes.ballot", motion_id=vote.motion.id)
    return url_for("votes.ballot_for", motion_id=vote.motion.id, number=vote.first.voter.number)


def _mine(vote: ToVote) -> str:
    return url_for("votes.mine", plan_id=vote.plan.id, _anchor=f"motion-{vote.motion.number}")


def _title(vote: ToVote) -> str:
    if vote.mandate is None:
        return _("Vote: %(title)s", title=vote.motion.title)
    rooms = vote.first.rooms
    return _("You can vote for %(rooms)s: %(title)s", rooms=rooms, title=vote.motion.title)


def _money(vote: ToVote) -> tuple[tuple[str, int], ...]:
    if vote.share is None or vote.mandate is not None:
        return ()
    return ((_("Your share if it is adopted"), vote.share),)


def _open_until(vote: ToVote) -> str:
    until = deadline(vote.motion.closes_at)
    return _("%(where)s. Open until %(until)s.", where=where_it_is(vote.plan), until=until)


def _by_mandate(vote: ToVote) -> list[str]:
    return [] if vote.mandate is None else [_("By a mandate that the committee has on record.")]


def _disputed(vote: ToVote) -> Card:
    title = (
        _("Your vote is disputed and agrees to nothing: %(title)s", title=vote.motion.title)
        if vote.mandate is None
        else _(
            "The vote for %(rooms)s is disputed and agrees to nothing: %(title)s",
            rooms=vote.first.rooms,
            title=vote.motion.title,
        )
    )
    if not vote.open:
        line = _(
            "%(rooms)s: the co-owners answered differently. Voting has closed, and it can no "
            "longer be settled here.",
            rooms=vote.first.rooms,
        )
        return Card(title, _mine(vote), _("My vote"), (where_it_is(vote.plan), line))
    line = _(
        "%(rooms)s: the co-owners answered differently. Agree on one answer and one of you "
        "changes the vote; or name one of you to vote, and tell the committee.",
        rooms=vote.first.rooms,
    )
    answers = vote.first.person is not None and vote.motion.channel == IN_APP
    url, action = (_url(vote), _("Change my vote")) if answers else (_mine(vote), _("My vote"))
    return Card(title, url, action, (_open_until(vote), line, *_by_mandate(vote)))


def _asked(vote: ToVote) -> Card:
    lines = [_open_until(vote), *_by_mandate(vote)]
    title = _title(vote)
    if vote.stands is Together.CO_OWNER_ANSWERED:
        if vote.mandate is None:
            title = _("Your co-owner has answered: %(title)s", title=vote.motion.title)
        lines.append(
            _(
                "%(rooms)s: a co-owner has answered, this answer is still missing. You are one "
                "vote together.",
                rooms=vote.first.rooms,
            )
        )
    if vote.heads > 1:
        lines.append(
            _(
                "You vote for %(heads)s owners; %(voted)s have voted.",
                heads=vote.heads,
                voted=vote.voted,
            )
        )
    return Card(title, _url(vote), _("Vote now"), tuple(lines), money=_money(vote))


def _voted(vote: ToVote) -> Card:
    until = deadline(vote.motion.closes_at)
    where = where_it_is(vote.plan)
    if any(one.paper for one in vote.own):
        line = _("%(where)s. Your paper ballot is recorded.", where=where)
    elif vote.mandate is None:
        line = _(
            "%(where)s. You have voted; you can change it until %(until)s.",
            where=where,
            until=until,
        )
    else:
        line = _open_until(vote)
    action = _("Look at my ballot") if vote.mandate is None else _("Change the vote")
    return Card(_title(vote), _url(vote), action, (line, *_by_mandate(vote)), money=_money(vote))


def _represented(vote: ToVote) -> Card:
    by = vote.first.represented
    line = (
        _("The co-owners have named one person to vote for them. Only that person can answer.")
        if by is None
        else _("%(who)s votes for you.", who=by.holder)
    )
    return Card(_title(vote), _mine(vote), _("My vote"), (_open_until(vote), line))
