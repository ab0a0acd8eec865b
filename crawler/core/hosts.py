"""Whose a host name is: offices, vendors of government sites, and names made to look like an office's."""

# ruff: noqa: E501 -- a pattern cut in pieces is read by nobody

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

# Second-level labels under which names of .cn are registered; others of two letters are provinces (gs.cn).
_SECOND_LEVEL: Final = frozenset({"gov", "com", "org", "net", "edu", "ac", "mil", "co", "gob"})
_OFFICIAL: Final = re.compile(
    r"(?:^|\.)(?:gov\.cn|政务|政务\.cn|conac\.cn|公益|mil\.cn|xinhuanet\.com|news\.cn|people\.com\.cn|people\.cn|cctv\.com|cctv\.cn"
    r"|chinanews\.com(?:\.cn)?|gmw\.cn|ce\.cn|china\.com\.cn|china\.cn|youth\.cn|qstheory\.cn|xuexi\.cn|12371\.cn|12377\.cn"
    r"|gansudaily\.com\.cn|gscn\.com\.cn|cnr\.cn|cri\.cn|12321\.cn)\Z"
)
# Vendors of government sites, browsers they recommend, social and statistics services, public CDNs.
_VENDOR: Final = re.compile(
    r"(?:^|\.)(?:hanweb\.com|trs\.cn|trs\.com\.cn|ucap\.com\.cn|kaipuyun\.cn|webber\.com\.cn|visualsite\.cn|jiathis\.com|bshare\.cn"
    r"|baidu\.com|bdstatic\.com|bcebos\.com|bdimg\.com|qq\.com|gtimg\.cn|gtimg\.com|weixin\.com|weibo\.com|weibo\.cn|sina\.com\.cn|sinaimg\.cn|sinajs\.cn"
    r"|douyin\.com|toutiao\.com|kuaishou\.com|microsoft\.com|google\.(?:com|cn)|googletagmanager\.com|google-analytics\.com|gstatic\.com"
    r"|chrome\.com|firefox\.com\.cn|mozilla\.org|mozilla\.com|opera\.com|360\.cn|360\.com|sogou\.com|uc\.cn|apple\.com|adobe\.com|cnzz\.com"
    r"|umeng\.com|51\.la|w3\.org|amap\.com|autonavi\.com|tianditu\.com|cnki\.net|aliyun\.com|aliyuncs\.com|alicdn\.com|myqcloud\.com|qiniucdn\.com"
    r"|alipay\.com|iqiyi\.com|youku\.com|bilibili\.com|zhihu\.com|ixigua\.com|miit\.com|windows\.com|so\.com|163\.com|sohu\.com|ifeng\.com"
    r"|yunaq\.com|anquan\.org|wza\.cn|voicecloud\.cn|github\.com|gridsumdissector\.com|jsdelivr\.net|bootcdn\.net|bootcss\.com|staticfile\.(?:org|net)"
    r"|cdnjs\.com|cloudflare\.com|unpkg\.com|jquery\.com|geetest\.com|facebook\.com|twitter\.com|linkedin\.com|browsehappy\.com)\Z"
)
_ADDRESS: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}\Z|\[|0x[0-9a-f]+\Z|\d{8,10}\Z")
_SYLLABLE: Final = r"(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|an|ao|ei|en|er|ia|ie|in|iu|ou|ua|ue|ui|un|uo|ve|[aeiouv])"
_PINYIN: Final = re.compile(rf"(?:{_SYLLABLE}){{2,6}}\Z")
# b/p/m with -ang are syllables, x/j/q with bare a, e, o are none: enough to tell linxi from linxa.
_NO_SYLLABLE: Final = re.compile(r"(?<![zcs])[jqx][aeo]|[bpmf]u[aeo]|[jqx](?:ang|eng|ong)|i[oi](?!ng)")
_MIN_NAME: Final = 5  # letters of a name that one edit is looked for in: lxs, lxx and klx are one edit apart
_TWINS: Final = str.maketrans("015834аеорсухіӏɡ", "oisbeaaeopcyxiig")


def registrable(host: str) -> str:
    """The part of a host name that somebody registered: linxia.gov.cn of jyj.linxia.gov.cn; an address is itself."""
    labels = host.lower().rstrip(".").split(".")
    if len(labels) <= 2 or labels[-1].isdigit():
        return ".".join(labels)
    country = len(labels[-1]) == 2
    deep = country and (labels[-2] in _SECOND_LEVEL or (labels[-1] == "cn" and len(labels[-2]) == 2))
    return ".".join(labels[-3:] if deep else labels[-2:])


def is_address(host: str) -> bool:
    """A number in place of a name."""
    return _ADDRESS.match(host) is not None


@lru_cache(maxsize=4096)
def is_trusted(host: str) -> bool:
    """An office's, a state medium's or a known vendor's."""
    name = host.rpartition("@")[2].partition(":")[0].rstrip(".").lower()
    return bool(_OFFICIAL.search(name) or _VENDOR.search(name))


# ── Look-alikes ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Genuine:
    """The names of registered offices; `imitated` says which one a host pretends to be."""

    def __init__(self, hosts: Iterable[str]) -> None:
        self.hosts = frozenset(host.lower() for host in hosts)
        self.names = {  # linxia -> linxia.gov.cn
            name.partition(".")[0]: name for name in map(registrable, self.hosts) if name.endswith(".gov.cn")
        }
        self._looks = {_skeleton(name): domain for name, domain in self.names.items()}
        self._memo: dict[str, str] = {}

    def imitated(self, host: str) -> str:
        """The genuine domain a host looks like; "" for those that are themselves, and for strangers."""
        if host not in self._memo:
            if len(self._memo) > 100_000:
                self._memo.clear()
            self._memo[host] = self._imitated(host)
        return self._memo[host]

    def _imitated(self, host: str) -> str:
        host = host.lower().rstrip(".")
        domain = registrable(host)
        if host in self.hosts or domain in self.names.values() or len(host) > 253 or is_address(host):
            return ""
        shown = _decoded(host)
        if found := re.search(r"(?:^|\.)([\w-]{1,60})\.gov\.cn\.", shown):  # linxia.gov.cn.com
            return self._looks.get(_skeleton(found[1]), f"{found[1]}.gov.cn")
        if domain.endswith(".gov.cn"):
            return self._in_gov(_decoded(domain).partition(".")[0])
        return self._outside(shown.split("."))

    def _outside(self, labels: list[str]) -> str:
        looks = [_skeleton(label) for label in labels]
        for before, after in itertools.pairwise(looks):
            if before in self._looks and after in {"gov", "govcn"}:  # linxia.g0v.cn, linxia.gov.com, linxia.gov-cn.com
                return self._looks[before]
        for label in looks[:-1]:
            for look, domain in self._looks.items():
                if label in {f"{look}gov", f"gov{look}", f"{look}govcn", f"www{look}gov"}:
                    return domain
        return ""

    def _in_gov(self, name: str) -> str:
        look = _skeleton(name)
        if look in self._looks:
            return self._looks[look]
        for genuine, domain in self.names.items():
            # Another county's name is a name: only what nobody could be called is taken for a slip.
            if len(genuine) >= _MIN_NAME and is_name(genuine) and not is_name(name) and _one_edit(name, genuine):
                return domain
        return ""


def is_name(text: str) -> bool:
    """Whether it can be read as a place in pinyin."""
    return _PINYIN.match(text) is not None and _NO_SYLLABLE.search(text) is None


def _decoded(host: str) -> str:
    """xn-- labels as they are shown."""
    labels = []
    for label in host.split("."):
        try:
            labels.append(label[4:].encode("ascii").decode("punycode") if label.startswith("xn--") else label)
        except (UnicodeError, ValueError):
            labels.append(label)
    return ".".join(labels)


def _skeleton(label: str) -> str:
    """What a hasty eye reads: 1inxia, lin-xia and linxiа (Cyrillic) are linxia."""
    even = unicodedata.normalize("NFKC", label).lower().replace("-", "").replace("_", "")
    even = "".join(c for c in unicodedata.normalize("NFD", even) if unicodedata.category(c) != "Mn")
    even = even.translate(_TWINS).replace("rn", "m").replace("vv", "w").replace("l", "i")
    return "gov" if even in {"qov", "gou", "gow"} else even


def _one_edit(one: str, other: str) -> bool:
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    first, second = one[start:], other[start:]
    return (
        first[1:] == second[1:]
        or first[1:] == second
        or first == second[1:]
        or (first[:2] == second[1::-1] and first[2:] == second[2:] and len(first) > 1)
    )
