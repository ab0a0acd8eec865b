"""Facts of a service guide that only a telephone call can check."""

from collections.abc import Iterator

from crawler.api import Finding, Place, Said, Severity, SiteView, cite, site_rule

_GOOD, _UNSURE = "正常", "无人接听"


@site_rule(
    "SV-03",
    severity=Severity.POINTS,
    points=1.0,
    basis=(cite("guobanmihan-2019-19", "service.accuracy"),),
    form="person",
)
def wrong_guide_facts(site: SiteView, *, sample: int = 5, stale_after_days: int = 92) -> Iterator[Said]:
    """办事信息不准

    为什么: 抽查5个办事指南，咨询电话等信息不准确的每处扣1分。

    看什么: 由人拨打电话核对，结果写入 config/inputs/phone.csv：空号、停机、号码不符、答复不准的列出；
    无人接听的不下结论。没有核对过的，列出应查的办事服务栏目，由人判定。

    怎么改: 改正指南中的电话、地址和时间；机构搬迁、换号时同步更新全部指南。
    """
    table = site.inputs.get("phone")
    today = site.as_of.date()
    rows = [row for row in (table.rows if table else ()) if 0 <= (today - row["checked"]).days <= stale_after_days]
    for row in rows:
        if row["outcome"] not in {_GOOD, _UNSURE}:
            yield Finding(
                f"“{row['item']}”的电话 {row['phone']} {row['outcome']}",
                at=Place(row.get("url") or site.site.home),
                key=f"phone:{row['item']}:{row['phone']}",
                evidence={"核查日期": str(row["checked"]), "结果": row["outcome"], "资料": table.file if table else ""},
                cites=("input:phone",),
            )
    known = sum(row["outcome"] != _UNSURE for row in rows)
    if known < sample:
        where = [c.url for c in site.site.columns if c.kind == "办事服务"][:3]
        look = f"，在 {'、'.join(where)} 中抽取" if where else "，没有登记办事服务栏目，请从首页进入"
        old = f"；资料截至 {table.until}，早于检查期" if table and table.rows and not rows else ""
        words = f"由人判定：应核对 {sample} 个办事指南的电话，已核对 {known} 个{look}{old}"
        yield site.undecidable(words)
