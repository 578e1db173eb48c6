"""The menu that the demo's committee has written."""

from __future__ import annotations

from domain.menus import DecidedBy, ItemClass, ItemDraft, OptionDraft, Payer

GUANGZHOU = {
    "kind": "floor_coefficient",
    "within": "area",
    "floors": {"1": "0", "2": "0.5", "3": "1", "4": "1.1", "5": "1.2", "6": "1.3", "7": "1.4"},
}
CITY_SUBSIDY = {"kind": "fixed", "amount": "300000.00"}

ELEVATOR = ItemDraft(
    title="加装电梯",
    item_class=ItemClass.IMPROVE,
    matter=7,
    unit="部",
    decided_by=DecidedBy.ENTRANCE,
    description="在单元楼梯间外加装一部电梯，方便老人上下楼。由各单元自己决定。",
    catalogue_key="elevator",
)
SHAFT = OptionDraft(
    title="北侧玻璃井道，半层停靠",
    quantity=1_00,
    unit_price=700_000_00,
    payer=Payer.HOUSEHOLDS,
    subsidy=CITY_SUBSIDY,
    scheme=GUANGZHOU,
    specification="载重 630 kg，速度 1.0 m/s，停靠楼梯休息平台，需再走半层",
    location="北侧楼梯间外",
)
PLATFORM = OptionDraft(
    title="南侧平层入户",
    quantity=1_00,
    unit_price=860_000_00,
    payer=Payer.HOUSEHOLDS,
    subsidy=CITY_SUBSIDY,
    scheme=GUANGZHOU,
    specification="载重 800 kg，可进轮椅和担架，停靠各层阳台外连廊",
    location="南侧阳台外",
)
LIGHTS = ItemDraft(
    title="楼道照明",
    item_class=ItemClass.BASIC,
    matter=5,
    unit="盏",
    decided_by=DecidedBy.BUILDING,
    description="更换楼道灯具和线路，晚上不再摸黑。",
    catalogue_key="stair_lighting",
)
LED = OptionDraft(
    title="人体感应 LED 灯",
    quantity=24_00,
    unit_price=180_00,
    payer=Payer.MAINTENANCE_FUND,
    specification="6 W，感应后亮 60 秒，含线管",
    location="各层楼梯平台",
)
CHARGING = ItemDraft(
    title="电动自行车充电棚",
    item_class=ItemClass.IMPROVE,
    matter=8,
    unit="处",
    decided_by=DecidedBy.BUILDING,
    description="在楼前设充电棚，不再拉线和上楼充电。",
    catalogue_key="ebike_charging",
)
SHED = OptionDraft(
    title="十二位充电棚，带烟感和断电保护",
    quantity=1_00,
    unit_price=38_600_00,
    payer=Payer.OPERATOR,
    specification="12 个车位，带烟感、过载断电、视频监控",
    location="楼东侧空地",
)
HANDRAILS = ItemDraft(
    title="楼梯扶手和休息座",
    item_class=ItemClass.IMPROVE,
    matter=9,
    unit="套",
    decided_by=DecidedBy.BUILDING,
    description="楼梯两侧加扶手，三楼、五楼平台加折叠座。",
    catalogue_key="rest_seats",
)
SEATS = OptionDraft(
    title="双侧扶手，两处折叠座",
    quantity=2_00,
    unit_price=6_400_00,
    payer=Payer.HOUSEHOLDS,
    scheme={"kind": "equal", "within": "area"},
    specification="防滑扶手，承重 120 kg 的折叠座",
    location="三层、五层平台",
)
WATER = ItemDraft(
    title="供水立管更新",
    item_class=ItemClass.BASIC,
    matter=7,
    unit="户",
    decided_by=DecidedBy.BUILDING,
    description="由财政全额出资，只征求意见，不需要表决。",
    consult_only=True,
    catalogue_key="water_supply",
)
PIPES = OptionDraft(
    title="不锈钢立管，水表出户",
    quantity=24_00,
    unit_price=2_150_00,
    payer=Payer.STATE,
    specification="DN50 不锈钢，智能远传水表",
    location="厨房外墙",
)

MENU: tuple[tuple[ItemDraft, tuple[OptionDraft, ...]], ...] = (
    (WATER, (PIPES,)),
    (LIGHTS, (LED,)),
    (ELEVATOR, (SHAFT, PLATFORM)),
    (CHARGING, (SHED,)),
    (HANDRAILS, (SEATS,)),
)
