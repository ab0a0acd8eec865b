"""LK-09: an attachment whose name says nothing."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from crawler.api import Attachment, Finding, PageView, Said, Severity, cite, page_rule

_SUFFIX = re.compile(r"\.[a-z0-9]{2,5}\s*(?:[(（\[【][^)）\]】]{0,30}[)）\]】])?\s*$", re.IGNORECASE)
_NUMBERED = re.compile(r"^\s*(?:附\s*件|附\s*表|附)\s*[一二三四五六七八九十\d]*\s*[:：.、-]?\s*")
_BUTTON = re.compile(
    r"^(?:点击|立即|文件|附件|原文|全文|文档|表格|在线|查看|预览|下载|打印|此处|这里|版|格式|pdf|word|wps|ofd|docx?|xlsx?)*$",
    re.IGNORECASE,
)
_DEFAULT = re.compile(
    r"^(?:新建|未命名|无标题|副本|untitled|new|document|microsoft|word|excel|文档|工作表|文本|演示文稿|\W|\d)+$|^(?:微信图片|qq截图|mmexport|img|scan|扫描件?)[\W_\d]*$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"^[\d\W_]+$")
_RANDOM = re.compile(
    r"^(?:[a-z]{0,2}\d{8,}[\w-]*|[0-9a-f-]{16,}|(?=[a-z]*\d)(?=\d*[a-z])[0-9a-z]{20,})$", re.IGNORECASE
)
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2}")
_PARAMETERS = frozenset({"filename", "file_name", "attname", "name", "fname", "title"})

_KINDS = {
    "digits": "附件名称只有数字",
    "random": "附件名称是系统生成的乱码",
    "default": "附件用的是软件的默认名称",
}


@page_rule("LK-09", severity=Severity.HINT, basis=(cite("guobanfa-2017-47", "attachments.name"),))
def unnamed_attachment(page: PageView) -> Iterator[Said]:
    """附件命名不规范

    为什么: 叫“20220311001.pdf”“W0202….doc”“新建文档.docx”的附件，公众下载前不知道是什么，下载后也找不到。

    看什么: 附件链接的文字（没有文字的看文件名）是不是只有数字、一串随机字母数字或软件的默认名称。
    “附件1”“下载”这样的短标签算可以；有文字的链接，服务器上的文件名叫什么不管。

    怎么改: 上传前按内容给文件起名，链接文字写上文件名称。
    """
    for attachment in page.facts.attachments:
        kind, name = _fault(attachment)
        if kind:
            yield Finding(
                message=f"{_KINDS[kind]}：{name[:60]}",
                at=page.place(quote=attachment.text or name),
                key=kind,
                target=attachment.url,
                evidence={"附件名称": name[:120], "附件地址": attachment.url},
                per="site",
            )


def _fault(attachment: Attachment) -> tuple[str, str]:
    text = attachment.text.strip()
    shown = text or _file_name(attachment.url)
    name = _NUMBERED.sub("", _SUFFIX.sub("", shown)).strip()
    if not name or _BUTTON.match(re.sub(r"[\W_]", "", name)):
        return "", shown  # 附件1, 下载
    if _DEFAULT.match(name) and not _DIGITS.match(name):
        return "default", shown
    if _CHINESE.search(name):
        return "", shown
    if _DIGITS.match(name):
        # “1”与“附件1”一样是序号；一串数字才是乱起的名字。
        return ("digits" if len(re.sub(r"\D", "", name)) >= 4 else ""), shown
    return ("random" if _RANDOM.match(name) else ""), shown


def _file_name(url: str) -> str:
    """What a browser would save it as, as far as the address tells; "" where only the server knows."""
    parts = urlsplit(url)
    for key, value in parse_qsl(parts.query):
        if key.lower() in _PARAMETERS and value:
            return value
    last = unquote(parts.path.rpartition("/")[2])
    return last if "." in last and not parts.query else ""
