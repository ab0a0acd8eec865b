"""The first schema of findings.db, and the views that people read. Never changed: later ones build on it."""

from __future__ import annotations

from alembic import op

revision = "0001"
down_revision = None

# Shared by SQLite and PostgreSQL.
TABLES = """
CREATE TABLE first_seen (
  kind TEXT NOT NULL, site TEXT NOT NULL, url TEXT NOT NULL, title TEXT NOT NULL, first_seen VARCHAR(27) NOT
  NULL, PRIMARY KEY (kind, site, url)
);
CREATE INDEX first_seen_by_url ON first_seen (kind, url);
CREATE TABLE rules (
  "key" TEXT NOT NULL, code TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL,
  severity TEXT NOT NULL, scope TEXT NOT NULL, clause TEXT NOT NULL, why TEXT NOT NULL, look TEXT NOT NULL, fix
  TEXT NOT NULL, family TEXT NOT NULL, PRIMARY KEY ("key", code)
);
CREATE TABLE runs (
  number INTEGER NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, started VARCHAR(27), sealed VARCHAR(27), as_of
  VARCHAR(27), void INTEGER NOT NULL, void_reason TEXT NOT NULL, authorisations TEXT NOT NULL, requests INTEGER
  NOT NULL, seconds FLOAT NOT NULL, PRIMARY KEY (number)
);
CREATE TABLE sites (
  "key" TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, code TEXT, level TEXT
  NOT NULL, home TEXT NOT NULL, confirmed INTEGER NOT NULL, owner TEXT NOT NULL, PRIMARY KEY ("key", id)
);
CREATE TABLE audits (
  id INTEGER NOT NULL, run INTEGER NOT NULL, digest TEXT NOT NULL, scope TEXT NOT NULL, cause TEXT NOT NULL,
  program TEXT NOT NULL, facts_version INTEGER NOT NULL, rules_digest TEXT NOT NULL, config_digest TEXT NOT
  NULL, edition TEXT NOT NULL, rules_key TEXT NOT NULL, sites_key TEXT NOT NULL, notes TEXT NOT NULL, confirmed
  INTEGER NOT NULL, suspected INTEGER NOT NULL, proposed INTEGER NOT NULL, PRIMARY KEY (id), FOREIGN KEY(run)
  REFERENCES runs (number)
);
CREATE UNIQUE INDEX audits_by_run ON audits (run, digest, scope);
CREATE TABLE coverage (
  audit INTEGER NOT NULL, site TEXT NOT NULL, position INTEGER NOT NULL, judged INTEGER NOT NULL, reason TEXT
  NOT NULL, home TEXT NOT NULL, pages_known INTEGER NOT NULL, pages_fresh INTEGER NOT NULL, pages_carried
  INTEGER NOT NULL, pages_expired INTEGER NOT NULL, pages_unknown INTEGER NOT NULL, targets_known INTEGER NOT
  NULL, targets_decided INTEGER NOT NULL, targets_unknown INTEGER NOT NULL, requests INTEGER NOT NULL, received
  INTEGER NOT NULL, oldest VARCHAR(27), notes TEXT NOT NULL, PRIMARY KEY (audit, site), FOREIGN KEY(audit)
  REFERENCES audits (id) ON DELETE CASCADE
);
CREATE TABLE coverage_columns (
  audit INTEGER NOT NULL, site TEXT NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL,
  kind TEXT NOT NULL, url TEXT NOT NULL, "end" TEXT NOT NULL, complete INTEGER NOT NULL, reader TEXT NOT NULL,
  entries INTEGER NOT NULL, at VARCHAR(27), note TEXT NOT NULL, PRIMARY KEY (audit, site, id), FOREIGN
  KEY(audit) REFERENCES audits (id) ON DELETE CASCADE
);
CREATE TABLE findings (
  audit INTEGER NOT NULL, fingerprint VARCHAR(64) NOT NULL, part TEXT NOT NULL, rule TEXT NOT NULL, site TEXT
  NOT NULL, severity TEXT NOT NULL, certainty TEXT NOT NULL, title TEXT NOT NULL, message TEXT NOT NULL, fix
  TEXT NOT NULL, clause TEXT NOT NULL, place_url TEXT NOT NULL, place_css TEXT NOT NULL, place_quote TEXT NOT
  NULL, target TEXT, parents TEXT NOT NULL, parent_count INTEGER NOT NULL, count INTEGER NOT NULL, attempts TEXT
  NOT NULL, evidence TEXT NOT NULL, also TEXT NOT NULL, rollup INTEGER NOT NULL, points FLOAT NOT NULL, exempt
  TEXT NOT NULL, state TEXT NOT NULL, change TEXT NOT NULL, first_seen VARCHAR(27), last_seen VARCHAR(27), issue
  INTEGER, rule_version TEXT NOT NULL, PRIMARY KEY (audit, fingerprint), FOREIGN KEY(audit) REFERENCES audits
  (id) ON DELETE CASCADE
);
CREATE TABLE issues (
  number INTEGER NOT NULL, fingerprint VARCHAR(64) NOT NULL, rule TEXT NOT NULL, site TEXT NOT NULL, state TEXT
  NOT NULL, change TEXT NOT NULL, first_seen VARCHAR(27), last_seen VARCHAR(27), times INTEGER NOT NULL, subject
  TEXT NOT NULL, reopened INTEGER NOT NULL, passed INTEGER NOT NULL, sighted INTEGER NOT NULL, run INTEGER NOT
  NULL, digest TEXT NOT NULL, audit INTEGER, PRIMARY KEY (number), UNIQUE (fingerprint), FOREIGN KEY(audit)
  REFERENCES audits (id)
);
CREATE TABLE results (
  audit INTEGER NOT NULL, rule TEXT NOT NULL, site TEXT NOT NULL, position INTEGER NOT NULL, verdict TEXT NOT
  NULL, reason TEXT NOT NULL, examined INTEGER NOT NULL, fresh INTEGER NOT NULL, carried INTEGER NOT NULL,
  unknown INTEGER NOT NULL, oldest VARCHAR(27), confirmed INTEGER NOT NULL, suspected INTEGER NOT NULL, proposed
  INTEGER NOT NULL, PRIMARY KEY (audit, rule, site), FOREIGN KEY(audit) REFERENCES audits (id) ON DELETE CASCADE
);
CREATE TABLE decisions (
  id INTEGER NOT NULL, issue INTEGER NOT NULL, at VARCHAR(27), who TEXT NOT NULL, decision TEXT NOT NULL, until
  VARCHAR(27), note TEXT NOT NULL, PRIMARY KEY (id), FOREIGN KEY(issue) REFERENCES issues (number)
);
CREATE INDEX ix_decisions_issue ON decisions (issue);
CREATE TABLE issue_cites (
  issue INTEGER NOT NULL, url TEXT NOT NULL, fetch_id INTEGER, at VARCHAR(27), run INTEGER, state TEXT,
  body_hash TEXT, PRIMARY KEY (issue, url), FOREIGN KEY(issue) REFERENCES issues (number) ON DELETE CASCADE
);
CREATE TABLE issue_events (
  id INTEGER NOT NULL, issue INTEGER NOT NULL, at VARCHAR(27), change TEXT NOT NULL, "before" TEXT, state TEXT
  NOT NULL, reason TEXT NOT NULL, run INTEGER NOT NULL, PRIMARY KEY (id), FOREIGN KEY(issue) REFERENCES issues
  (number) ON DELETE CASCADE
);
CREATE INDEX ix_issue_events_issue ON issue_events (issue)
"""

