"""Names that are made up and look it: the sixty stem-and-branch pairs behind common surnames."""

from __future__ import annotations

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
STEMS = "甲乙丙丁戊己庚辛壬癸"
BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
PAIRS = tuple(STEMS[n % 10] + BRANCHES[n % 12] for n in range(60))
HAMLETS = tuple(f"{side}{stem}屯" for stem in STEMS for side in ("东", "西", "南", "北"))

DEPARTMENTS = (
    "组织部 宣传部 统战部 政法委 纪委监委机关 编办 党校 信访局 史志办 档案馆 总工会 团市委 妇联 科协 残联 工商联 红十字会 "
    "人大机关 政协机关 法院 检察院 政府办 发改局 教育局 科技局 工信局 民宗局 公安局 民政局 司法局 财政局 人社局 自然资源局 "
    "住建局 交通局 水利局 农业农村局 商务局 文旅局 卫健局 退役军人局 应急局 审计局 市场监管局 统计局 医保局 林业局 "
    "政务服务局 生态环境分局 气象局 税务局 供销社 邮政局 烟草局 供电公司 电信公司 移动公司 联通公司 农商行 农行支行 "
    "人民医院 公路段"
).split()
ENTERPRISES = (
    "青山木业 绿水矿泉 长岭药业 江湾食品 白桦家具 松风建材 云岭山货 北坡硅藻 春江米业 秋原果品 红松种苗 南岗运输 "
    "西岭养殖 东河纸业 新林蓝莓 古道客栈 山泉酒业 平川农机 金穗合作 银杏商贸"
).split()


def person_name(number: int) -> str:
    """The `number`-th name: 王甲子, 李乙丑 …; 1,800 different ones, then again from the start."""
    return SURNAMES[number % len(SURNAMES)] + PAIRS[(number // len(SURNAMES) + number) % 60]


def phone(number: int) -> str:
    """A phone number of a form that is not handed out."""
    return f"1990{number:07d}"
