"""Whose number it is: names of persons, and the words that make a number a public one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawler.api import Number, cards, date, id_numbers, mobiles

# The surnames of nine in ten people, with those frequent in Linxia (妥, 拜, 喇, 唐, 祁, 苟).
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜"
    "崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严赖覃洪武莫孔汤向常温康施文牛樊葛"
    "邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷曲盛冉翁蓝骆路"
    "游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑党宫费卜冷晏席卫米柏宗瞿桂全佟应"
    "臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝妥拜喇哈撒虎者仙靡辛丑孜牙"
)
_DOUBLE = "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯"
_NAME = rf"(?:(?:{_DOUBLE})[\u4e00-\u9fa5]{{1,2}}|[{_SURNAMES}][\u4e00-\u9fa5]{{1,2}}|马[\u4e00-\u9fa5]{{3}})"
_WHOLE_NAME = re.compile(rf"{_NAME}(?:[（(][男女][)）])?")
# What ends thus is a place or a body; what begins thus is a word.
_NO_NAME_END = re.compile(
    r"[局处科所站办部院校店厂村镇乡县市区社馆室会厅组队团号路街巷省州费额期量度率表式点日月年时分司行法]$"
)
_NO_NAME = frozenset(
    "安全 方式 方法 金额 时间 时限 高级 高中 成人 成绩 成都 江苏 "
    "广东 马上 文号 文件 文化 文明 文本 路线 白天 全部 全体 全程 "
    "单位 单价 明细 明确 常用 常见 常住 向上 关系 关于 任务 任职 "
    "康复 武汉 石家庄 万元 金昌 连接 简介 车辆 项目 应急 边界 商品 "
    "和政 康乐 平安 东乡 施工 管理 管道 温馨 华东 华北 时段 解决 "
    "解释 简历 申请 申报 申领 宁夏 安徽 河北 辛苦 高速 于是 何时 "
    "包括 包含 包车 毕业 程序 党员 党委 党组 应当 全国 全省 全州 "
    "全县 全市 明年 查询 查看 查阅 师生 师傅 温度 龙江 白银 兰州 "
    "天水 张掖 甘南 甘肃 定西 常务 常委 田间 牛羊 牛肉 麦田 "
    "章程 章节 季节 严重 严格 莫名 聂耳 池塘 成立 成员 成果".split()
)
_PAD = r"[\s,，、:：;；|/\-—（(\[【“\"]*"
_LABEL = (
    r"(?:(?:本人|联系|家庭|移动|私人)?(?:电话|手机|手机号码?|手机号|号码|联系方式|联系号码|Tel|TEL|tel)(?:号码|号)?)"
)
_BEFORE_NUMBER = re.compile(
    rf"(?:^|[^\u4e00-\u9fa5]|姓名|申请人|户主|考生|学生|家长|患者|村民|居民|写信人|来信人|留言人|网友|当事人|投诉人|举报人|被告人?|原告)"
    rf"{_PAD}(?P<name>{_NAME})(?:同志|先生|女士|同学)?{_PAD}(?:[男女]{_PAD})?(?:\d{{1,3}}岁{_PAD})?{_LABEL}?[为是]?{_PAD}$"
)
# Numbers that are there to be called (RULES 7.4, PV-02): officers on duty, river chiefs, tenders, hotlines.
PUBLIC = re.compile(
    r"联系人|联络[人员]|咨询|值班|值守|热线|监督|举报电话|投诉电话|服务电话|服务监督|报名|预约|受理|办公|传真|客服|"
    r"订餐|订票|河长|湖长|林长|路长|田长|街长|"
    r"楼长|网格|防汛|防火|防灾|抗旱|应急|救援|包保|包抓|包联|帮扶|责任人|负责人|经办|采购|招标|投标|中标|成交|磋商|"
    r"询价|竞价|谈判|拍卖|招聘|"
    r"代理|供应商|项目经理|监理|施工|法定代表|委托代理|职务|岗位|单位|部门|局长|科长|主任|站长|所长|院长|校长|书记|"
    r"县长|市长|州长|镇长|乡长|村长|"
    r"警官|民警|警务|辅警|律师|公证|评估师|鉴定人|医师|家庭医生|村医|兽医|护林|护河|安全员|信息员|协管|管理员|执法|"
    r"调解员|人民陪审|志愿服务|导游|司机|"
    r"商户|门店|店铺|农家乐|合作社|公司|企业|经营|厂|酒店|宾馆|超市|销售|订购|认购|收购|求购|出租|转让|招租|租赁|"
    r"公众号|微信同号|新闻发言人|记者|通讯员|编辑"
)
_PUBLIC_TITLE = re.compile(
    r"河[湖]?长|林长|值班|招标|采购|中标|成交|磋商|询价|招聘|竞价|拍卖|通讯录|联系方式|电话|热线|网格|责任人|包保|"
    r"防汛|应急|执法|指南|办公|咨询|公开栏|名录|"
    r"联系|领导|机构|简介|渠道|出让|转让|招商|推介|农家乐|企业"
)
_PRIVATE = re.compile(
    r"身份证|家庭住址|住址|家住|户籍|户主|申请人|患者|考生|学生|学籍|家长|监护人|村民|低保|五保|特困|残疾|脱贫|"
    r"贫困户|危房|补助对象|补贴对象|受助|救助对象|"
    r"承租|保障家庭|被执行人|当事人|受害人|写信人|来信人|留言人|银行卡|一卡通|出生|年龄|性别|民族"
)
_CELL = 24  # characters: a line that is longer is no cell of a table
_NEAR = 6  # cells before the number that may hold the name
_AROUND = 40  # characters of a sentence that say whose number it is


@dataclass(frozen=True, slots=True)
class Text:
    """Words of a page or a file, a line a block or a row; rows of sheets have tabs between their cells."""

    title: str
    lines: tuple[str, ...]

    def heads(self) -> str:
        """Short lines and cells: what may be the head of a column."""
        cells = {cell.strip() for line in self.lines for cell in cells_of(line)}
        return " ".join(sorted(cell for cell in cells if 1 < len(cell) <= 12 and not any(c.isdigit() for c in cell)))


def text_of(title: str, words: str) -> Text:
    return Text(title, tuple(line for line in words.split("\n") if line.strip()))


def cells_of(line: str) -> list[str]:
    for gap in ("\t", "|", ","):
        if line.count(gap) >= 2:
            return line.split(gap)
    return [line]


def is_name(words: str) -> bool:
    bare = re.sub(r"\s", "", words)
    return bool(_WHOLE_NAME.fullmatch(bare)) and bare not in _NO_NAME and not _NO_NAME_END.search(bare)


def private_ids(text: Text, until: date) -> Iterator[Number]:
    """Identity numbers, but for those said to be a code of something else, or a specimen."""
    for number, line in enumerate(text.lines):
        for found in id_numbers(line, until):
            before = line[max(0, found.start - 14) : found.start] or (text.lines[number - 1][-14:] if number else "")
            if not _OTHER_CODE.search(before):
                yield found


# 证件编号 is an identity number; 订单编号 is none.
_OTHER_CODE = re.compile(
    r"(?:信用代码|机构代码|识别号|登记证?号|注册号|许可证?[编]?号|订单[编]?号|流水[编]?号|运单[编]?号|"
    r"快递[单]?[编]?号|序列号|受理[编]?号|业务[编]?号|项目[编]?(?:号|代码)|"
    r"合同[编]?号|发票[号代]?码?|票据[编]?号|文书[编]?号|案件?[编]?号|设备[编]?号|产品[编]?号|批次?号|条形?码|"
    r"样品[编]?号|工单[编]?号|监管码|单元号|不动产\S{0,4}号|宗地\S{0,4}号|"
    r"示例|样例|例如|样本|举例|ISBN|ISSN|DOI)[^\d\u4e00-\u9fa5]*$"
)


def private_mobiles(text: Text) -> Iterator[Number]:
    """Mobile numbers beside a person's name that nobody is meant to call."""
    if _PUBLIC_TITLE.search(text.title):
        return
    public_table: bool | None = None
    for number, line in enumerate(text.lines):
        for found in mobiles(line):
            cells = cells_of(line)
            if len(cells) > 1 or not line[: found.start].strip(" 0123456789.、:：（("):
                row = cells if len(cells) > 1 else _cells_before(text.lines, number)
                if public_table is None:
                    public_table = bool(PUBLIC.search(text.heads())) and not _PRIVATE.search(text.heads())
                if not public_table and any(map(is_name, row)) and not PUBLIC.search(" ".join(row)):
                    yield found
            elif _beside_name(text.lines, number, found):
                yield found


