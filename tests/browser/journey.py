"""The main way, chapter by chapter, as people walk it in a browser; nothing is done behind it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook

from services.accounts import create_administrator
from tests.browser.figures import COEFFICIENTS, NAMES, PHONE_NUMBER, VOTES, shares, yuan
from tests.browser.live import Live
from tests.browser.reader import PHONE, Reader
from tests.browser.staff import PASSWORD, Member

ROSTER = Path(__file__).parent.parent.parent / "demo" / "roster-gongren.xlsx"
CATALOGUE = {
    "zh-CN": ("加装电梯", "楼道照明"),
    "en-GB": ("Elevator added to an entrance", "Stairwell lighting"),
}


class Journey:
    """Who is on the way, and what they carry from one chapter to the next."""

    def __init__(
        self,
        live: Live,
        read: Callable[..., Reader],
        *,
        language: str,
        size: tuple[int, int],
        scripts: bool,
    ) -> None:
        self.live = live
        self.read = partial(read, language=language, scripts=scripts)
        self.size = size
        self.committee = self.read(live, size=size)
        self.lin = Member(live, self.committee, "lin")
        # The catalogue speaks the language of whoever takes something from it.
        self.lift, self.lights = CATALOGUE[language]
        self.codes: dict[str, str] = {}
        self.households: dict[str, Reader] = {}
        self.shares = shares()

    # --- the compound -----------------------------------------------------------------------

    def install(self) -> None:
        """A fresh installation: the command makes the administrator; the rest are pages."""
        with self.live.inside():
            create_administrator(
                name="系统管理员", login="admin", password=PASSWORD, now=self.live.clock()
            )
        desk = self.committee
        admin = Member(self.live, desk, "admin")
        admin.sign_in()
        desk.follow("System")
        desk.fill(community_name="工人新村", name="居委会 林主任", login="lin")
        desk.press("Make the account")
        admin.prove()
        login, first = desk.page.locator(".letter-code").all_inner_texts()
        assert login == "lin"
        desk.follow("My account")
        desk.press("Sign out", exact=True)
        desk.says("You are signed out.")
        self.lin.first_sign_in(first)

    def import_the_roster(self) -> None:
        """Upload, look, confirm; the building is drawn."""
        desk = self.committee
        desk.follow("Register")
        desk.follow("工人新村")
        desk.follow("Import a roster")
        desk.page.set_input_files("input[name=file]", ROSTER)
        desk.press("Upload and look")
        dwellings = desk.word("%(number)s dwellings, %(area)s m²", number=81, area="5474.32")
        desk.says(dwellings, "82", "尹志强")
        desk.press("Write it into the register")
        self.lin.prove()
        desk.follow("工人新村")
        desk.says("81", "5474.32")
        desk.follow("3幢")
        facade = desk.page.locator(".facade-street a")
        assert facade.count() == 24
        last = desk.page.locator(".facade-street a", has_text="602").first
        assert "6" in (last.get_attribute("aria-label") or last.inner_text())
        desk.says("1453.12")

    def appoint(self) -> None:
        """Two people publish: a second member of the committee, on a phone."""
        desk = self.committee
        desk.follow("Accounts")
        desk.follow("Give somebody a role")
        desk.pick("role", "committee")
        desk.fill(name="居委会 小周", login="zhou")
        desk.press("Make the account")
        _login, first = desk.page.locator(".letter-code").all_inner_texts()
        self.zhou = Member(self.live, self.read(self.live, size=PHONE), "zhou")
        self.zhou.first_sign_in(first)

    # --- the menu ---------------------------------------------------------------------------

    def compose(self) -> None:
        """A plan; two items from the catalogue; their options."""
        desk = self.committee
        desk.follow("Plans")
        desk.follow("Begin a plan")
        desk.choose("building", label=self._label_of("building", "3幢"))
        desk.fill(title="3幢一栋一策")
        desk.press("Begin and compose the menu")
        desk.follow("Add from the catalogue")
        desk.pick("keys", "elevator")
        desk.pick("keys", "stair_lighting")
        desk.press("Add what is ticked")
        self._option(self.lift, "贴墙井道电梯", "700000.00", "households", location="北侧楼梯外")
        desk.says("700,000.00", "300,000.00", "400,000.00")
        self._option(self.lights, "感应式 LED 灯", "180.00", "maintenance_fund", quantity="24")
        desk.says("4,320.00")

    def _label_of(self, name: str, part: str) -> str:
        options = self.committee.page.locator(f"select[name='{name}'] option").all_inner_texts()
        return next(option for option in options if part in option)

    def _option(
        self, item: str, title: str, price: str, payer: str, *, quantity: str = "1", **more: str
    ) -> None:
        desk = self.committee
        card = desk.page.locator("section.card", has=desk.page.locator("h3", has_text=item))
        add = desk.word("Add an option to “%(title)s”", title=item)
        desk.lead(card.get_by_role("link", name=add))
        desk.fill(title=title, quantity=quantity, unit_price=price, **more)
        desk.pick("payer", payer)
        if payer == "households":
            desk.pick("subsidy_kind", "fixed")
            desk.fill(subsidy_amount="300000")
            desk.choose("scheme_kind", value="floor_coefficient")
            desk.pick("within", "area")
            for floor, tenths in COEFFICIENTS.items():
                desk.fill(**{f"scheme_floor_{floor}": f"{tenths / 10:g}"})
        desk.press("Save the draft")

    def publish(self) -> None:
        """Once more everything, then published for ten days."""
        desk = self.committee
        desk.follow("Publish the menu")
        desk.fill(days="10", place="单元门口公告栏")
        desk.pick("policy", "banded")
        desk.pick("threshold", "10")
        desk.press("Read it once more")
        desk.says("24", "Every household is told:", "单元门口公告栏")
        desk.press("Hand to the second person")
        desk.says("It waits for a second person", "居委会 小周")
        self.zhou.release("贴墙井道电梯", "700,000.00", "Every household is told:", "居委会 林主任")
        self.zhou.desk.says("The menu is published. The consultation is open.")
        self.plan = self.zhou.desk.page.url.rsplit("/plans/", 1)[1]

    # --- letters and households -------------------------------------------------------------

    def issue_letters(self) -> None:
        """All letters of the building as a page to be printed; the codes stand only there."""
        desk = self.committee
        desk.follow("Accounts")
        desk.follow("Household letters")
        desk.follow("3幢")
        desk.press("Print from a page")
        letters = desk.page.locator("section.sheet").all()
        for letter in letters:
            where = letter.get_attribute("aria-label") or ""
            code = letter.locator(".letter-code").inner_text().strip()
            if found := re.search(r"1单元\W*(\d{3})", where):
                self.codes.setdefault(found[1], code)
        assert len(self.codes) == 12
        assert len({*self.codes.values()}) == 12

    def come_in(self) -> None:
        """Eight owners open their letters, each on a phone."""
        for room in VOTES:
            phone = self.households[room] = self.read(self.live, size=PHONE)
            phone.go(f"/c/{self.codes[room].replace('-', '')}")
            phone.press("Enter", exact=True)
            phone.says("You are in for:", room)
            phone.follow("Go on", exact=True)

    def answer(self) -> None:
        """The sixth floor needs the elevator, the ground floor opposes it."""
        top = self.households["602"]
        self._start(top)
        self._choose_stance(top, "elevator", "need", most="50000")
        top.press("Send")
        top.says("Your answers are recorded", "50,000.00")
        ground = self.households["101"]
        self._start(ground)
        self._choose_stance(ground, "elevator", "oppose", reason="挡光")
        ground.press("Send")
        ground.says("Your answers are recorded", "挡光")

    def _start(self, phone: Reader) -> None:
        phone.go("/")
        phone.follow("Answer the menu")
        phone.says("Who will see what I say?")
        phone.follow("Begin", exact=True)

    def _choose_stance(
        self, phone: Reader, which: str, stance: str, *, most: str = "", reason: str = ""
    ) -> None:
        """One question a screen: the lights are needed, the elevator is answered as told."""
        for _question in range(2):
            if phone.heading == self.lights:
                phone.pick("stance", "need")
            else:
                share = self.shares["602" if stance == "need" else "101"]
                phone.says(yuan(share) if share else "nothing to pay")
                phone.pick("stance", stance)
                phone.fill(max_pay=most)
                if reason:
                    phone.fill(reason=reason)
            phone.press("Save and go on", exact=True)

    def object_(self) -> None:
        """The ground floor objects; the committee answers and takes it up in a new version."""
        ground, desk = self.households["101"], self.committee
        ground.go(f"/plans/{self.plan}/menu")
        ground.follow("Object to “%(title)s”", title=self.lift)
        ground.choose("option", label="贴墙井道电梯")
        ground.pick("ground", "light")
        ground.fill(body="井道贴着厨房窗户，白天也要开灯。")
        ground.press("Raise the objection")
        desk.go("/")
        desk.follow("Answer an objection to “%(title)s”", title=self.lift)
        desk.says("井道贴着厨房窗户，白天也要开灯。", "101")
        desk.fill(answer="井道外移 1.5 米，改用透明玻璃。")
        desk.press("Record the answer")
        desk.pick("outcome", "accepted")
        fresh = desk.word("A new version of “%(title)s” with this condition", title="贴墙井道电梯")
        desk.choose("version", label=fresh)
        desk.fill(condition="井道距厨房窗不少于 1.5 米。", note="方案已修改")
        desk.press("Record the outcome")
        ground.go("/")
        ground.follow("Your objection to “%(title)s” has an outcome", title=self.lift)
        ground.says("井道外移 1.5 米，改用透明玻璃。", "方案已修改")

    # --- the vote ---------------------------------------------------------------------------

    def draw_up(self) -> None:
        """The consultation is over; the motion of entrance 1 is drawn up, its roll is posted."""
        self.live.clock.move(days=11)
        desk = self.committee
        self.lin.sign_in()
        desk.go(f"/plans/{self.plan}/motions")
        desk.follow("Draw up a motion")
        desk.follow(f"{self.lift}: 贴墙井道电梯")
        desk.says("700,000.00", "300,000.00", "400,000.00")
        desk.choose("entrance", label="1单元")
        desk.press("Draw up", exact=True)
        self.motion = desk.page.url.rsplit("/motions/", 1)[1]
        desk.follow("Look at the roll and post it")
        desk.says("726.56", "尹志强", yuan(self.shares["602"]))
        desk.open("Post the roll")
        desk.press("Yes: %(action)s", action=desk.word("Post the roll"))
        self.lin.prove()

    def announce(self) -> None:
        """The dates proposed are taken; voting opens by the clock."""
        desk = self.committee
        desk.go(f"/motions/{self.motion}/announce")
        self.opens = datetime.fromisoformat(
            desk.page.locator("[name=opens_on]").input_value() + "T00:00:00+08:00"
        )
        last = desk.page.locator("[name=closes_on]").input_value()
        self.closes = datetime.fromisoformat(last + "T00:00:00+08:00") + timedelta(days=1)
        desk.press("Look at everything once more")
        desk.says("This cannot be undone", "400,000.00")
        desk.press("Hand to the second person")
        desk.says("It waits for a second person")
        self.zhou.release("This cannot be undone", "400,000.00")
        self.zhou.desk.says("The vote is announced. Print the notice and hang it up.")
        self.households["602"].go(f"/motions/{self.motion}")
        self.households["602"].says("Posted")
        self.live.clock.move_to(self.opens)

    def vote(self) -> None:
        """Eight owners vote on their phones; the first changes her mind."""
        for room, choice in VOTES.items():
            phone = self.households[room]
            phone.go("/")
            phone.follow("Vote now")
            own = self.shares[room] + (self.shares["302"] if room == "301" else 0)
            phone.says(yuan(own))
            self._cast(phone, choice)
        top = self.households["602"]
        top.go(f"/motions/{self.motion}/ballot")
        self._cast(top, "abstain")
        top.follow("Open the ballot again")
        self._cast(top, "agree")
        top.go(f"/motions/{self.motion}")
        turnout = top.page.locator(".meter-head").first.inner_text()
        assert "8" in turnout and "11" in turnout and "72.7" in turnout
        top.says("Who has taken part")
        top.says_not("Result")

    def _cast(self, phone: Reader, choice: str) -> None:
        phone.pick("choice", choice)
        phone.press("Go on", exact=True)
        phone.press("Send my vote")
        phone.says("Your vote is recorded")

    def count(self) -> None:
        """Closed by the clock, counted once: 7 of 8 heads, 481.08 of 543.43 m²."""
        self.live.clock.move_to(self.closes)
        self.lin.sign_in()
        desk = self.committee
        desk.go(f"/motions/{self.motion}")
        desk.open("Count the votes")
        desk.press("Yes: %(action)s", action=desk.word("Count the votes"))
        self.lin.prove()
        desk.says("Adopted", "543.43 m²", "183.13 m²", "481.08 m²", "62.35 m²")
        rows = desk.page.locator("table", has_text="543.43").locator("tbody tr").all_inner_texts()
        assert len(rows) == 4
        assert all(desk.word("reached") in row for row in rows)

    # --- the resolution and the contractor --------------------------------------------------

    def resolve(self) -> None:
        """The resolution is released, posted, and after its period in force."""
        desk = self.committee
        desk.go(f"/plans/{self.plan}/resolution")
        desk.page.locator("input[name=read]").check()
        desk.press("Hand to the second person")
        self.zhou.release(self.lift, "方案已修改")
        self.resolution = self.zhou.desk.page.url
        stranger = self.read(self.live, size=PHONE)
        stranger.go(self.resolution.removeprefix(self.live.address))
        stranger.says(self.lift, "400,000.00", "方案已修改", "8 / 11", "7 / 8", "75 %", "89 %")
        sixth = stranger.page.locator("tr", has_text="101,960.78").inner_text()
        assert yuan(self.shares["602"]) in sixth and yuan(self.shares["601"]) in sixth
        for name in NAMES:
            stranger.says_not(name)
        self.live.clock.move(days=40)
        stranger.page.reload()
        assert stranger.page.locator(".notice.success").count() == 1
        top = self.households["602"]
        top.go(f"/motions/{self.motion}")
        top.says("It is part of the building's resolution.")
        top.follow("Resolution %(number)s", number="工人新村3幢")

    def contract(self) -> None:
        """The company gets a sign-in and the list; the workbook names nobody."""
        desk = self.committee
        self.lin.sign_in()
        desk.follow("Accounts")
        desk.follow("Enter a company")
        self.lin.prove()
        desk.fill(name="安居电梯工程公司")
        desk.press("Save")
        desk.fill(name="施工方 安居", login="anju")
        desk.press("Make the account")
        _login, first = desk.page.locator(".letter-code").all_inner_texts()
        desk.go(self.resolution.removeprefix(self.live.address))
        desk.choose("company", label="安居电梯工程公司")
        desk.press("Read it once more")
        desk.press("Hand the list to %(company)s", company="安居电梯工程公司")
        builder = self.read(self.live, size=self.size)
        Member(self.live, builder, "anju").first_sign_in(first)
        builder.go("/requirements")
        builder.follow("工人新村 3幢")
        builder.says("贴墙井道电梯", "700,000.00", "400,000.00", "井道距厨房窗不少于 1.5 米。")
        with builder.page.expect_download() as waiting:
            builder.link("Download as a workbook (.xlsx)").click()
        self._check_workbook(waiting.value.path())

    def _check_workbook(self, path: Path) -> None:
        book = load_workbook(BytesIO(path.read_bytes()), read_only=True)
        cells = [
            cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
        ]
        book.close()
        texts = [str(cell) for cell in cells if cell is not None]
        assert 400_000 in cells and 700_000 in cells
        assert any("井道距厨房窗不少于 1.5 米" in text for text in texts)
        assert not [text for text in texts for name in NAMES if name in text]
        assert not [text for text in texts if PHONE_NUMBER.search(text)]
