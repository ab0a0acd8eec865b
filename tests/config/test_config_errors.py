"""Every fault of a configuration: where it is, and the part of the sentence that helps."""

import random
from pathlib import Path

import pytest

from crawler.config import ConfigError, UnknownSite, load

SITE = """\
id: lxs
name: 临夏市人民政府
code: "6229010001"
level: portal
platform: linxia-jpaas
home: https://www.lxs.gov.cn/
hosts: [www.lxs.gov.cn]
prefixes: [/lxs/]
confirmed: true
columns:
  - {id: zcwj, name: 政策文件, kind: 政策文件, url: "https://www.lxs.gov.cn/lxs/zc/index.html"}
"""
OTHER = """\
id: ghx
name: 广河县人民政府
level: portal
platform: linxia-jpaas
home: https://www.ghx.gov.cn/
hosts: [www.ghx.gov.cn]
prefixes: [/ghx/]
"""
COLUMN = SITE.splitlines()[-1]


def folder(tmp_path: Path, **files: str | bytes) -> Path:
    """Files by name, `__` for the folder: sites__lxs, platforms."""
    for name, content in {"sites__lxs": SITE, **files}.items():
        path = tmp_path / f"{name.replace('__', '/')}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return tmp_path


def faults(directory: Path) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(directory)
    assert str(caught.value).splitlines() == [str(problem) for problem in caught.value.problems]
    return [str(problem).removeprefix(f"{directory}/") for problem in caught.value.problems]


def column(**changes: str | None) -> str:
    values = {"id": "zcwj", "name": "政策文件", "kind": "政策文件", "url": '"https://www.lxs.gov.cn/lxs/zc/index.html"'}
    values |= {key: value for key, value in changes.items() if value is not None}
    return SITE.replace(COLUMN, "  - {" + ", ".join(f"{key}: {value}" for key, value in values.items()) + "}")


