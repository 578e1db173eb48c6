"""工人新村 as the tests know it: places, and people with a reason to be there.

3幢 has two entrances of six floors with two dwellings each; 8幢 has the developer's two unsold
flats and a garage; 幸福里 is another community whose people must see nothing of ours.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from domain.accounts import Actor, Capacity, Role
from domain.vocabulary import AreaSource, Occupancy, OwnerKind, Tenure
from models.accounts import Account, Company, RoleGrant
from models.register import Building, Community, Dwelling, Entrance, Owner, Ownership
from services.transaction import transaction

# Entrance 1 of 3幢, from the ground up: owners of room 01 and of room 02 on each floor.
FIRST_ENTRANCE = (
    (("杜文斌",), ("姚志强",)),
    (("周慧敏", "丁援朝"), ("马雨桐",)),
    (("尹志强",), ("尹志强",)),
    (("陈建华",), ("谭玥",)),
    (("吴德明",), ("孙立新",)),
    (("钟志强",), ("邱国强",)),
)
SECOND_ENTRANCE = (
    (("邓爱民",), ("南京第二机床厂",)),
    (("尹堃",), ("黄素芬",)),
    (("杨立新",), ("高春生",)),
    (("崔文斌",), ("孟国强",)),
    (("江雪琴",), ("秦海燕",)),
    (("朱爱民",), ("江晓东",)),
)
DEVELOPER = "南京新苑房地产开发有限公司"


class World:
    """Places and people, made through the models; each person's account is an attribute."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self.clock = clock
        self.now = clock()
        self._owners: dict[tuple[int, str], Owner] = {}
        with transaction() as session:
            self.session = session
            self._build_places()
            self._invite_people()
        del self.session

    # --- places ---------------------------------------------------------------------------

    def _build_places(self) -> None:
        self.community = self._community("工人新村", "nanjing")
        self.building = self._building(self.community, "3幢", "3")
        self.first_entrance = self._entrance(self.building, "1单元", "1", FIRST_ENTRANCE)
        self.second_entrance = self._entrance(self.building, "2单元", "2", SECOND_ENTRANCE)
        self.tower = self._building(self.community, "8幢", "8")
        tower = self._entrance(self.tower, "1单元", "1", ((("雷国强",), ("夏志强",)),))
        for room in ("701", "702"):
            self._dwelling(tower, room, 7, 8419, (DEVELOPER,), tenure=Tenure.DEVELOPER)
        self._dwelling(tower, "车库1", -1, 1820, ("雷国强",), counts=False)
        self.other_community = self._community("幸福里", "default")
        self.other_building = self._building(self.other_community, "1幢", "1")
        self.other_entrance = self._entrance(
            self.other_building, "1单元", "1", ((("外人甲",), ("外人乙",)),)
        )

    def _community(self, name: str, city: str) -> Community:
        community = Community(name=name, city=city, address="", created_at=self.now)
        self.session.add(community)
        self.session.flush()
        return community

    def _building(self, community: Community, name: str, key: str) -> Building:
        building = Building(community=community, name=name, key=key, sort_key=key.zfill(6))
        self.session.add(building)
        self.session.flush()
        return building

    def _entrance(
        self,
        building: Building,
        name: str,
        key: str,
        floors: Iterable[tuple[tuple[str, ...], tuple[str, ...]]],
    ) -> Entrance:
        entrance = Entrance(building=building, name=name, key=key, sort_key=key.zfill(6))
        self.session.add(entrance)
        for floor, (left, right) in enumerate(floors, start=1):
            lower = floor < 6
            self._dwelling(entrance, f"{floor}01", floor, 6235 if lower else 6188, left)
            self._dwelling(entrance, f"{floor}02", floor, 5890 if lower else 5843, right)
        self.session.flush()
        return entrance

    def _dwelling(
        self,
        entrance: Entrance,
        room: str,
        floor: int,
        area: int,
        owners: tuple[str, ...],
        *,
        tenure: Tenure = Tenure.PRIVATE,
        counts: bool = True,
    ) -> None:
        dwelling = Dwelling(
            entrance=entrance,
            room=room,
            floor=floor,
            area=area,
            area_source=AreaSource.REGISTER,
            tenure=tenure,
            occupancy=Occupancy.OWNER,
            counts=counts,
        )
        self.session.add(dwelling)
        for name in owners:
            owner = self._owner(entrance.building.community, name)
            self.session.add(Ownership(dwelling=dwelling, owner=owner))

    def _owner(self, community: Community, name: str) -> Owner:
        known = self._owners.get((community.id, name))
        if known is not None:
            return known
        kind = OwnerKind.DEVELOPER if name == DEVELOPER else OwnerKind.PERSON
        if name.endswith("厂"):
            kind = OwnerKind.COMPANY
        owner = Owner(community_id=community.id, name=name, kind=kind)
        self.session.add(owner)
        self._owners[community.id, name] = owner
        return owner

    def dwelling(self, room: str, entrance: Entrance | None = None) -> Dwelling:
        """A dwelling by its room, in entrance 1 of 3幢 unless told otherwise."""
        rooms = (entrance or self.first_entrance).dwellings
        return next(dwelling for dwelling in rooms if dwelling.room == room)

    def owner(self, name: str) -> Owner:
        """An owner in 工人新村 by name."""
        return self._owners[self.community.id, name]

    # --- people ---------------------------------------------------------------------------

    def _invite_people(self) -> None:
        self.administrator = self._account("系统管理员", Role.ADMINISTRATOR, login="admin")
        self.committee = self._staff("居委会 林主任", Role.COMMITTEE, self.community, "lin")
        self.second_committee = self._staff("居委会 小周", Role.COMMITTEE, self.community, "zhou")
        self.auditor = self._staff("审计 沈", Role.AUDITOR, self.community, "shen")
        self.other_committee = self._staff(
            "幸福里居委会", Role.COMMITTEE, self.other_community, "xing"
        )
        self.head = self._account("楼组长 崔", Role.STAIRWELL_HEAD, entrance=self.first_entrance)
        at = self.community.id
        self.company = Company(name="安居电梯工程公司", community_id=at, created_at=self.now)
        self.rival_company = Company(name="别家电梯公司", community_id=at, created_at=self.now)
        self.session.add_all([self.company, self.rival_company])
        self.session.flush()
        self.contractor = self._account(
            "施工方 安居", Role.CONTRACTOR, login="anju", company=self.company
        )
        self.rival_contractor = self._account(
            "施工方 别家", Role.CONTRACTOR, login="biejia", company=self.rival_company
        )
        first, second = self.first_entrance, self.second_entrance
        self.ground_floor = self._resident("杜文斌", "101", first)
        self.sixth_floor = self._resident("邱国强", "602", first)
        self.wife = self._resident("周慧敏", "201", first)
        self.husband = self._resident("丁援朝", "201", first)
        self.two_flats = self._resident("尹志强", "301", first)
        self.middle_floor = self._resident("陈建华", "401", first)
        self.next_door = self._resident("邓爱民", "101", second)
        self.factory = self._resident("南京第二机床厂", "102", second)
        self.tenant = self._resident("租客小李", "302", first, capacity=Capacity.TENANT)
        self.stranger = self._resident("外人甲", "101", self.other_entrance)

    def _account(
        self,
        name: str,
        role: Role,
        *,
        login: str | None = None,
        entrance: Entrance | None = None,
        company: Company | None = None,
        community: Community | None = None,
    ) -> Account:
        account = Account(display_name=name, login=login, created_at=self.now)
        building = entrance.building if entrance else None
        grant = RoleGrant(
            account=account,
            role=role,
            community_id=building.community_id if building else community and community.id,
            building_id=building.id if building else None,
            entrance_id=entrance.id if entrance else None,
            company_id=company.id if company else None,
            granted_at=self.now,
        )
        self.session.add_all([account, grant])
        self.session.flush()
        return account

    def _staff(self, name: str, role: Role, community: Community, login: str) -> Account:
        return self._account(name, role, login=login, community=community)

    def _resident(
        self,
        name: str,
        room: str,
        entrance: Entrance,
        *,
        capacity: Capacity = Capacity.OWNER,
    ) -> Account:
        dwelling = self.dwelling(room, entrance)
        community = entrance.building.community
        owner = self._owners.get((community.id, name))
        account = Account(display_name=name, created_at=self.now)
        grant = RoleGrant(
            account=account,
            role=Role.RESIDENT,
            community_id=community.id,
            building_id=entrance.building_id,
            entrance_id=entrance.id,
            dwelling_id=dwelling.id,
            capacity=capacity,
            owner_id=owner.id if owner and capacity is Capacity.OWNER else None,
            granted_at=self.now,
        )
        self.session.add_all([account, grant])
        self.session.flush()
        return account

    @staticmethod
    def actor(account: Account) -> Actor:
        """What services are handed for this account."""
        return account.actor()
