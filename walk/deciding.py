"""The resolution by the machine's own clock, what anybody can check of it, and the contractor."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from walk import house
from walk.browser import Member
from walk.clock import SHANGHAI
from walk.founding import first_password
from walk.pages import Page, Wrong
from walk.state import PASSWORD, Walk
from walk.sums import yuan

N = r"\d+"
COMPANY = "安居电梯工程公司"
# No figure of a requirement list that is no sum of money comes near it.
MONEY_FROM = 1000
PHONE_NUMBER = re.compile(r"\b1\d{10}\b")


def prepare(walk: Walk) -> None:
    """The first member reads the draft and hands it over; it waits for the second."""
    lin = walk.lin
    with walk.step("lin", "prepares the resolution"):
        lin.open(f"/plans/{walk.plan}/resolution").needs(house.OPTION)
        form = lin.page.form(rf"/plans/{N}/resolution").tick_everything()
        lin.send(form, arrives=rf"/publications/{N}")


def arrive_today(walk: Walk) -> None:
    """Everything is stopped and started again without a preload: the clock is the machine's."""
    with walk.step("operator", "stops everything and starts it on the machine's own clock"):
        walk.servers.stop()
        walk.clock.go_home()
        walk.servers.start_database(faked=False)
        walk.servers.start_program()
        walk.answer("/readyz 200, no preload")


def release(walk: Walk) -> None:
    """The second member releases the resolution."""
    with walk.step("zhou", "reads the resolution and releases it"):
        page = walk.release(house.OPTION, yuan(house.NET), house.TAKEN_UP)
        walk.resolution = "/r/" + walk.number_in(page, r"/r/([^/?]+)$")


def _names_nobody(what: str, text: str) -> None:
    named = [one for one in house.NAMES if one in text] + PHONE_NUMBER.findall(text)
    if named:
        raise Wrong(f"{what} names {named}")


def read_the_public_page(walk: Walk) -> None:
    """Anybody reads it: the count, the price, what a floor pays; nobody is named."""
    due = house.counted(walk.late)
    with walk.step("stranger", "reads the public page"):
        page = walk.stranger.open(walk.resolution)
        page.needs(house.OPTION, yuan(house.PRICE), yuan(house.NET), house.TAKEN_UP)
        page.needs(
            f"{due.part_persons} / {due.persons}", f"{due.agree_persons} / {due.part_persons}"
        )
        for floor in house.TENTHS:
            if house.TENTHS[floor]:
                page.needs(*(yuan(amount) for amount in house.floors(floor)[1:]))
        _names_nobody("the public page", page.text)
        walk.number = next(word for word in page.heading.split() if house.ADDRESS in word)


def read_the_stored_form(walk: Walk) -> None:
    """The stored form says the same, and its digest is the one on the page."""
    with walk.step("stranger", "reads the stored form and recomputes its digest"):
        shown = walk.stranger.page.text
        page = walk.stranger.open(f"{walk.resolution}/resolution.json")
        walk.equal("the digest is shown", hashlib.sha256(page.body).hexdigest() in shown, True)
        document = json.loads(page.body)
        walk.equal("motions", len(document["motions"]), 1)
        _check_motion(walk, document["motions"][0])
        walk.in_force = datetime.fromisoformat(document["in_force_at"]).astimezone(SHANGHAI)
        issued = datetime.fromisoformat(document["issued_at"]).astimezone(SHANGHAI)
        real = abs(issued - walk.clock.now()) < timedelta(minutes=5)
        walk.equal(f"issued at {issued}, by the machine's own clock", real, True)
        # The day of posting is not counted; a last day of rest makes it longer.
        days = (walk.in_force.date() - issued.date()).days
        walk.equal("posted for long enough", days > document["notice_days"] > 0, True)
        _names_nobody("the stored form", page.body.decode())


def _check_motion(walk: Walk, motion: dict[str, Any]) -> None:
    due, said = house.counted(walk.late), motion["count"]
    persons = [said["persons"][key] for key in ("total", "participating", "agree")]
    walk.equal("persons", persons, [due.persons, due.part_persons, due.agree_persons])
    walk.equal("outcome", said["outcome"], "adopted")
    option = motion["option"]
    money = [option[key] for key in ("unit_price", "price", "subsidy", "net")]
    sums = (house.PRICE, house.PRICE, house.SUBSIDY, house.NET)
    walk.equal("price, subsidy, net", money, [yuan(one, "") for one in sums])
    walk.equal("condition", house.CONDITION in option["constraints"], True)
    paid = {share["floor"]: share["dwellings"] for share in motion["shares"]}
    walk.equal("dwellings by floor", paid, {at: house.floors(at)[0] for at in house.TENTHS})


def fetch_the_pdf(walk: Walk) -> None:
    """The PDF that was made when it was released, the same at every download."""
    with walk.step("stranger", "fetches the PDF twice"):
        page = walk.stranger.open(f"{walk.resolution}/resolution.pdf")
        again = walk.stranger.open(f"{walk.resolution}/resolution.pdf")
        walk.equal("the file begins like a PDF", page.body[:5], b"%PDF-")
        walk.equal("the second download is the same", again.body == page.body, True)
        walk.digests["PDF"] = hashlib.sha256(page.body).hexdigest()


