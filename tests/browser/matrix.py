"""Who walks a journey in which language at which size: a few in every run, all of them in the long.

``LOUYI_HARD=1`` walks each journey in Chinese and in English at three sizes.
"""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from _pytest.mark.structures import ParameterSet

from tests.browser.reader import DESK, PHONE, TABLET
from tests.trust import HARD

LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
SIZES = {"phone": PHONE, "tablet": TABLET, "desk": DESK}
EVERY = tuple(f"{language}-{size}" for language in LANGUAGES for size in SIZES)


def walks(*short: str, own: Mapping[str, object] | None = None) -> list[ParameterSet]:
    """Language and size of each walk, named "zh-phone"; with ``own`` what is this walk's alone.

    ``short`` are the walks of every run.
    """
    unknown = set(short) - set(EVERY)
    assert not unknown, unknown
    found = []
    for name in EVERY if HARD else short:
        language, size = name.split("-")
        mine = (own[name],) if own is not None else ()
        found.append(pytest.param(LANGUAGES[language], SIZES[size], *mine, id=name))
    return found
