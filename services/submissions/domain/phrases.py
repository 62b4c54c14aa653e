"""Sentences that people use again and again."""

from enum import StrEnum

from kernel.errors import Forbidden


class PhraseKind(StrEnum):
    SUMMARY = "summary"
    RETURN = "return"
    REFUSAL = "refusal"
    REDUCTION = "reduction"
    APPEAL = "appeal"


class PhraseNotYours(Forbidden):
    code = "phrase-not-yours"
    zh = "只能修改自己的常用语,或您管理范围内共享的常用语"
    en = "You may change your own phrases, and the shared ones of the units that you answer for"


class SharingNotYours(Forbidden):
    code = "sharing-not-yours"
    zh = "只有单位负责人、审核员和考核办可以在其范围内共享常用语"
    en = "Phrases are shared by unit leaders, assessors and assessment offices, inside their scope"
