"""From the end of the consultation to the count: motion, roll, announcement, votes, paper."""

from __future__ import annotations

from datetime import date, timedelta

from walk import house
from walk.browser import Browser, Member
from walk.clock import start_of
from walk.pages import Form, Page, Wrong
from walk.state import Walk
from walk.sums import square_metres, yuan

N = r"\d+"
CONSULTED = 10
# A period that would end on a day of rest goes on; the longest row of them is shorter than this.
MOST_DAYS_OF_REST = 10


def draw_up(walk: Walk) -> None:
    """The consultation is over; the motion of entrance 1 is drawn up from the new version."""
    walk.next_morning(CONSULTED + 1)
    lin = walk.lin
    with walk.step("lin", "signs in again, half a day being over long since"):
        lin.sign_in()
    with walk.step("lin", "draws up the motion of entrance 1"):
        lin.open(f"/plans/{walk.plan}/motions/new")
        lin.follow(rf"/motions/new/{N}", house.OPTION)
        lin.page.needs(yuan(house.PRICE), yuan(house.SUBSIDY), yuan(house.NET))
        form = lin.page.form(has="entrance").fill(entrance=house.ENTRANCE)
        lin.send(form, arrives=rf"/motions/{N}")
        walk.motion = walk.number_in(lin.page, rf"/motions/({N})")


def post_the_roll(walk: Walk) -> None:
    """The roll shows every owner's room, area and name to the committee, and is posted."""
    lin = walk.lin
    with walk.step("lin", "reads the roll and posts it"):
        lin.open(f"/motions/{walk.motion}/roll")
        lin.page.needs(square_metres(sum(house.AREAS.values())), house.OWNERS["301"])
        lin.page.needs(str(len(house.HEADS)))
        lin.send(lin.page.form(rf"/motions/{N}/roll"), arrives=rf"/motions/{N}/roll")


def announce(walk: Walk) -> None:
    """Two people announce the vote; it closes the day before yesterday, at 24:00."""
    lin = walk.lin
    _wait_for_the_end_of_the_consultation(walk)
    with walk.step("lin", "prepares the announcement"):
        form = lin.open(f"/motions/{walk.motion}/announce").form(has="opens_on")
        walk.opens = start_of(date.fromisoformat(form.value("opens_on")))
        last = walk.clock.today() - timedelta(days=2)
        walk.closes = start_of(last + timedelta(days=1))
        if walk.closes < walk.opens + timedelta(days=3):
            raise Wrong(f"sixty days are too few: voting opens on {walk.opens:%Y-%m-%d} only")
        form.fill(closes_on=last.isoformat(), place="单元门口公告栏")
        lin.send(form, arrives=rf"/publications/{N}")
    with walk.step("zhou", "reads the announcement and releases it"):
        walk.release(yuan(house.NET), house.OPTION)


def _wait_for_the_end_of_the_consultation(walk: Walk) -> None:
    lin = walk.lin
    for _day in range(MOST_DAYS_OF_REST):
        page = lin.open(f"/motions/{walk.motion}/announce")
        if not _hindrances(page):
            return
        walk.next_morning()
        lin.sign_in()
    raise Wrong(f"nothing can be announced\n{page.says()}")


def _hindrances(page: Page) -> list[str]:
    """What the page says stands in the way: a list in a warning."""
    boxes = page.tree.all(kind="notice")
    return [line.text for box in boxes if "warning" in box.attrs["class"] for line in box.all("li")]


def print_paper(walk: Walk) -> None:
    """Paper is always offered: a slip with a number for every owner."""
    lin = walk.lin
    with walk.step("lin", "prints a paper ballot for every owner"):
        lin.open(f"/motions/{walk.motion}/paper")
        lin.send(lin.page.form(rf"/motions/{N}/paper/print"), arrives=rf"/motions/{N}/paper/sheets")
        page = lin.open(f"/motions/{walk.motion}/paper")
        for row in page.tree.all("tr"):
            cells = [one.text for one in row.inside if not isinstance(one, str)]
            for room in house.HEADS:
                if len(cells) > 1 and cells[0].isdecimal() and room in cells[1]:
                    walk.slips[room] = cells[0]
        walk.equal("paper ballots of", sorted(walk.slips), sorted(house.HEADS))


def vote_online(walk: Walk) -> None:
    """Voting opens by the clock; one changes her mind, the last answer counts."""
    assert walk.opens is not None
    walk.move_to(walk.opens + timedelta(hours=9))
    for room, choices in house.ONLINE.items():
        for choice in choices:
            with walk.step(room, f"votes online: {choice}"):
                _cast(walk, walk.phones[room], room, choice)


def _cast(walk: Walk, phone: Browser, room: str, choice: str) -> None:
    own = sum(house.SHARES[one] for one, who in house.OWNERS.items() if who == house.OWNERS[room])
    phone.open(f"/motions/{walk.motion}")
    phone.follow(rf"/motions/{N}/ballot")
    if own:
        phone.page.needs(yuan(own))
    form = phone.page.form(has="choice").fill(choice=choice)
    phone.send(form, arrives=r"/receipts/.+")


