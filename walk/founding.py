"""From an empty database to a published menu that households have answered."""

from __future__ import annotations

import re

from walk import house
from walk.browser import Browser
from walk.pages import Page
from walk.state import ADMIN_PASSWORD, Walk
from walk.sums import yuan

N = r"\d+"


def install(walk: Walk) -> None:
    """Empty database, tables, the first administrator; the program runs."""
    with walk.step("operator", "alembic upgrade head"):
        walk.servers.run("alembic", "upgrade", "head")
        walk.answer("exit 0")
    with walk.step("operator", "create-admin"):
        words = ["--login", "admin", "--name", "系统管理员", "--password", ADMIN_PASSWORD]
        walk.answer(f"exit 0, {walk.servers.run('flask', '--app', 'app', 'create-admin', *words)}")
    with walk.step("operator", "gunicorn answers /readyz"):
        walk.servers.start_program()
        walk.answer("200")


def first_password(page: Page) -> str:
    """The first password on the page that shows it once."""
    _login, password = page.texts("letter-code")
    return password


def begin_the_community(walk: Walk) -> None:
    """The administrator, with a second factor, makes the community and its first member."""
    with walk.step("admin", "signs in"):
        walk.admin.sign_in()
    with walk.step("admin", "makes the community, setting up a second factor on the way"):
        form = walk.admin.open("/system").form(has="community_name")
        form.fill(community_name=house.COMMUNITY, name="居委会 林主任", login="lin")
        first = first_password(walk.admin.send(form))
    with walk.step("lin", "signs in with the first password and chooses another"):
        walk.lin.first_sign_in(first)


def import_the_roster(walk: Walk) -> None:
    """The roster is uploaded, looked at, and written into the register."""
    lin = walk.lin
    with walk.step("lin", "uploads the roster and reads the preview"):
        lin.open("/communities")
        lin.follow(rf"/communities/{N}", house.COMMUNITY)
        lin.follow(rf"/communities/{N}/import")
        form = lin.page.form(has="file").fill(file=("清册.xlsx", house.roster()))
        lin.send(form, arrives=rf"/imports/{N}")
        lin.page.needs(str(2 * len(house.AREAS)), f"{house.all_area() / 100:.2f}")
    with walk.step("lin", "writes it into the register, setting up a second factor on the way"):
        lin.send(lin.page.form(rf"/imports/{N}/confirm"), arrives=rf"/imports/{N}(/confirm)?")
        lin.open(lin.page.path.removesuffix("/confirm"))
        lin.follow(rf"/communities/{N}")
        lin.page.needs(house.BUILDING)


def appoint(walk: Walk) -> None:
    """A second member of the committee: whatever is published, two have read."""
    lin = walk.lin
    with walk.step("lin", "gives a second member a role"):
        lin.open("/accounts")
        lin.follow(rf"/accounts/{N}/new")
        form = lin.page.form(has="role").fill(role="committee", name="居委会 小周", login="zhou")
        first = first_password(lin.send(form))
    with walk.step("zhou", "signs in with the first password and chooses another"):
        walk.zhou.first_sign_in(first)


def print_letters(walk: Walk) -> None:
    """Every household's letter as a page; the codes stand only there."""
    lin = walk.lin
    with walk.step("lin", "prints the letters"):
        lin.open("/letters")
        lin.follow(rf"/buildings/{N}/letters", house.BUILDING)
        page = lin.send(lin.page.form(has="recipients"), button="page")
        for sheet in page.tree.all("section", kind="sheet"):
            where = re.search(rf"{house.ENTRANCE}\W*(\d{{3}})", sheet.attrs.get("aria-label", ""))
            code = next(sheet.all(kind="letter-code")).text
            if where:
                walk.codes.setdefault(where[1], code)
        walk.equal("letters of entrance 1", sorted(walk.codes), sorted(house.AREAS))


def compose(walk: Walk) -> None:
    """A plan; two items from the catalogue, an option each."""
    lin = walk.lin
    with walk.step("lin", "begins a plan"):
        form = lin.open("/plans/new").form(has="building")
        words = [words for _value, words in form.named("building")[0].options]
        mine = next(one for one in words if house.BUILDING in one)
        lin.send(form.fill(building=mine, title=f"{house.BUILDING}一栋一策"))
        walk.plan = walk.number_in(lin.page, rf"/plans/({N})/compose")
    with walk.step("lin", "takes elevator and stairwell lighting from the catalogue"):
        lin.follow(rf"/plans/{N}/compose/catalogue")
        form = lin.page.form(has="keys").fill(keys=house.ELEVATOR).fill(keys=house.LIGHTS)
        boxes = list(lin.page.tree.all("label"))
        named = {one.attrs.get("for"): one.text for one in boxes}
        walk.item = named[f"keys-{house.ELEVATOR}"]
        walk.other_item = named[f"keys-{house.LIGHTS}"]
        lin.send(form, arrives=rf"/plans/{N}/compose")
    with walk.step("lin", "writes the elevator's option: price, subsidy, who pays, floor by floor"):
        _write_option(walk, walk.item, elevator=True)
        lin.page.needs(yuan(house.PRICE), yuan(house.SUBSIDY), yuan(house.NET))
    with walk.step("lin", "writes the lighting's option"):
        _write_option(walk, walk.other_item, elevator=False)
        lin.page.needs(yuan(house.LAMP_PRICE * house.LAMPS))


