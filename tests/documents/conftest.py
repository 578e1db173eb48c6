"""A resolution as it is stored, in the form that was written before failed votes stood in it."""

import pytest


@pytest.fixture
def document():
    count = {
        "matter": 7,
        "rule": "special",
        "source_zh": "《民法典》第二百七十八条第二款",
        "source_en": "Civil Code art. 278 para. 2",
        "outcome": "adopted",
        "quorum": {"numerator": 2, "denominator": 3},
        "approval": {"numerator": 3, "denominator": 4, "included": True},
        "persons": {"total": 11, "participating": 11, "agree": 9, "quorum": True, "approval": True},
        "area": {
            "participating_percent": 100,
            "agree_percent": 82,
            "quorum": True,
            "approval": True,
        },
    }
    option = {
        "item": "加装电梯",
        "item_class": "improve",
        "title": "#panic() *贯通* <b>门</b>",
        "version": 2,
        "specification": "载重 630 kg",
        "unit": "台",
        "quantity": "1.00",
        "unit_price": "700000.00",
        "price": "700000.00",
        "subsidy": "200000.00",
        "net": "500000.00",
        "payer": "households",
        "scheme": {"kind": "area", "within": "area"},
        "location": "北侧",
        "requires": "",
        "excludes": "",
        "constraints": "22 时后不施工",
    }
    return {
        "number": "工人新村3幢〔2026〕1号",
        "community": "工人新村",
        "building": "3幢",
        "issued_at": "2026-09-01T09:00:00+08:00",
        "in_force_at": "2026-09-12T00:00:00+08:00",
        "notice_days": 10,
        "motions": [
            {
                "number": 1,
                "title": "加装电梯",
                "text": "同意在 1 单元北侧加装电梯一台。",
                "entrance": "1单元",
                "option": option,
                "shares": [
                    {
                        "floor": 6,
                        "dwellings": 2,
                        "lowest": "1.00",
                        "highest": "2.00",
                        "total": "3.00",
                    }
                ],
                "count": count,
                "count_digest": "ab" * 32,
                "objections": [{"ground": "light", "outcome": "accepted", "note": "井道改透明"}],
            }
        ],
        "not_adopted": [{"item": "增设充电", "option": "六位", "reason": "rejected"}],
        "demand": [],
        "disclosure": {"policy": "banded", "threshold": 10, "exact_areas": False},
        "audit": {"seq": 7, "digest": "cd" * 32},
    }