def _cells_before(lines: Sequence[str], number: int) -> list[str]:
    """A table whose cells are lines: the few before the number, up to the number of the row before."""
    found: list[str] = []
    for line in reversed(lines[max(0, number - _NEAR) : number]):
        if len(line) > _CELL or any(mobiles(line)):
            break
        found.append(line)
    return [*found, *(line for line in lines[number + 1 : number + 2] if len(line) <= _CELL and PUBLIC.search(line))]


def _beside_name(lines: Sequence[str], number: int, found: Number) -> bool:
    line = lines[number]
    before = line[: found.start]
    named = _BEFORE_NUMBER.search(before[-_AROUND:])
    after = re.match(rf"{_PAD}(?P<name>{_NAME})(?![\u4e00-\u9fa5])", line[found.end :]) if named is None else None
    match = named or after
    if match is None or not is_name(match["name"]):
        return False
    around = before[-_AROUND:] + line[found.end : found.end + 16]
    if number and len(lines[number - 1]) <= _CELL:
        around += lines[number - 1]
    return not PUBLIC.search(around)


def private_cards(text: Text) -> Iterator[Number]:
    """Card numbers beside 卡号 or 账号, but for the accounts of bodies, which are published to be paid into."""
    table = None
    for number, line in enumerate(text.lines):
        for found in cards(line):
            near = " ".join(text.lines[max(0, number - 3) : number + 3]) if len(line) > _CELL else ""
            near = near or " ".join(_window(text.lines, number))
            if _PAID_INTO.search(near):
                continue
            before = line[max(0, found.start - 30) : found.start]
            if table is None:
                table = bool(_CARD_HEAD.search(text.heads()) and _NAME_HEAD.search(text.heads()))
            unionpay = found.digits.startswith("62")
            if (
                _CARD_WORD.search(before)
                or (_ACCOUNT_WORD.search(before) and (unionpay or _names(near)))
                or (table and (unionpay or any(is_name(cell) for cell in _row(text.lines, number))))
            ):
                yield found


