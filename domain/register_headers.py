"""What a roster's columns and choices are called, in Chinese and English (formats.md, "Roster")."""

from __future__ import annotations

from domain.register_tables import Field
from domain.vocabulary import AreaSource, Occupancy, Tenure


def _each(text: str) -> tuple[str, ...]:
    return tuple(text.split())


BUILDING = Field(
    "building",
    _each("幢号 楼号 楼栋 栋号 楼栋号 楼幢 楼幢号 幢 栋 所在楼栋 所在幢 building building_no"),
)
ENTRANCE = Field("entrance", _each("单元 单元号 门洞 门洞号 楼道 所在单元 entrance stairwell"))
ROOM = Field(
    "room",
    _each("室号 房号 门牌号 房间号 户号 室 门牌 room room_no flat"),
    required=True,
)
FLOOR = Field("floor", _each("楼层 所在层 所在楼层 层次 floor storey story"))
AREA = Field(
    "area",
    _each("建筑面积 面积 房屋面积 产权面积 产证面积 登记面积 房屋建筑面积 area floor_area"),
    required=True,
)
AREA_SOURCE = Field("area_source", _each("面积依据 面积来源 area_source"))
OWNERS = Field(
    "owners",
    _each("产权人 业主 户主姓名 共有人 业主姓名 产权人姓名 户主 房主 权利人 共有权人 姓名")
    + _each("owners owner co-owner co-owners"),
    required=True,
    many=True,
)
TENURE = Field("tenure", _each("产权性质 房屋性质 产权类型 tenure"))
OCCUPANCY = Field("occupancy", _each("使用情况 是否出租 使用状况 居住情况 occupancy"))
PHONE = Field(
    "phone",
    _each("联系电话 手机 电话 手机号 手机号码 电话号码 联系方式 phone mobile"),
    many=True,
)
NOTE = Field("note", _each("备注 说明 note notes remarks"), many=True)
COUNTS = Field("counts", _each("计入表决 是否计入表决 counts"))

FIELDS = (
    BUILDING,
    ENTRANCE,
    ROOM,
    FLOOR,
    AREA,
    AREA_SOURCE,
    OWNERS,
    TENURE,
    OCCUPANCY,
    PHONE,
    NOTE,
    COUNTS,
)

TENURES = {
    Tenure.PRIVATE: _each(
        "私有 私产 私房 私有产权 个人 个人产权 商品房 房改房 已购公房 经济适用房 拆迁安置房 安置房"
        " private"
    ),
    Tenure.WORK_UNIT: _each(
        "单位自管 单位自管房 单位产权 单位 自管 自管公房 自管产 work_unit work-unit workunit"
    ),
    Tenure.PUBLIC: _each("公房 公有 公产 直管公房 直管 public"),
    Tenure.DEVELOPER: _each(
        "开发单位未售 开发商未售 开发企业未售 开发单位未交付 开发商未交付 未售 未交付 开发商"
        " 开发单位 建设单位 建设单位未售 建设单位未交付 建设单位未售或未交付 developer"
    ),
}
AREA_SOURCES = {
    AreaSource.REGISTER: _each(
        "产权登记 不动产登记 登记 产权证 房产证 不动产权证 房屋所有权证 register"
    ),
    AreaSource.SURVEY: _each("实测 测绘 测绘机构实测 实测面积 测绘报告 survey"),
    AreaSource.CONTRACT: _each("买卖合同 房屋买卖合同 合同 购房合同 商品房买卖合同 contract"),
}
# "Not let" leaves open whether the owner lives there or nobody does.
NOT_LET = _each("否 未出租 no false 0")
OCCUPANCIES = {
    Occupancy.OWNER: (*_each("自住 自用 业主自住 本人居住 owner"), *NOT_LET),
    Occupancy.LET: _each("出租 已出租 租赁 租住 是 yes true 1 let rented"),
    Occupancy.VACANT: _each("空置 空关 空房 闲置 无人居住 vacant empty"),
}
YES_NO = {True: _each("是 计入 yes true 1 y"), False: _each("否 不计入 不计 no false 0 n")}
TOTALS = _each("合计 总计 小计 共计 累计 总数 total subtotal sum")
# How the names of companies and other bodies end; the short endings only behind a longer name.
BODIES = _each(
    "公司 集团 委员会 学校 小学 中学 大学 医院 银行 办事处 中心 合作社 机关 事务所 管理处 房管所"
    " 供销社 招待所 研究所 居委会"
)
SHORT_BODIES = _each("厂 局 所 院 社 部 处 站 馆 店 会 队 ltd inc")