SITE_FAULTS = {
    "an unquoted code loses its leading zero": (
        SITE.replace('"6229010001"', "0229010001"),
        3,
        7,
        'code 是文字，要加引号：写成 "0229010001"；不加引号会当成数字，开头的 0 会丢',
    ),
    "an unquoted code": (SITE.replace('"6229010001"', "6229010001"), 3, 7, '写成 "6229010001"'),
    "a code of nine digits": (SITE.replace("6229010001", "622901000"), 3, 7, "应为 10 位数字或 bm 加 8 位数字"),
    "a level in other words": (
        SITE.replace("portal", "门户"),
        4,
        8,
        "level 只能写 portal 或 department，现在写的是 门户",
    ),
    "an unknown platform": (
        SITE.replace("linxia-jpaas", "linxia-jpas"),
        5,
        11,
        "没有平台 linxia-jpas，是不是 linxia-jpaas？",
    ),
    "a home without scheme": (SITE.replace("https://www.lxs.gov.cn/\n", "www.lxs.gov.cn\n"), 6, 7, "这样的完整网址"),
    "a home that no parser takes": (
        SITE.replace("cn/\n", "cn:99999/\n", 1),
        6,
        7,
        "网址 https://www.lxs.gov.cn:99999/ 写得不对",
    ),
    "a full-width colon in an address": (SITE.replace("https://www", "https：//www", 1), 6, 7, "请改成半角"),
    "a home on another host": (
        SITE.replace("home: https://www.lxs", "home: https://www.lxx"),
        6,
        7,
        "首页的主机 www.lxx.gov.cn 不在 hosts 里",
    ),
    "hosts as a scalar": (SITE.replace("[www.lxs.gov.cn]", "www.lxs.gov.cn"), 7, 8, "hosts 应写成列表"),
    "no host": (SITE.replace("[www.lxs.gov.cn]", "[]"), 7, 8, "hosts 至少要写 1 项"),
    "a host with a scheme": (SITE.replace("[www.lxs.gov.cn]", '["https://www.lxs.gov.cn/"]'), 7, 9, "应只写域名"),
    "a host with a port": (
        SITE.replace("[www.lxs.gov.cn]", '["www.lxs.gov.cn:8080"]'),
        7,
        9,
        "不带 http://、端口和路径",
    ),
    "a prefix without slash": (SITE.replace("[/lxs/]", "[lxs]"), 8, 12, "应写成 /lxs/ 这样"),
    "confirmed in words": (
        SITE.replace("true", "是"),
        9,
        12,
        "confirmed 应写成 true 或 false，不加引号，现在写的是 是",
    ),
    "an unknown key": (SITE + "hosst: [a.gov.cn]\n", 12, 1, "不认识的键 hosst，是不是 hosts？"),
    "an unknown key like none": (SITE + "zzz: 1\n", 12, 1, "可以写的键有：id、name、code"),
    "a missing key": (SITE.replace("name: 临夏市人民政府\n", ""), 1, 1, "缺少必填项 name"),
    "an empty name": (SITE.replace("name: 临夏市人民政府", "name:"), 2, 6, "name 应写成文字，现在是空的"),
    "a key twice": (SITE + "level: department\n", 12, 1, "键 level 重复（第4行已经写过）"),
    "an unknown kind": (column(kind="政策文档"), 11, 34, "没有“政策文档”这个栏目类别，是不是 政策文件"),
    "a kind like none": (column(kind="xyz"), 11, 34, "全部类别：概况信息、机构职能"),
    "基层公开 without field": (column(kind="基层公开"), 11, 34, "要同时写 field:"),
    "a field beside another kind": (column(field="安全生产"), 11, None, "只有 kind: 基层公开 的栏目才写 field"),
    "an unknown field": (column(kind="基层公开", field="安全生厂"), 11, None, "26 个领域之一，是不是 安全生产"),
    "a column elsewhere": (
        column(url="https://www.gansu.gov.cn/zc/"),
        11,
        None,
        "不在本网站范围内：主机 www.gansu.gov.cn",
    ),
    "a column without host": (column(url="/lxs/zc/"), 11, None, "网址 /lxs/zc/ 写得不对"),
    "a limit in words": (column(limit="两周"), 11, None, "应写成 30m、2s、1.5h、500ms 或 14d"),
    "a column twice": (SITE + COLUMN + "\n", 12, 10, "栏目 id zcwj 重复（第11行）"),
    "columns as a mapping": (SITE.replace(COLUMN, "  zcwj: {}"), 11, 3, "columns 应写成列表"),
    "an outage backwards": (
        SITE + "outages: [{from: 2026-02-02, to: 2026-02-01, number: 报备1号}]\n",
        12,
        11,
        "from 晚于 to",
    ),
    "an outage without number": (SITE + "outages: [{from: 2026-02-02, to: 2026-02-03}]\n", 12, 11, "缺少必填项 number"),
    "an outage in Chinese dates": (
        SITE + "outages: [{from: 2026年2月2日, to: 2026-02-03, number: x}]\n",
        12,
        18,
        "应写成 2026-01-31 或 2026-01-31 08:30",
    ),
    "a full-width colon": (
        SITE.replace("level: portal", "level：portal"),
        4,
        6,
        "全角冒号“：”，请改成半角冒号加一个空格",
    ),
    "no blank after the colon": (
        SITE.replace("level: portal", "level:portal"),
        4,
        6,
        "冒号后面要有一个空格：写成 level: …",
    ),
    "a tab": (SITE.replace("  - {id", "\t- {id"), 11, 1, "缩进用了制表符（Tab），请改成空格"),
    "an open quote": (SITE.replace('"6229010001"', '"6229010001'), None, None, "没有写完"),
    "an open bracket": (SITE.replace("[/lxs/]", "[/lxs/"), None, None, "方括号里缺少逗号或没有写完 ]"),
    "a value with a colon": (SITE.replace("name: 临夏市", "name: 临夏: 市"), 2, None, "值里有“: ”时请整个加引号"),
    "an unknown alias": (SITE.replace("portal", "*portal"), 4, 8, "以 * 开头的值请加引号"),
    "two documents": (SITE + "---\n" + SITE, None, None, "一个文件只能有一份内容"),
    "an empty file": ("", 1, 1, "文件是空的"),
    "comments alone": ("# 待填\n", 1, 1, "没有内容"),
    "a list": ("- a\n", 1, 1, "应写成“键: 值”的形式"),
    "a NUL": (SITE.replace("临夏市", "临夏\0市"), None, None, "控制字符"),
}


