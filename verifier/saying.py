"""What the verifier says, in English and in Chinese."""

from __future__ import annotations

import re

PLACES = {"motion": "事项", "voter": "表决权人"}
TEXTS = {
    "unreadable": ("cannot be read: {why}", "无法读取：{why}"),
    "file_missing": ("{name} is missing", "缺少 {name}"),
    "file_unexpected": ("{name} does not belong in a bundle", "{name} 不属于文件包"),
    "file_twice": ("{name} is there twice", "{name} 重复"),
    "evidence_incomplete": (
        "counts.json, roll.json and ballots.json belong together, {name} is missing",
        "counts.json、roll.json、ballots.json 必须齐全，缺少 {name}",
    ),
    "key_malformed": (
        "public_key is not an Ed25519 key in PEM",
        "public_key 不是 PEM 格式的 Ed25519 公钥",
    ),
    "key_other": (
        "the bundle is signed with another key than expected: {found}",
        "签名公钥与指定的公钥不同：{found}",
    ),
    "signature_malformed": (
        "signature is not 64 bytes in base64",
        "signature 不是 64 字节的 base64 编码",
    ),
    "signature_wrong": (
        "the signature does not fit resolution.json",
        "签名与 resolution.json 不符",
    ),
    "not_canonical": ("{name} is not canonical JSON", "{name} 不是规范形式的 JSON"),
    "form_wrong": ("{where} is not of the form described", "{where} 不符合规定的格式"),
    "differs": (
        "{where}: it says {said}, but it must be {found}",
        "{where}：写的是 {said}，应为 {found}",
    ),
    "digest_differs": (
        "{where} is not the one that was recorded (its digest differs)",
        "{where} 与记录的摘要不符，不是原件",
    ),
    "roll_area": (
        "{where}: no dwelling, or one without area",
        "{where}：没有房屋，或房屋没有面积",
    ),
    "roll_twice": ("{where}: {place} stands on the roll twice", "{where}：{place} 在清册中重复"),
    "roll_owners": (
        "{where}: the owners do not fit the kind of voter",
        "{where}：产权人与表决权人类别不符",
    ),
    "roll_representative": (
        "{where}: the representative is not one of the owners",
        "{where}：代表人不是产权人",
    ),
    "roll_buyer": ("{where}: one buyer is two voters", "{where}：同一买受人被列为两名表决权人"),
    "ballot_commitment": (
        "{where}, ballot {receipt}: it is not as it was cast",
        "{where}，表决票 {receipt}：内容与投票时不符",
    ),
    "ballot_person": (
        "{where}, ballot {receipt}: not cast by an owner of this voter",
        "{where}，表决票 {receipt}：投票人不是该表决权人的产权人",
    ),
    "ballot_choice": (
        "{where}, ballot {receipt}: no such choice or channel",
        "{where}，表决票 {receipt}：选项或投票方式不存在",
    ),
    "ballot_time": (
        "{where}, ballot {receipt}: not cast while the vote was open",
        "{where}，表决票 {receipt}：不在表决期间内",
    ),
    "ballot_voter": (
        "{where}, ballot {receipt}: its voter is not on the roll",
        "{where}，表决票 {receipt}：表决权人不在清册中",
    ),
    "ballot_order": (
        "{where}, ballot {receipt}: it is out of order, or one is left out",
        "{where}，表决票 {receipt}：次序不对或有遗漏",
    ),
    "ballot_twice": (
        "{where}, ballot {receipt}: it stands twice, or says more than a ballot does",
        "{where}，表决票 {receipt}：重复或含有多余内容",
    ),
    "platform_exceeds_roll": (
        "{where}: the roll has no room for these totals",
        "{where}：清册容不下这些合计数",
    ),
    "statement_of_another": (
        "statements.json, {number}: it speaks of another resolution",
        "statements.json 第 {number} 份：所指的不是本决议",
    ),
    "statement_order": (
        "statements.json, {number}: it does not follow from what was stated before",
        "statements.json 第 {number} 份：与此前的声明不衔接",
    ),
    "from_totals": (
        "motion {motion}: the totals come from {authority}, document {document} of {date}; the "
        "arithmetic and the rule were checked, single ballots are not in that document",
        "第 {motion} 号：合计数出自{authority} {date} 文号 {document}；"
        "已核对算术和规则，该文件没有逐票记录",
    ),
    "from_document": (
        "motion {motion}: the result rests on {authority}, document {document} of {date}",
        "第 {motion} 号：结果以{authority} {date} 文号 {document} 为准",
    ),
    "from_list": (
        "motion {motion}: the online ballots are those listed by {authority}, document {document} "
        "of {date}",
        "第 {motion} 号：线上表决票以{authority} {date} 文号 {document} 的清单为准",
    ),
    "suspended": (
        "SUSPENDED by {authority}, document {document} of {date}",
        "已中止执行：{authority} {date} 文号 {document}",
    ),
    "resumed": (
        "in force again by {authority}, document {document} of {date}",
        "恢复执行：{authority} {date} 文号 {document}",
    ),
    "annulled": (
        "ANNULLED by {authority}, document {document} of {date}",
        "已被撤销：{authority} {date} 文号 {document}",
    ),
    "withdrawn": (
        "WITHDRAWN by {authority}, document {document} of {date}",
        "已收回：{authority} {date} 文号 {document}",
    ),
    "statement_key_other": (
        "that statement is signed with another key than the resolution: {key}",
        "该声明的签名公钥与决议不同：{key}",
    ),
    "not_recounted": (
        "motion {motions} comes without roll and ballots and cannot be recounted",
        "第 {motions} 号表决事项没有附清册和表决票，无法重新计票",
    ),
    "audit_broken": (
        "audit log: entry {seq} does not follow from those before it",
        "审计记录第 {seq} 条与之前的记录不衔接",
    ),
    "audit_lacks": ("audit log: {what} is not in it", "审计记录中没有{what}"),
    "valid": ("valid", "有效 valid"),
    "number": ("resolution {number}", "决议：{number}"),
    "recounted": (
        "recounted from roll and ballots: motion {motions}",
        "已按清册和表决票重新计票：第 {motions} 号",
    ),
    "left_out": (
        "not recounted, because roll and ballots are not in this bundle: motion {motions}",
        "文件包中没有清册和表决票，未重新计票：第 {motions} 号",
    ),
    "key_compared": ("signed with the expected key {key}", "签名公钥与指定的一致：{key}"),
    "key_not_compared": (
        "the key was not compared with a published one (use --key): {key}",
        "没有与公布的公钥核对（请用 --key 指定）：{key}",
    ),
    "audit_fits": (
        "the audit log is whole and contains the resolution's anchor",
        "审计记录完整，并包含决议所引的一条",
    ),
}


class Fault(Exception):
    """Something is not valid; ``code`` names its sentence."""

    status = 1

    def __init__(self, code: str, **params: object) -> None:
        self.code, self.params = code, params
        super().__init__(say(code, params))


class Unreadable(Fault):
    """There is nothing that could be checked."""

    status = 2


def say(code: str, params: dict[str, object], chinese: bool = False) -> str:
    """The sentence of a code."""
    if chinese and "where" in params:
        where = re.sub(r"motion|voter", lambda word: PLACES[word[0]], str(params["where"]))
        params = {**params, "where": where}
    return TEXTS[code][chinese].format(**params)
