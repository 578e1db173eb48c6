"""The Chinese catalogue is complete."""

from tools import translate


def test_every_text_has_its_chinese():
    assert translate.faults() == []