@pytest.mark.parametrize("case", SITE_FAULTS, ids=str)
def test_a_fault_in_a_site(case: str, tmp_path: Path) -> None:
    text, line, col, words = SITE_FAULTS[case]
    found = faults(folder(tmp_path, sites__lxs=text))
    assert len(found) == 1, found
    place, _, said = found[0].partition(": ")
    assert place.startswith("sites/lxs.yaml 第")
    if line is not None:
        assert f" 第{line}行 " in place, place
    if col is not None:
        assert place.endswith(f" 第{col}列"), place
    assert words in said


@pytest.mark.parametrize(
    "path",
    [
        "/lxs/zc/art/2025/art_ca97b2f1c0d94c1e8f3a5b6c7d8e9f01.html",
        "/art/2023/1/2/art_1_2.html",
        "/zwgk/202506/t20250603_123456.html",
        "/zhengce/content/202208/content_5704832.htm",
        "/info/1157/6912.htm",
    ],
)
def test_an_article_is_no_column_behaviour_23(path: str, tmp_path: Path) -> None:
    found = faults(folder(tmp_path, sites__lxs=column(url=f'"https://www.lxs.gov.cn{path}"')))
    assert len(found) == 1
    assert found[0].startswith("sites/lxs.yaml 第11行 ")
    assert "是一篇文章的网址，不是栏目" in found[0]


@pytest.mark.parametrize(
    "path", ["/lxs/art/index.html", "/content/", "/col/col1234/index.html", "/info/1157.htm", "/tz/"]
)
def test_a_column_that_only_sounds_like_an_article(path: str, tmp_path: Path) -> None:
    site = load(folder(tmp_path, sites__lxs=column(url=f'"https://www.lxs.gov.cn{path}"'))).site("lxs")
    assert site.columns[0].url.endswith(path)


def test_all_faults_of_all_files_are_named_at_once(tmp_path: Path) -> None:
    broken = (
        SITE.replace('"6229010001"', "6229010001").replace("kind: 政策文件", "kind: 政策文档").replace("portal", "x")
    )
    platforms = "- {id: linxia-jpaas, rate: 快, window: 22点}\n"
    found = faults(folder(tmp_path, sites__lxs=broken, sites__ghx=OTHER + "x: 1\n", platforms=platforms))
    assert [line.partition(": ")[0] for line in found] == [
        "platforms.yaml 第1行 第28列",
        "platforms.yaml 第1行 第39列",
        "sites/ghx.yaml 第8行 第1列",
        "sites/lxs.yaml 第3行 第7列",
        "sites/lxs.yaml 第4行 第8列",
        "sites/lxs.yaml 第11行 第34列",
    ]


def test_a_file_in_gbk(tmp_path: Path) -> None:
    found = faults(folder(tmp_path, sites__lxs=SITE.encode("gb18030")))
    assert found == ["sites/lxs.yaml 第2行 第7列: 文件不是 UTF-8 编码（可能是 GBK），请另存为 UTF-8"]


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    assert load(folder(tmp_path, sites__lxs=b"\xef\xbb\xbf" + SITE.encode())).site("lxs").id == "lxs"


def test_anchors_that_never_end(tmp_path: Path) -> None:
    laughs = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join([f'*{last}'] * 10)}]\n" for last, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert any("不要用 & 和 * 引用" in line for line in faults(folder(tmp_path, sites__lxs=laughs)))
    (tmp_path / "sites" / "lxs.yaml").write_text("a: &a [*a]\n")
    assert any("不要用 & 和 * 引用" in line for line in faults(tmp_path))


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    (folder(tmp_path) / "network.yaml").mkdir()
    assert faults(tmp_path) == ["network.yaml: 文件读不了：它是一个文件夹"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="配置文件夹不存在，请用 --config"):
        load(tmp_path / "nowhere")


def test_a_folder_without_sites(tmp_path: Path) -> None:
    assert "一个网站也没有登记" in faults(tmp_path)[0]