def _write_option(walk: Walk, item: str, *, elevator: bool) -> None:
    lin = walk.lin
    lin.follow(rf"/items/{N}/options/new", item)
    form = lin.page.form(has="unit_price")
    if elevator:
        form.fill(title=house.OPTION, quantity="1", unit_price=yuan(house.PRICE, ""),
                  location="北侧楼梯外", payer="households", subsidy_kind="fixed",
                  subsidy_amount=yuan(house.SUBSIDY, ""), scheme_kind="floor_coefficient",
                  within="area")  # fmt: skip
        for floor, tenths in house.TENTHS.items():
            form.fill(**{f"scheme_floor_{floor}": f"{tenths / 10:g}"})
    else:
        form.fill(title=house.LAMP, quantity=str(house.LAMPS), payer="maintenance_fund",
                  unit_price=yuan(house.LAMP_PRICE, ""))  # fmt: skip
    lin.send(form, arrives=rf"/plans/{N}/compose")


def publish(walk: Walk) -> None:
    """One member prepares the menu, the other reads and releases it."""
    lin = walk.lin
    with walk.step("lin", "prepares the menu for ten days of consultation"):
        form = lin.open(f"/plans/{walk.plan}/publish").form(has="policy")
        form.fill(days="10", place="单元门口公告栏", policy="banded", threshold="10")
        lin.send(form, arrives=rf"/publications/{N}")
    with walk.step("zhou", "reads the menu and releases it, setting up a second factor"):
        walk.release(yuan(house.PRICE), yuan(house.NET), house.OPTION)


def come_in(walk: Walk) -> None:
    """Households open their letters, each on a phone of its own."""
    for room in sorted({*house.ONLINE, *house.ANSWERS}):
        phone = walk.phones[room] = Browser(walk.site, room)
        with walk.step(room, "comes in with the code of the letter"):
            code = walk.codes[room].replace("-", "")
            phone.send(phone.open(f"/c/{code}").form(r"/c", has="code"))
            phone.page.needs(room)


def answer(walk: Walk) -> None:
    """Households answer the menu; each is shown its own share first."""
    for room, stance in house.ANSWERS.items():
        phone = walk.phones[room]
        with walk.step(room, f"answers the menu: {stance}"):
            phone.open("/")
            phone.follow(rf"/plans/{N}/answer")
            phone.follow(rf"/plans/{N}/answer/{N}")
            while phone.page.forms(has="stance"):
                _answer_one(walk, phone, room, stance)
            phone.send(phone.page.form(rf"/plans/{N}/answer/summary"), arrives=r"/answers/.+")


def _answer_one(walk: Walk, phone: Browser, room: str, stance: str) -> None:
    form = phone.page.form(has="stance")
    if walk.item not in phone.page.heading:
        phone.send(form.fill(stance="need"))
        return
    if house.SHARES[room]:
        phone.page.needs(yuan(house.SHARES[room]))
        form.fill(max_pay=yuan(house.SHARES[room], ""))
    if stance == "oppose":
        form.fill(reason="挡光")
    phone.send(form.fill(stance=stance))


def object_and_be_answered(walk: Walk) -> None:
    """The ground floor objects; the committee answers and takes it up in a new version."""
    ground, lin = walk.phones["101"], walk.lin
    with walk.step("101", "objects to the elevator: light"):
        ground.open(f"/plans/{walk.plan}/menu")
        ground.follow(rf"/items/{N}/object", walk.item)
        form = ground.page.form(has="ground")
        form.fill(option=house.OPTION, ground="light", body="井道贴着厨房窗户，白天也要开灯。")
        ground.send(form, arrives=rf"/objections/{N}|/plans/.*|/")
    with walk.step("lin", "answers the objection"):
        lin.open("/")
        lin.follow(rf"/objections/{N}")
        form = lin.page.form(has="answer").fill(answer="井道外移，改用透明玻璃。")
        lin.send(form, arrives=rf"/objections/{N}")
    with walk.step("lin", "takes it up in a new version of the option"):
        form = lin.page.form(has="outcome")
        words = [words for value, words in form.named("version")[0].options if "option:" in value]
        fresh = next(one for one in words if house.OPTION in one)
        form.fill(outcome="accepted", version=fresh, condition=house.CONDITION, note=house.TAKEN_UP)
        lin.send(form, arrives=rf"/objections/{N}")
    with walk.step("101", "reads how it ended"):
        ground.open("/")
        ground.follow(rf"/objections/{N}").needs(house.TAKEN_UP)


CHAPTERS = (
    install,
    begin_the_community,
    import_the_roster,
    appoint,
    print_letters,
    compose,
    publish,
    come_in,
    answer,
    object_and_be_answered,
)
