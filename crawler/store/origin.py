"""Where the words about an issue come from: its run, its versions, its rule and the fetches it cites."""

from __future__ import annotations

from sqlalchemy import Connection, select

from crawler.core.evidence import Cite, Origin
from crawler.store import findings_rows as rows
from crawler.store.findings_schema import audits, issue_cites, issues, rules, runs, sites


def origin(db: Connection, number: int) -> Origin | None:
    """None where no audit kept a description of the issue."""
    issue = db.execute(select(issues).where(issues.c.number == number)).mappings().first()
    if issue is None or issue["audit"] is None:
        return None
    audit = db.execute(select(audits).where(audits.c.id == issue["audit"])).mappings().one()
    run = db.execute(select(runs).where(runs.c.number == audit["run"])).mappings().one()
    worded = select(rules).where(rules.c.key == audit["rules_key"], rules.c.code == issue["rule"])
    named = select(sites).where(sites.c.key == audit["sites_key"], sites.c.id == issue["site"])
    rule, site = db.execute(worded).mappings().first(), db.execute(named).mappings().first()
    cited = select(issue_cites).where(issue_cites.c.issue == number).order_by(issue_cites.c.url)
    return Origin(
        rows.run_info(run, audit),
        rows.rule_row(rule) if rule else None,
        rows.site_row(site) if site else None,
        tuple(
            Cite(row.url, row.fetch_id, rows.to_moment(row.at), row.run, row.state or "", row.body_hash or "")
            for row in db.execute(cited)
        ),
    )