def test_a_site_file_that_would_not_be_read(tmp_path: Path) -> None:
    folder(tmp_path)
    (tmp_path / "sites" / "ghx.yml").write_text(OTHER)
    assert "扩展名应为 .yaml" in faults(tmp_path)[0]


@pytest.mark.parametrize("seed", range(30))
def test_a_slip_of_the_keyboard_is_never_a_crash(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    text = SITE
    for _ in range(2):
        at = chance.randrange(len(text))
        typed = chance.choice(["", "[", "}", '"', "：", "\t", "null", "- ", "!x ", "5", ": ", "*a", "|", "\n"])
        text = text[:at] + typed + text[at + chance.choice([0, 1, 5]) :]
    try:
        load(folder(tmp_path, sites__lxs=text))
    except ConfigError as error:
        assert all(problem.at.line for problem in error.problems)  # noqa: PT017 -- either way is right


# ── two sites ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("other", "place", "words"),
    [
        (OTHER.replace("id: ghx", "id: lxs"), "sites/lxs.yaml 第1行 第5列", "网站 id lxs 重复"),
        (OTHER + 'code: "6229010001"\n', "sites/lxs.yaml 第3行 第7列", "网站标识码 6229010001 重复"),
        (OTHER.replace("/ghx/", "/lxs"), "sites/lxs.yaml 第8行 第12列", "路径前缀 /lxs/ 重复"),
        (
            OTHER + '  \ncolumns:\n- {id: a, name: b, kind: 文件, url: "https://www.ghx.gov.cn/lxs/zc/"}\n',
            "sites/ghx.yaml 第10行 第35列",
            "属于网站 lxs（它登记了前缀 /lxs/）",
        ),
    ],
)
def test_two_sites_that_claim_the_same(other: str, place: str, words: str, tmp_path: Path) -> None:
    found = faults(folder(tmp_path, sites__ghx=other))
    assert len(found) == 1
    assert found[0].startswith(f"{place}: ")
    assert words in found[0]


def test_two_sites_on_one_host_need_prefixes(tmp_path: Path) -> None:
    bare = OTHER.replace("prefixes: [/ghx/]\n", "")
    found = faults(
        folder(tmp_path, sites__ghx=bare, sites__hzx=bare.replace("id: ghx", "id: hzx").replace("广河", "和政"))
    )
    assert found[0].startswith("sites/hzx.yaml 第6行 第9列: 主机 www.ghx.gov.cn 已由 ")
    assert "要各写 prefixes 分开" in found[0]


def test_an_unknown_site_is_offered_its_neighbours(tmp_path: Path) -> None:
    config = load(folder(tmp_path, sites__ghx=OTHER))
    with pytest.raises(UnknownSite, match=r"没有登记 id 为“lsx”的网站，是不是 lxs？全部网站见 govcheck sites"):
        config.site("lsx")
    with pytest.raises(ConfigError):
        config.site("zzzz")


# ── the other files ──────────────────────────────────────────────────────────────────────────────────────────────────

