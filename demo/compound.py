"""工人新村 before any plan: its roster, those who run it, the letters to its households."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from flask import current_app

from demo.people import Person
from domain.accounts import ANONYMOUS, Actor, Capacity, Role
from domain.codes import derive_key
from domain.register_drafts import CommunityDraft
from models.accounts import Account
from models.database import session
from models.register import Building, Community, Dwelling
from services import accounts, register, register_editing

ROSTER = Path(__file__).parent / "roster-gongren.xlsx"
PASSWORD = "gongren-xincun"
# Households whose letters lie unopened, so that whoever tries the demo can open one.
UNOPENED = {("8", "602"), ("8", "503"), ("5", "602")}


class Compound:
    """The place, told from ``start`` on; nothing is dated after ``until``."""

    def __init__(self, start: datetime, *, until: datetime) -> None:
        self.now = start
        self.until = until
        self.keys = count(1)
        self.key = derive_key(str(current_app.config["SECRET_KEY"]))
        # (dwelling, capacity) -> the account that opened its letter
        self.households: dict[tuple[int, Capacity], Account] = {}
        self.people: list[Person] = []

    def _wait(self, **delta: float) -> datetime:
        self.now = min(self.now + timedelta(**delta), self.until)
        return self.now

    def _wait_until(self, instant: datetime) -> datetime:
        self.now = min(max(self.now, instant), self.until)
        return self.now

    def _form_key(self) -> str:
        return f"demo-{next(self.keys):06d}"

    # --- the compound ---------------------------------------------------------------------

    def _found_the_compound(self) -> None:
        administrator = accounts.create_administrator(
            name="系统管理员", login="admin", password=PASSWORD, now=self.now
        )
        self.administrator = administrator
        first = accounts.create_first_member(
            administrator.actor(),
            community_name="工人新村",
            name="居委会 林主任",
            login="lin",
            now=self.now,
        )
        self.lin = self._settle(first)
        self.community = self._community()
        register_editing.edit_community(
            self.lin.actor(),
            self.community,
            CommunityDraft(name="工人新村", city="nanjing", address="南京市鼓楼区"),
            now=self.now,
        )
        upload = register.upload_roster(
            self.lin.actor(),
            self.community,
            file_name=ROSTER.name,
            data=ROSTER.read_bytes(),
            now=self._wait(hours=1),
        )
        preview = register.preview_import(upload)
        register.confirm_import(
            self.lin.actor(),
            upload,
            digest=preview.digest,
            retire_gone=None,
            now=self._wait(minutes=20),
        )
        self._appoint()

    def _community(self) -> Community:
        return session().get_one(Community, self.lin.grants[0].community_id)

    def _settle(self, first: accounts.FirstPassword) -> Account:
        """Staff choose the demo's password in place of the first one."""
        return accounts.set_password(
            first.account.actor(),
            login=first.login,
            old=first.password,
            new=PASSWORD,
            key=self.key,
            now=self.now,
        )

    def _appoint(self) -> None:
        lin, community = self.lin.actor(), self.community
        now = self._wait(hours=1)
        self.zhou = self._settle(
            accounts.create_staff(
                lin, community, role=Role.COMMITTEE, name="居委会 小周", login="zhou", now=now
            )
        )
        self.shen = self._settle(
            accounts.create_staff(
                lin, community, role=Role.AUDITOR, name="审计 老沈", login="shen", now=now
            )
        )
        entrance = community.buildings[1].entrances[0]
        self.head = self._settle(
            accounts.create_head(lin, entrance, name="楼组长 崔阿姨", login="cui", now=now)
        )
        self.company = accounts.create_company(lin, community, name="安居电梯工程公司", now=now)
        self.contractor = self._settle(
            accounts.create_contractor(lin, self.company, name="施工方 安居", login="anju", now=now)
        )

    # --- letters --------------------------------------------------------------------------

    def _dwellings(self, building: Building) -> Iterator[Dwelling]:
        for entrance in building.entrances:
            yield from (d for d in entrance.dwellings if d.counts)

    def _hand_out_letters(self) -> None:
        everyone = [d for b in self.community.buildings for d in self._dwellings(b)]
        by_door = {(d.entrance.building.name, d.entrance.name, d.room): d for d in everyone}
        letters = accounts.issue_codes(
            self.lin.actor(), everyone, key=self.key, now=self._wait(days=1)
        )
        for letter in letters:
            dwelling = by_door[letter.building, letter.entrance, letter.room]
            if (dwelling.entrance.building.key, dwelling.room) in UNOPENED:
                continue
            entered = accounts.redeem(letter.code, key=self.key, now=self._wait(minutes=3))
            self.households.setdefault((dwelling.id, letter.capacity), entered.account)

    def _household(self, dwelling: Dwelling, capacity: Capacity = Capacity.OWNER) -> Actor:
        account = self.households.get((dwelling.id, capacity))
        return account.actor() if account else ANONYMOUS
