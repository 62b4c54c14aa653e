"""An invented city bureau in the shape of a real one: units of four levels and 3,000 officers.

Names are put together at random from common surnames and given-name characters; they mean nobody. The same seed
gives the same bureau.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

OFFICERS = 3000
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万覃武钱戴严莫孔向常"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建文志国春海燕峰云飞宇浩凯健俊帆雪琳慧佳欣怡晨旭东辉鹏斌波宁翔博瑞睿晓梅婷颖倩雯莹洁琴凤"
COUNTIES = ("临江", "青田山", "白石", "云溪", "南浦", "东岭", "西河", "永丰", "长泽", "安澜", "和顺", "新塘")
DISTRICTS = ("城中", "城东", "城西", "江北", "高新")
PLACES = (
    "城关",
    "河东",
    "河西",
    "北门",
    "南门",
    "石桥",
    "柳林",
    "双塘",
    "龙泉",
    "凤山",
    "清水",
    "大湾",
    "沙溪",
    "古渡",
)

#: (short name, business line) of the 28 detachments.
DETACHMENTS = (
    ("刑事侦查", "criminal_investigation"), ("治安管理", "public_order"), ("经济犯罪侦查", "economic_crime"),
    ("禁毒", "narcotics"), ("交通警察", "traffic"), ("巡特警", "patrol_swat"), ("网络安全保卫", "cyber"),
    ("出入境管理", "exit_entry"), ("人口管理", "population"), ("法制", "legal"), ("监所管理", "custody"),
    ("指挥中心", "command"), ("警务保障", "logistics"), ("政治部人事", "political_work"), ("督察", "inspection"),
    ("信访", "petitions"), ("科技信息化", "tech_info"), ("食药环侦查", "food_drug_env"), ("反恐怖", "counter_terrorism"),
    ("政治安全保卫", "domestic_security"), ("技术侦察", "technical"), ("警务监督", "oversight"), ("机场", "patrol_swat"),
    ("轨道交通", "public_order"), ("水上", "public_order"), ("森林", "food_drug_env"), ("看守管理", "custody"),
    ("警卫", "command"),
)  # fmt: skip


@dataclass
class Unit:
    code: str
    name: str
    kind: str  # in the words of the trade, as a roster writes it
    parent: str | None  # name of the superior unit
    series: str
    lines: str
    head: str
    size: int = 0


@dataclass
class Person:
    number: str
    name: str
    unit: str
    post: str
    category: str
    since: tuple[int, int, int]
    coefficient: str


@dataclass
class Bureau:
    units: list[Unit] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)


def build(seed: int) -> Bureau:
    rng = random.Random(seed)
    bureau = Bureau(units=list(_units()))
    _share_out(bureau.units, rng)
    numbers = iter(rng.sample(range(100000, 199999), OFFICERS + 50))
    for unit in bureau.units:
        for place in range(unit.size):
            bureau.people.append(_person(unit, place, next(numbers), rng))
    return bureau


def _units() -> Iterator[Unit]:
    city = "江州市公安局"
    yield Unit("JZ", city, "市公安局", None, "", "", "局长", 4)
    yield Unit("JZK1", "县局考核办", "考核办", city, "", "", "主任", 5)
    yield Unit("JZK2", "机关考核办", "考核办", city, "", "", "主任", 5)
    for number, (name, line) in enumerate(DETACHMENTS, start=1):
        detachment = f"{name}支队"
        yield Unit(f"JZZ{number:02d}", detachment, "支队", city, "市局支队", line, "支队长")
        for n, brigade in enumerate(("一大队", "二大队", "综合大队"), start=1):
            yield Unit(f"JZZ{number:02d}{n}", name + brigade, "大队", detachment, "大队", line, "大队长")
    for number, county in enumerate(COUNTIES, start=1):
        yield from _territory(
            f"JZX{number:02d}", f"{county}县公安局", county, city, "县公安局", "县局", stations=6
        )
    for number, district in enumerate(DISTRICTS, start=1):
        yield from _territory(
            f"JZF{number:02d}", f"{district}分局", district, city, "分局", "分局", stations=5
        )


def _territory(
    code: str, name: str, place: str, city: str, kind: str, series: str, *, stations: int
) -> Iterator[Unit]:
    yield Unit(code, name, kind, city, series, "", "局长")
    if kind == "县公安局":
        yield Unit(f"{code}K", f"{place}县局考核办", "考核办", name, "", "", "主任")
    for n, (brigade, line) in enumerate(
        (("刑侦", "criminal_investigation"), ("治安", "public_order"), ("交警", "traffic")), start=1
    ):
        yield Unit(f"{code}D{n}", f"{place}{brigade}大队", "大队", name, "大队", line, "大队长")
        if brigade == "刑侦":
            yield Unit(
                f"{code}D{n}A", f"{place}刑侦大队一中队", "中队", f"{place}{brigade}大队", "", line, "中队长"
            )
    for n in range(stations):
        where = PLACES[(n + len(code) + int(code[3:5])) % len(PLACES)]
        yield Unit(
            f"{code}P{n + 1}", f"{place}{where}派出所", "派出所", name, "派出所", "public_order", "所长"
        )


def _share_out(units: list[Unit], rng: random.Random) -> None:
    """Spread what is left of the 3,000 over the units that have no fixed size, at least three a unit."""
    free = [unit for unit in units if not unit.size]
    left = OFFICERS - sum(unit.size for unit in units) - 3 * len(free)
    weights = [4 if unit.kind == "派出所" else 2 if unit.kind == "大队" else 1 for unit in free]
    for unit in free:
        unit.size = 3
    for unit in rng.choices(free, weights, k=left):
        unit.size += 1


def _person(unit: Unit, place: int, number: int, rng: random.Random) -> Person:
    if place == 0:
        post, category = unit.head, "民警"
    elif place == 1:
        post, category = f"副{unit.head}", "民警"
    else:
        category = rng.choices(("民警", "辅警", "文职"), (80, 17, 3))[0]
        post = {"民警": "民警", "辅警": "辅警", "文职": "文员"}[category]
    name = rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))
    since = (rng.randint(2008, 2025), rng.randint(1, 12), rng.randint(1, 28))
    coefficient = "1.2" if place == 0 else "1.1" if place == 1 else "1"
    return Person(f"{number:06d}", name, unit.name, post, category, since, coefficient)