PLATFORM = "- {id: linxia-jpaas"
FILE_FAULTS = [
    ("platforms", "id: linxia-jpaas\n", "第1行 第1列", "应写成列表"),
    ("platforms", PLATFORM + "}\n" + PLATFORM + "}\n", "第2行 第8列", "平台 id linxia-jpaas 重复（第1行）"),
    ("platforms", PLATFORM + ", rate: 0}\n", "第1行 第28列", "rate 必须大于 0"),
    ("platforms", PLATFORM + ', rate: "1"}\n', "第1行 第28列", "rate 应写成数字，不加引号"),
    ("platforms", PLATFORM + ", concurrency: 1.5}\n", "第1行 第35列", "concurrency 应写成整数"),
    ("platforms", PLATFORM + ", window: 22:00-6点}\n", "第1行 第30列", '应写成 "22:00-06:00"'),
    ("platforms", PLATFORM + ", window: 06:00-06:00}\n", "第1行 第30列", "起止相同"),
    ("platforms", PLATFORM + ", robots: ignore}\n", "第1行 第30列", "robots: ignore 必须同时写 authorisation"),
    ("platforms", PLATFORM + ", robots_unknown: some}\n", "第1行 第38列", "只能写 columns、nothing 或 all"),
    ("platforms", PLATFORM + ", second_round_after: 30分}\n", "第1行 第42列", "时长 30分 写得不对，应写成 30m"),
    ("platforms", PLATFORM + ", clock: -1}\n", "第1行 第29列", "时长 -1 写得不对"),
    ("platforms", PLATFORM + ", ratee: 1}\n", "第1行 第22列", "不认识的键 ratee，是不是 rate"),
    (
        "sources",
        "- {id: a, name: b, level: central, format: csv, feed: no.csv}\n",
        "第1行 第55列",
        "找不到来源文件 no.csv",
    ),
    ("sources", "- {id: a, name: b, level: central, format: column, feed: no}\n", "第1行 第58列", "网址 no 写得不对"),
    ("sources", "- {id: a, name: b, level: central, format: csv}\n", "第1行 第3列", "缺少必填项 feed"),
    (
        "sources",
        '- {id: a, name: b, level: central, format: gov-json, feed: "https://www.gov.cn/x.json", owed_by: [protal]}\n',
        "第1行 第99列",
        "owed_by 的 protal 既不是 portal、department，也不是登记的网站 id，是不是 portal",
    ),
    ("network", "connect_to: {www.lxs.gov.cn: refused}\n", "第1行 第14列", '应写成 "www.lxs.gov.cn:443"'),
    (
        "network",
        'connect_to: {"*:80": 8080}\n',
        "第1行 第22列",
        '应写成 "127.0.0.1:8443"（地址:端口）、nxdomain 或 refused',
    ),
    ("network", 'connect_to: {"*:80": "127.0.0.1:70000"}\n', "第1行 第22列", "127.0.0.1:70000 写得不对"),
    ("network", "trust: ca.pem\n", "第1行 第8列", "找不到证书文件 ca.pem"),
    ("network", "proxy: 127.0.0.1\n", "第1行 第8列", "应写成 http://127.0.0.1:3128"),
    ("network", "canaries: [www.gov.cn]\n", "第1行 第12列", "网址 www.gov.cn 写得不对"),
    ("rules", "edition: a\noptions:\n  FT-01: {}\n  FT-01: {}\n", "第4行 第3列", "键 FT-01 重复（第3行已经写过）"),
    ("rules", "edition: a\noptions: {ft01: {}}\n", "第2行 第11列", "规则编号 ft01 写得不对，应写成 PF-02 这样"),
    ("rules", "edition: a\nsite_options: {lx: {}}\n", "第2行 第16列", "没有登记 id 为 lx 的网站，是不是 lxs"),
    ("rules", "packages: [rules]\n", "第1行 第1列", "缺少必填项 edition"),
    ("waf", "- {vendor: a, source: b, body: ['(']}\n", "第1行 第33列", "正则表达式 ( 写得不对"),
    ("waf", "- {vendor: a, source: b, status: [200]}\n", "第1行 第3列", "特征太宽"),
    ("holidays", "2026: {off: [2026-02-23..2026-02-15]}\n", "第1行 第14列", "应写成 2026-02-15..2026-02-23，前早后晚"),
    (
        "column_kinds",
        "kinds: [{kind: 政策文件, synonyms: [政策]}, {kind: 其他, synonyms: [政策]}]\n",
        "第1行 第61列",
        "“政策”重复",
    ),
    (
        "basis__x",
        "id: x\ntitle: a\nnumber: b\nclauses: [{id: a, text: b}, {id: a, text: c}]\n",
        "第4行 第34列",
        "条款 id a 重复",
    ),
    ("basis__x", "id: y\ntitle: a\nnumber: b\nclauses: [{id: a, text: b}]\n", "第1行 第5列", "要和文件名一致"),
]


@pytest.mark.parametrize(("name", "text", "place", "words"), FILE_FAULTS)
def test_a_fault_in_another_file(name: str, text: str, place: str, words: str, tmp_path: Path) -> None:
    found = faults(folder(tmp_path, **{name: text}))
    assert len(found) == 1, found
    assert found[0].startswith(f"{name.replace('__', '/')}.yaml {place}: "), found
    assert words in found[0]