# For readers with Datasette or the sqlite3 shell: plain words, times of Asia/Shanghai. `datetime` is SQLite's.
VIEWS = """
CREATE VIEW "问题清单" AS
SELECT f.issue AS "编号", coalesce(s.name, f.site) AS "网站", f.rule AS "规则", f.title AS "问题",
  f.severity AS "严重程度",
  CASE f.certainty WHEN 'confirmed' THEN '已确认' WHEN 'suspected' THEN '疑似（待二次核实）'
    ELSE '待人工判断' END AS "确定性",
  f.message AS "说明", f.place_url AS "所在页面", f.place_quote AS "原文", f.target AS "目标链接", f.count AS "数量",
  f.clause AS "依据", f.fix AS "怎么改",
  CASE f.state WHEN 'open' THEN '存在' WHEN 'not_rechecked' THEN '待复查' WHEN 'sampled' THEN '待复查(抽查通过)'
    WHEN 'exempt' THEN '报备期内，不计' ELSE f.state END AS "状态",
  CASE f.change WHEN 'new' THEN '新发现' WHEN 'new_rule' THEN '新规则发现' WHEN 'recurred' THEN '再次出现'
    WHEN 'known' THEN '持续存在' WHEN 'not_rechecked' THEN '本次未复查' WHEN 'sampled' THEN '抽查通过'
    ELSE f.change END AS "变化",
  datetime(f.first_seen, '+8 hours') AS "首次发现", datetime(f.last_seen, '+8 hours') AS "最近发现"
FROM findings f JOIN audits a ON a.id = f.audit LEFT JOIN sites s ON s.key = a.sites_key AND s.id = f.site
WHERE f.part <> 'closed'
  AND a.id = (SELECT id FROM audits WHERE scope = '' ORDER BY run DESC, id DESC LIMIT 1);
CREATE VIEW "已关闭问题" AS
SELECT i.number AS "编号", coalesce(s.name, i.site) AS "网站", i.rule AS "规则", f.title AS "问题",
  f.message AS "说明", f.place_url AS "所在页面", f.target AS "目标链接",
  CASE i.state WHEN 'fixed' THEN '已整改' ELSE '已撤销' END AS "结果",
  datetime(i.first_seen, '+8 hours') AS "首次发现", datetime(i.last_seen, '+8 hours') AS "最近发现",
  (SELECT datetime(e.at, '+8 hours') FROM issue_events e WHERE e.issue = i.number ORDER BY e.id DESC LIMIT 1)
    AS "关闭时间"
FROM issues i JOIN audits a ON a.id = i.audit
  LEFT JOIN findings f ON f.audit = i.audit AND f.fingerprint = i.fingerprint
  LEFT JOIN sites s ON s.key = a.sites_key AND s.id = i.site
WHERE i.state IN ('fixed', 'withdrawn');
CREATE VIEW "问题经过" AS
SELECT e.issue AS "编号", coalesce(s.name, i.site) AS "网站", i.rule AS "规则", datetime(e.at, '+8 hours') AS "时间",
  CASE e.change WHEN 'new' THEN '新发现' WHEN 'new_rule' THEN '新规则发现' WHEN 'recurred' THEN '再次出现'
    WHEN 'known' THEN '持续存在' WHEN 'fixed' THEN '已整改' WHEN 'withdrawn' THEN '已撤销'
    WHEN 'not_rechecked' THEN '未复查' WHEN 'sampled' THEN '抽查通过' ELSE e.change END AS "变化",
  e.reason AS "原因", e.run AS "检查批次"
FROM issue_events e JOIN issues i ON i.number = e.issue LEFT JOIN audits a ON a.id = i.audit
  LEFT JOIN sites s ON s.key = a.sites_key AND s.id = i.site;
CREATE VIEW "规则结果" AS
SELECT coalesce(s.name, r.site) AS "网站", r.rule AS "规则", coalesce(w.title, '') AS "问题",
  CASE r.verdict WHEN 'crashed' THEN '规则出错' WHEN 'not_configured' THEN '未配置'
    WHEN 'not_applicable' THEN '不适用' WHEN 'failed' THEN '不合格' WHEN 'exempt' THEN '报备豁免'
    WHEN 'unverified' THEN '未能核实'
    ELSE '合格' END AS "结论",
  r.reason AS "原因", r.examined AS "检查对象数", r.fresh AS "本次读取", r.carried AS "沿用", r.unknown AS "未知",
  datetime(r.oldest, '+8 hours') AS "最早依据",
  r.confirmed AS "已确认", r.suspected AS "疑似", r.proposed AS "待人工判断"
FROM results r JOIN audits a ON a.id = r.audit LEFT JOIN sites s ON s.key = a.sites_key AND s.id = r.site
  LEFT JOIN rules w ON w.key = a.rules_key AND w.code = r.rule
WHERE a.id = (SELECT id FROM audits WHERE scope = '' ORDER BY run DESC, id DESC LIMIT 1);
CREATE VIEW "各站覆盖" AS
SELECT coalesce(s.name, c.site) AS "网站", CASE c.judged WHEN 1 THEN '是' ELSE '否' END AS "已判断", c.reason AS "原因",
  CASE c.home WHEN 'alive' THEN '可访问' WHEN 'dead' THEN '无法访问' WHEN 'suspect' THEN '疑似无法访问'
    WHEN 'blocked' THEN '被防护拦截' ELSE '未知' END AS "首页",
  c.pages_known AS "已知页面", c.pages_fresh AS "本次读取", c.pages_carried AS "沿用", c.pages_expired AS "已过期",
  c.pages_unknown AS "未知页面", c.targets_known AS "已知链接", c.targets_decided AS "已判断链接",
  c.targets_unknown AS "未判断链接", c.requests AS "请求数", c.received AS "接收字节",
  datetime(c.oldest, '+8 hours') AS "最早依据"
FROM coverage c JOIN audits a ON a.id = c.audit LEFT JOIN sites s ON s.key = a.sites_key AND s.id = c.site
WHERE a.id = (SELECT id FROM audits WHERE scope = '' ORDER BY run DESC, id DESC LIMIT 1);
CREATE VIEW "栏目覆盖" AS
SELECT coalesce(s.name, c.site) AS "网站", c.name AS "栏目", c.kind AS "类型", c.url AS "网址",
  CASE c.complete WHEN 1 THEN '是' ELSE '否' END AS "读取完整",
  CASE c."end" WHEN 'ended' THEN '读到末页' WHEN 'joined' THEN '接上已读条目' WHEN 'stalled' THEN '翻页停滞'
    WHEN 'failed' THEN '读取失败' WHEN 'capped' THEN '达到上限' ELSE '未读取' END AS "读取情况",
  c.entries AS "条目数", datetime(c.at, '+8 hours') AS "读取时间", c.note AS "备注"
FROM coverage_columns c JOIN audits a ON a.id = c.audit
  LEFT JOIN sites s ON s.key = a.sites_key AND s.id = c.site
WHERE a.id = (SELECT id FROM audits WHERE scope = '' ORDER BY run DESC, id DESC LIMIT 1);
CREATE VIEW "历次检查" AS
SELECT a.run AS "检查批次", datetime(r.as_of, '+8 hours') AS "截至时间", datetime(r.started, '+8 hours') AS "开始时间",
  CASE r.void WHEN 1 THEN '无效：' || r.void_reason ELSE '有效' END AS "有效性", r.requests AS "请求数",
  a.confirmed AS "已确认", a.suspected AS "疑似", a.proposed AS "待人工判断",
  CASE a.cause WHEN 'rules' THEN '规则变更后重判' ELSE '例行检查' END AS "判断原因",
  a.edition AS "指标版本", a.program AS "程序版本"
FROM audits a JOIN runs r ON r.number = a.run WHERE a.scope = ''
"""


def upgrade() -> None:
    for statement in f"{TABLES.strip()};\n{VIEWS.strip()}".split(";\n"):
        op.execute(statement)
