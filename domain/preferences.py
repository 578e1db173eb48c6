"""What a household may say about a menu item before any vote (意愿). Never a vote."""

from __future__ import annotations

from enum import StrEnum


class Stance(StrEnum):
    """需要, 可以接受, 无所谓, 反对. Opposing needs a reason."""

    NEED = "need"
    ACCEPT = "accept"
    INDIFFERENT = "indifferent"
    OPPOSE = "oppose"