def verify(walk: Walk) -> None:
    """The signed bundle is checked in a process of its own, against the fingerprint at /key."""
    with walk.step("stranger", "fetches the signed bundle and the key's fingerprint"):
        bundle = walk.stranger.open(f"{walk.resolution}/bundle.zip").body
        walk.digests["bundle"] = hashlib.sha256(bundle).hexdigest()
        found = re.search(r"\b[0-9a-f]{64}\b", walk.stranger.open("/key").text)
        walk.equal("a fingerprint is shown", found is not None, True)
        fingerprint = found[0] if found else ""
    _verified(walk, "stranger", "verifies the public bundle", bundle, "--key", fingerprint)
    with walk.step("602", "fetches the bundle with roll and ballots, as an owner may"):
        full = walk.phones["602"].open(f"{walk.resolution}/full-bundle.zip").body
    _verified(walk, "602", "recounts every vote", full, "--full", "--key", fingerprint)


def _verified(walk: Walk, who: str, what: str, bundle: bytes, *words: str) -> None:
    with walk.step(who, f"{what} (flask verify)"):
        file = walk.folder / "bundle.zip"
        file.write_bytes(bundle)
        said = walk.servers.run("flask", "--app", "app", "verify", str(file), *words).splitlines()
        walk.equal("verify", said[0], "valid")
        walk.equal("verify names the resolution", walk.number in " ".join(said), True)
        walk.answer(f"exit 0, {said[0]}")
        walk.digests["verify"] = said[0]


def wait_for_the_posting(walk: Walk) -> None:
    """Once more under the preload, past the days of posting."""
    assert walk.in_force is not None
    with walk.step("operator", "stops everything and starts it past the days of posting"):
        walk.servers.stop()
        walk.move_to(walk.in_force + timedelta(hours=9))
        walk.servers.start_database(faked=True)
        walk.servers.start_program()
        walk.answer("/readyz 200")
    with walk.step("stranger", "reads that it is in force"):
        page = walk.stranger.open(walk.resolution)
        notices = [one.attrs["class"] for one in page.tree.all(kind="notice")]
        walk.equal("it is in force", any("success" in one for one in notices), True)


def hand_over(walk: Walk) -> None:
    """A company and its person; the requirement list is handed to it."""
    lin = walk.lin
    lin.sign_in()
    with walk.step("lin", "enters the company"):
        lin.open("/accounts")
        lin.follow(rf"/accounts/{N}/companies/new")
        lin.send(lin.page.form(rf"/accounts/{N}/companies/new").fill(name=COMPANY))
    with walk.step("lin", "gives somebody of the company a sign-in"):
        form = lin.page.form(rf"/companies/{N}/accounts/new").fill(name="施工方 安居", login="anju")
        first = first_password(lin.send(form))
    with walk.step("lin", "hands the requirement list to the company"):
        form = lin.open(walk.resolution).form(rf"/resolutions/{N}/requirements")
        lin.send(form.fill(company=COMPANY), arrives=re.escape(walk.resolution))
        lin.page.needs(COMPANY)
    with walk.step("anju", "signs in with the first password and chooses another"):
        walk.builder = Member(walk.site, "anju", "anju", PASSWORD)
        walk.builder.first_sign_in(first)


def open_the_workbook(walk: Walk) -> None:
    """The workbook holds the sums typed into the menu, no other sum, and nobody's name."""
    with walk.step("anju", "opens the requirement list"):
        walk.builder.open("/requirements")
        page = walk.builder.follow(rf"/requirements/{N}")
        page.needs(house.OPTION, yuan(house.PRICE), yuan(house.NET), house.CONDITION)
    with walk.step("anju", "downloads the workbook and compares every sum in it"):
        walk.builder.follow(rf"/requirements/{N}/requirements.xlsx")
        _check_workbook(walk, walk.builder.page)


def _check_workbook(walk: Walk, page: Page) -> None:
    book = load_workbook(BytesIO(page.body))
    cells = [cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row]
    numbers = [Decimal(str(cell)) for cell in cells if isinstance(cell, int | float | Decimal)]
    money = sorted(one for one in numbers if one >= MONEY_FROM)
    # The unit price and the price of one elevator, the subsidy, and what the owners pay.
    due = sorted(Decimal(one) / 100 for one in (house.PRICE, house.PRICE, house.SUBSIDY, house.NET))
    walk.equal("sums in the workbook", money, due)
    words = "\n".join(str(cell) for cell in cells if cell is not None)
    for needed in (house.OPTION, house.BUILDING, house.ENTRANCE, walk.number):
        walk.equal(f"the workbook says {needed}", needed in words, True)
    walk.equal("the workbook holds the condition", house.CONDITION in words, True)
    _names_nobody("the workbook", words)


CHAPTERS = (
    prepare,
    arrive_today,
    release,
    read_the_public_page,
    read_the_stored_form,
    fetch_the_pdf,
    verify,
    wait_for_the_posting,
    hand_over,
    open_the_workbook,
)
