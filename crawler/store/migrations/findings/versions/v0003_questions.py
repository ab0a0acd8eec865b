"""Views that answer an inspector's questions with people's decisions. Never changed: later ones build on it."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"

# A judgement counts while its term runs; a note says nothing about where the work stands.
VIEWS = """
CREATE VIEW "人工决定" AS
SELECT d.issue AS "编号", coalesce(s.name, i.site) AS "网站", i.rule AS "规则", datetime(d.at, '+8 hours') AS "时间",
  d.who AS "决定人",
  CASE d.decision WHEN 'confirm' THEN '确认' WHEN 'dismiss' THEN '误报' WHEN 'except' THEN '例外'
    WHEN 'notify' THEN '通知' WHEN 'work' THEN '整改中' WHEN 'answer' THEN '已答复' WHEN 'reopen' THEN '重新核实'
    WHEN 'note' THEN '备注' ELSE d.decision END AS "决定",
  d.note AS "理由", d.basis AS "依据", datetime(d.deadline, '+8 hours') AS "期限",
  datetime(d.until, '+8 hours') AS "有效期至",
  CASE WHEN d.until IS NULL THEN '' WHEN datetime(d.until) < datetime('now') THEN '已到期' ELSE '有效' END AS "效力"
FROM decisions d JOIN issues i ON i.number = d.issue LEFT JOIN audits a ON a.id = i.audit
  LEFT JOIN sites s ON s.key = a.sites_key AND s.id = i.site;
CREATE VIEW "问题现状" AS
SELECT i.number AS "编号", i.site AS "网站ID", coalesce(s.name, i.site) AS "网站", i.rule AS "规则", f.title AS "问题",
  f.severity AS "严重程度",
  CASE f.certainty WHEN 'confirmed' THEN '确认' WHEN 'suspected' THEN '疑似' ELSE '待人工确认' END AS "确定程度",
  f.message AS "说明", f.place_url AS "所在页面", f.target AS "目标链接", f.parent_count AS "上级页面数",
  CASE i.state WHEN 'fixed' THEN '已消失' WHEN 'withdrawn' THEN '已撤回' WHEN 'open' THEN '仍存在'
    WHEN 'exempt' THEN '仍存在' ELSE '未复查' END AS "机器所见",
  CASE i.change WHEN 'new' THEN '新增' WHEN 'new_rule' THEN '规则新发现' WHEN 'recurred' THEN '复发'
    WHEN 'known' THEN '仍存在' WHEN 'fixed' THEN '已整改' WHEN 'withdrawn' THEN '撤回' WHEN 'sampled' THEN '抽查通过'
    ELSE '未复查' END AS "变化",
  i.run AS "最近检查批次", i.reopened AS "复发次数",
  CASE d.decision WHEN 'confirm' THEN '确认' WHEN 'dismiss' THEN '误报' WHEN 'except' THEN '例外'
    WHEN 'notify' THEN '通知' WHEN 'work' THEN '整改中' WHEN 'answer' THEN '已答复' WHEN 'reopen' THEN '重新核实'
    ELSE '' END AS "最近决定",
  d.who AS "决定人", d.note AS "理由", datetime(d.until, '+8 hours') AS "有效期至",
  (SELECT datetime(n.deadline, '+8 hours') FROM decisions n
    WHERE n.issue = i.number AND n.deadline IS NOT NULL ORDER BY n.at DESC, n.id DESC LIMIT 1) AS "期限",
  CASE WHEN f.rollup = 1 THEN '累计指标' WHEN f.exempt <> '' THEN f.exempt
    WHEN d.decision IN ('dismiss', 'except') AND (d.until IS NULL OR datetime(d.until) >= datetime('now'))
    THEN '人工决定'
    ELSE '' END AS "不计原因",
  datetime(i.first_seen, '+8 hours') AS "首次发现", datetime(i.last_seen, '+8 hours') AS "最近发现",
  CAST(julianday(CASE WHEN i.state IN ('fixed', 'withdrawn') THEN i.last_seen ELSE
    (SELECT max(as_of) FROM runs WHERE void = 0) END) - julianday(i.first_seen) AS INTEGER) AS "存在天数"
FROM issues i LEFT JOIN audits a ON a.id = i.audit
  LEFT JOIN findings f ON f.audit = i.audit AND f.fingerprint = i.fingerprint
  LEFT JOIN sites s ON s.key = a.sites_key AND s.id = i.site
  LEFT JOIN decisions d ON d.id = (SELECT l.id FROM decisions l
    WHERE l.issue = i.number AND l.decision <> 'note' ORDER BY l.at DESC, l.id DESC LIMIT 1);
CREATE VIEW "规则准确率" AS
SELECT j.rule AS "规则", sum(j.agreed) AS "人工确认", sum(1 - j.agreed) AS "人工误报", count(*) AS "样本",
  CASE WHEN count(*) < 10 THEN '样本不足' ELSE printf('%d%%', round(100.0 * sum(j.agreed) / count(*))) END AS "准确率"
FROM (SELECT i.rule, CASE d.decision WHEN 'dismiss' THEN 0 ELSE 1 END AS agreed
  FROM issues i JOIN decisions d ON d.id = (SELECT l.id FROM decisions l
    WHERE l.issue = i.number AND l.decision NOT IN ('note', 'except') ORDER BY l.at DESC, l.id DESC LIMIT 1)
  WHERE d.decision <> 'reopen') j
GROUP BY j.rule
"""


def upgrade() -> None:
    for statement in VIEWS.strip().split(";\n"):
        op.execute(statement)