def vote_on_paper(walk: Walk) -> None:
    """Slips come back during the vote; one reads them, another reads them once more."""
    walk.next_morning()
    walk.lin.sign_in()
    for room, choice in house.PAPER.items():
        _enter(walk, room, choice)
    walk.zhou.sign_in()
    for room, choice in house.PAPER.items():
        _confirm(walk, room, choice)


def _enter(walk: Walk, room: str, choice: str) -> None:
    with walk.step("lin", f"types in the slip of {room}: {choice}"):
        form = _slip(walk, walk.lin, room).form(has="choice")
        today = walk.clock.now().date()
        walk.lin.send(_typed(form, today, choice), arrives=rf"/motions/{N}/paper")


def _confirm(walk: Walk, room: str, choice: str) -> None:
    with walk.step("zhou", f"reads the slip of {room} once more: {choice}"):
        form = _slip(walk, walk.zhou, room).form(has="choice")
        walk.zhou.send(form.fill(choice=choice), arrives=rf"/motions/{N}/paper")


def _typed(form: Form, handed_in: date, choice: str = "") -> Form:
    """What stands on a slip: the answer, who signed, who fetched it and when."""
    if choice:
        form.fill(choice=choice)
    # Who signed is asked only where it may be one of several.
    if "owner" in form.names:
        form.fill(owner=form.named("owner")[0].value)
    if "first_collector" in form.names:
        form.fill(first_collector="居委会 小周", second_collector="楼组长 崔")
    return form.fill(handed_in=handed_in.isoformat()) if "handed_in" in form.names else form


def _slip(walk: Walk, member: Member, room: str) -> Page:
    """Where the desk leads to with the number of a slip."""
    member.open(f"/motions/{walk.motion}/paper")
    form = member.page.form(rf"/motions/{N}/paper/find").fill(number=walk.slips[room])
    return member.send(form, arrives=rf"/motions/{N}/paper/{walk.slips[room]}(/\w+)?")


def close_the_box(walk: Walk) -> None:
    """After the close two people write down what is in hand, before any further slip is entered."""
    for who, member in (("lin", walk.lin), ("zhou", walk.zhou)):
        with walk.step(who, "types the numbers of the slips in hand"):
            form = member.open(f"/motions/{walk.motion}/paper/box").form(has="serials")
            form.fill(serials=", ".join(walk.slips[room] for room in house.PAPER))
            member.send(form, arrives=rf"/motions/{N}/paper(/box)?")


def hand_in_late(walk: Walk) -> None:
    """After the close a slip is handed in that was not in hand; the committee tries it all the
    same. It is late, and what the walk adds up leaves it out."""
    assert walk.closes is not None
    walk.move_to(walk.closes + timedelta(minutes=20))
    walk.lin.sign_in()
    walk.zhou.sign_in()
    close_the_box(walk)
    walk.late = set(house.LATE)
    for room, choice in house.LATE.items():
        if _taken(walk, room, choice):
            walk.taken.append(room)
        else:
            _record_as_late(walk, room)


def _taken(walk: Walk, room: str, choice: str) -> bool:
    """The pages for typing a slip in are opened by their addresses, and the last day of voting
    typed beside a slip that was not in hand; whether it was taken."""
    assert walk.closes is not None
    in_time = walk.closes.date() - timedelta(days=1)
    address = f"/motions/{walk.motion}/paper/{walk.slips[room]}"
    with walk.step("lin", f"tries to type in the late slip of {room}: {choice}"):
        if not _sent(walk.lin, address, choice, in_time):
            return False
    with walk.step("zhou", f"tries to read the late slip of {room} once more: {choice}"):
        _sent(walk.zhou, f"{address}/confirm", choice, in_time)
    return True


def _sent(member: Member, address: str, choice: str, handed_in: date) -> bool:
    """Whether a page that may be refused was there, and its form was taken."""
    page = member.open(address, status=None)
    forms = page.forms(has="choice")
    return (
        bool(forms) and member.send(_typed(forms[0], handed_in, choice), status=None).status == 200
    )


def _record_as_late(walk: Walk, room: str) -> None:
    with walk.step("lin", f"puts the slip of {room} on record as late"):
        form = _slip(walk, walk.lin, room).form(has="handed_in")
        walk.lin.send(_typed(form, walk.clock.now().date()), arrives=rf"/motions/{N}/paper")


def count(walk: Walk) -> None:
    """Counted once: what the page says is what the walk has added up."""
    lin, due = walk.lin, house.counted(walk.late)
    walk.equal("the vote is meant to be adopted", due.is_adopted, True)
    with walk.step("lin", "counts the votes"):
        lin.open(f"/motions/{walk.motion}")
        lin.send(lin.page.form(rf"/motions/{N}/count"), arrives=rf"/motions/{N}")
        against = due.part_area - due.agree_area
        for area in (due.part_area, due.area - due.part_area, due.agree_area, against):
            lin.page.needs(f"{square_metres(area)} m²")
        walk.equal("late slips that could be typed in", walk.taken, [])
    with walk.step("lin", "reads the signed list, door by door"):
        lin.follow(rf"/motions/{N}/signed").needs(*house.HEADS)


CHAPTERS = (
    draw_up,
    post_the_roll,
    announce,
    print_paper,
    vote_online,
    vote_on_paper,
    hand_in_late,
    count,
)
