"""The name a site should bear, and whether a text holds it."""

import re

from crawler.api import SiteView

_ASIDE = re.compile(r"[（(【\[][^）)】\]]*[）)】\]]")
_TAIL = re.compile(r"(?:政府)?(?:门户)?(?:网站?|官网|官方网站|信息网|主站|首页)$")
_BODY = re.compile(r"([\u4e00-\u9fff]{2,12}?(?:局|委员会|委|办公室|办|厅|院|中心|署|处|队))$")
_AREA = re.compile(r"^([\u4e00-\u9fff]{2,}?)(?:(?:[\u4e00-\u9fff]{1,4}族)*自治[州县]|[省州市县区旗盟乡镇])")
_BLANK = re.compile(r"[\s·•・—\-_|,，。]+")


def plain(text: str) -> str:
    return _BLANK.sub("", text)


def accepted(site: SiteView) -> tuple[str, ...]:
    """Ways to say the registered name; the short ones too: 临夏市, 临夏州教育局, 教育局 below 临夏."""
    name = plain(_ASIDE.sub("", site.site.name))
    name = _TAIL.sub("", name) if not name.endswith("人民政府") else name
    forms = {name}
    area = _AREA.match(name)
    if site.site.level == "portal":
        forms.add(name.removesuffix("人民政府"))
        if area:
            forms |= {area[0], area[1]} if len(area[1]) >= 2 else {area[0]}
    elif (body := _BODY.search(name)) and area:
        rest = name.removeprefix(area[0])
        forms |= {rest, f"{area[1]}州{rest}", f"州{rest}", f"{area[1]}{rest}", body[1]}
        if rest.endswith("委员会"):
            forms |= {rest.replace("和", "").removesuffix("委员会") + "委", "发改委" if "发展和改革" in rest else rest}
    return tuple(sorted((form for form in forms if len(form) >= 2), key=lambda form: (-len(form), form)))


def holds(site: SiteView, text: str) -> str:
    """The form of the name that the text holds; "" for none."""
    words = plain(text)
    return next((form for form in accepted(site) if form in words), "")
