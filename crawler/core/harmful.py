"""The words of gambling, porn and fake papers, told from those of the police who write about them (FIELD 4.3)."""

# ruff: noqa: E501 -- a pattern cut in pieces is read by nobody

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

MOST: Final = 20_000  # characters looked at
ENOUGH: Final = 2  # a word nobody uses innocently weighs 2, any other 1

_LURE = r"(?:官网|官方|平台|网站|网址|注册|开户|登录|登陆|下载|入口|app|手机版|最新版|投注|代理|送彩金|优惠|博彩|娱乐|体育|赌场|导航|论坛)"
# Nobody names these but to sell them, or to warn of them.
_STRONG: Final = re.compile(
    r"六合彩|时时彩|百家乐|老虎机|新葡京|幸运飞艇|大发快三|开元棋牌|快三(?:开奖|计划|投注|平台)|滚球|赌球|沙巴体育|真钱(?:棋牌|游戏|麻将|斗地主)"
    r"|真人(?:荷官|娱乐|视讯|博彩|棋牌|赌)|(?:体育|足球|世界杯|电竞|线上|网上)(?:投注(?!站|厅|点)|博彩)"
    r"|博彩(?!业|税|监|法|执|行业|收入|股|牌照|经营|中介|企|旅游|服务|管理)|轮盘赌"
    r"|澳门(?:赌场|博彩(?!业|税|监|股|中介|企|旅游)|娱乐[城场]|真人)|(?:葡京|威尼斯人|亚博)(?:国际)?" + _LURE + r"|"
    r"(?:永利|金沙|银河|皇冠|太阳城|凯发|大发|凤凰|巴黎人|乐鱼|开云|九游|万博|必威|博狗)(?:国际)?(?:赌场|投注|博彩|现金网|(?:娱乐|体育)城?"
    r"(?:官网|平台|app|下载|注册|登录|投注|网址|入口|开户))|"
    r"娱乐(?:城|场)" + _LURE + r"|棋牌(?:平台|官网|下载|app|注册|开户)|赌(?:博|钱)" + _LURE + r"|"
    r"(?<!福利)(?<!体育)(?<!中国)彩票(?:平台|官网|网址|注册|下载|app|登录|开户|计划|投注(?!站|厅|点))"
    r"|(?<![a-z0-9])(?:bet|beat)\s?365|365\s?(?:bet|beat)|(?<![a-z])(?:betway|bbin|pk10|pk拾|ag(?:真人|平台|娱乐|旗舰)|(?:pt|mg|cq9|pg)电子)(?![a-z])"
    r"|成人(?:电影|视频|小说|网站|影院|色情|直播|图片|论坛)|色情(?:网站|视频|影院|直播|小说|电影|图片)|裸聊|约炮|援交|三级片|情色"
    r"|毛片|黄色(?:网站|视频|小说|电影|图片)|a片|激情(?:视频|小说|电影|图片)|无码(?:高清|视频|中文|av|电影)|(?:国产|日韩|欧美)(?:精品|自拍|偷拍|无码|av|性爱)"
    r"|刻章办证|办证刻章|(?:代办|办理?)(?:假|各类|各种)(?:证|文凭|毕业证|学历)|传奇(?:私服|sf)|新开(?:传奇|私服)|私服发布|蜘蛛池|催情|迷情药|迷药"
)
# Innocent by themselves; two of them, or one that somebody took pains to hide, are not.
_WEAK: Final = re.compile(
    r"博彩|娱乐[城场]|赌场|棋牌|葡京|威尼斯人|澳门(?:银河|金沙|永利|皇冠)|皇冠(?:现金|足球|体育)|彩票|(?<!彩票)投注(?!站|厅|点)|私服|外挂|壮阳|伟哥|代开发票|代考|办证|文凭|六和彩"
    r"|彩金|返水|下注|荷官|盘口|(?<![a-z])(?:casino|poker|porn|sex|viagra|lottery|slots?|bet\d{2,}|jackpot)(?![a-z])"
)
# Who writes these writes about the matter, not for it (BEHAVIOURS 77).
_AGAINST: Final = re.compile(
    r"打击|整治|警方|警惕|警示|提醒|提示|防范|防骗|拒绝|远离|抵制|骗|诈|案|法院|检察|涉[赌黄嫌毒]|禁[赌毒止]|戒赌|揭|曝光|治理|查[处获封办扣]"
    r"|抓[获捕]|被[抓捕判查]|破获|捣毁|缉|侦|刑|判|罚|犯罪|违法|违规|非法|取缔|清[理查]|整顿|专项|严禁|举报|投诉|参赌|聚众|危害|陷阱|教训|宣传|倡议|普法|反诈"
    r"|扫黄|净网|护苗|监管|监督|通报|通告|公告|公示|通知|公益金|福彩|体彩|中心|销售|许可|登记|备案|消防|安全|检查|办法|条例|规定|指南|告知|服务"
    r"|农家|养生|比赛|大赛|竞赛|研究|假冒|抽检|食品|药品"
)
_GLYPHS: Final = str.maketrans(
    "樂賭場娛線機體網門視頻註冊開戶現電遊戲無碼歐國產發證聯羅龍億貝",
    "乐赌场娱线机体网门视频注册开户现电游戏无码欧国产发证联罗龙亿贝",
)
_GAP: Final = re.compile(r"(?<=[\u4e00-\u9fff])[\s.·•*_|,，、\-]{1,3}(?=[\u4e00-\u9fff])")
_SEGMENT: Final = re.compile(r"[|_｜—–\-\n]+|\s{2,}|[【】]")
_HOST: Final = re.compile(
    r"(?:^|[.\-\d])(?:casino|poker|lottery|xpj|yabo|betway|kaiyun|leyu|ngty|(?:bet|beat|ag|hg|bbin|vns|pj|js|ylg|cp|tyc)\d{2,}|\d{2,}bet|\d*bet365|sexy?|porn|av\d{2,})(?=[.\-\d]|$)"
    r"|duchang|bocai|baijiale|caipiao|liuhecai|yulecheng|qipai"
)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """As a reader means it: full-width, traditional and invisible characters evened, lower-case."""
    folded = unicodedata.normalize("NFKC", text[:MOST])
    if not folded.isascii():
        folded = "".join(c for c in folded if unicodedata.category(c) not in {"Cf", "Mn", "Me"})
    return folded.translate(_GLYPHS).lower()