def _window(lines: Sequence[str], number: int) -> list[str]:
    return [line for line in lines[max(0, number - 4) : number + 3] if len(line) <= _CELL] + [lines[number]]


def _row(lines: Sequence[str], number: int) -> list[str]:
    cells = cells_of(lines[number])
    return cells if len(cells) > 1 else list(lines[max(0, number - _NEAR) : number])


def _names(words: str) -> bool:
    return any(is_name(word) for word in re.split(r"[^\u4e00-\u9fa5]+", words))


_CARD_WORD = re.compile(
    r"(?:银行卡|一卡通|社保卡|储蓄卡|惠农卡|存折|卡)(?:账)?(?:号码?|卡号)?[^\d\u4e00-\u9fa5]*$|卡号[^\d]{0,12}$"
)
_ACCOUNT_WORD = re.compile(r"(?:账|帐)(?:号|户)[^\d]{0,12}$")
_CARD_HEAD = re.compile(r"卡号|账号|帐号|银行账户|一卡通")
_NAME_HEAD = re.compile(r"姓\s*名|户主|申请人|受助人|领取人")
_PAID_INTO = re.compile(
    r"收款(?:单位|人|账户|方)|(?:账户|开户)名称?\s*[:：]?\s*[\u4e00-\u9fa5]{2,20}(?:局|会|中心|公司|院|校|所|厅|站|"
    r"馆|处|部|社|团|队)|户\s*名\s*[:：]?\s*[\u4e00-\u9fa5]{2,24}(?:局|会|中心|公司|院|校|所|厅|站|"
    r"馆|处|部|社|团|队|政府)|专户|对公|基本户|保证金|缴费|缴款|汇款|捐款|捐赠|缴纳|财政局|国库|信用代码|项目编号|"
    r"订单|流水号|编号\s*[:：]?\s*$"
)

_ADDRESS_HEAD = re.compile(
    r"家庭(?:详细)?(?:住|地)址|户籍(?:所在)?地址?|(?:现|常|居)?住址|居住地址?|现居住地|家庭所在地|家庭位置"
)
_ADDRESS_SIGNS = ("址", "户籍", "居住地", "家庭所在地", "家庭位置")  # each match of the above holds one of them
# Each repetition has an end: 100,000 letters or digits in a row cost a second, not minutes.
_FINE = re.compile(
    r"[\u4e00-\u9fa5]{2,60}(?:"
    r"(?:路|街|巷|道|弄|胡同|小区|花园|家园|社区|新村|公寓|村|苑|"
    r"城)[\u4e00-\u9fa5A-Za-z]{0,12}?[\d一二三四五六七八九十]{1,9}\s{0,3}[#-]?\d{0,9}\s{0,3}(?:号|栋|幢|楼|单元|室|户|组|社|队)"
    r"|村[\u4e00-\u9fa5]{1,6}(?:组|社|队)\d{0,9}号?)"
)
_NUMERAL = re.compile(r"[\d一二三四五六七八九十组社队]")
_BUSINESS = re.compile(
    r"公司|企业|店|厂|经营|机构|单位|学校|医院|诊所|药|超市|合作社|中心|酒店|宾馆|网点|站点|法人|法定代表|办公|"
    r"注册地址|场所|门市|银行"
)


def fine_addresses(text: Text) -> list[str]:
    """Rows of a list of persons whose address goes down to a house or a group; masked for whoever reads about it."""
    # The head of a column, or the words before the address: one of them is on some line, or there is nothing to find.
    if not any(sign in line for line in text.lines for sign in _ADDRESS_SIGNS):
        return []
    heads = text.heads()
    listed = bool(_NAME_HEAD.search(heads) and _ADDRESS_HEAD.search(heads))
    found = []
    for number, line in enumerate(text.lines):
        match = _FINE.search(line) if _NUMERAL.search(line) else None
        if match is None or _BUSINESS.search(line):
            continue
        cells = cells_of(line)
        if listed:
            row = cells if len(cells) > 1 else _cells_before(text.lines, number)
            if any(map(is_name, row)) and (len(cells) > 1 or len(line) <= 2 * _CELL):
                found.append(_coarse(match[0]))
        elif _ADDRESS_HEAD.search(line[: match.start() + 1][-16:]) and _names(line[: match.start()]):
            found.append(_coarse(match[0]))
    return found


def _coarse(address: str) -> str:
    """Down to the town or street, as an address may be published."""
    town = re.match(r"[\u4e00-\u9fa5]*?(?:镇|乡|街道|村|路|街|社区|小区)", address)
    return f"{town[0] if town else address[:4]}****"