def words(text: str) -> tuple[str, ...]:
    """Distinct words of these trades, in order, with those written apart (百 家 乐)."""
    shown = plain(text)
    found = [
        m[0] for pattern in (_STRONG, _WEAK) for form in (shown, _GAP.sub("", shown)) for m in pattern.finditer(form)
    ]
    return tuple(dict.fromkeys(found))


def is_about(text: str) -> bool:
    """Whether it speaks of such things as police, courts and offices do."""
    return _AGAINST.search(plain(text)) is not None


def weight(text: str) -> int:
    """2 for each distinct word nobody uses innocently, 1 for any other; 0 where the text is about them."""
    shown = plain(text)
    if is_about(shown):
        return 0
    strong: set[str] = set()
    weak: set[str] = set()
    for form in (shown, _GAP.sub("", shown)):
        strong.update(_STRONG.findall(form))
        weak.update(word for word in _WEAK.findall(form) if not any(word in s for s in strong))
    return 2 * len(strong) + len(weak)


def lure(title: str) -> str:
    """The part of a title, between its dashes and bars, that advertises; "" where none does."""
    for part in (title, *_SEGMENT.split(title[:MOST])):
        if weight(part) >= ENOUGH:
            return " ".join(part.split())[:120]
    return ""


def is_casino_text(text: str) -> bool:
    """A whole page of it: many words of the trade and few of those who fight it."""
    shown = plain(text)
    return len(set(_STRONG.findall(shown))) >= 4 and len(_AGAINST.findall(shown)) < len(_STRONG.findall(shown)) / 2


@lru_cache(maxsize=4096)
def is_bad_host(host: str) -> bool:
    """Names such as bet365.example or 8888bet.example."""
    return _HOST.search(host) is not None
