"""The ten questions an inspector asks of findings.db, each with its SQL: printed in data/README.md, run by a test."""

from __future__ import annotations

from typing import Final, NamedTuple


class Question(NamedTuple):
    asks: str
    sql: str


QUESTIONS: Final = (
    Question(
        "每个网站现在有多少没有解决的问题？",
        """SELECT "网站", "确定程度", "严重程度", count(*) AS "问题数" FROM "问题现状"
WHERE "机器所见" IN ('仍存在', '未复查') AND "不计原因" = ''
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3;""",
    ),
    Question(
        "最近一次检查新增、复发、整改了哪些，哪些没有复查？",
        """SELECT "变化", "网站", "编号", "规则", "说明" FROM "问题现状"
WHERE "最近检查批次" = (SELECT max("检查批次") FROM "历次检查")
  AND "变化" IN ('新增', '规则新发现', '复发', '已整改', '未复查')
ORDER BY 1, 2, 3;""",
    ),
    Question(
        "哪些问题存在得最久？",
        """SELECT "存在天数", "编号", "网站", "规则", "说明", "所在页面" FROM "问题现状"
WHERE "机器所见" IN ('仍存在', '未复查') AND "不计原因" = '' ORDER BY 1 DESC, 2 LIMIT 20;""",
    ),
    Question(
        "哪些已经通知，过了期限还没有整改（也有答复以后检查仍在的）？",
        """SELECT p."编号", p."网站", p."规则", p."期限", p."最近决定", p."说明" FROM "问题现状" p
WHERE p."机器所见" IN ('仍存在', '未复查') AND p."期限" < datetime('now', '+8 hours')
  AND (p."最近决定" IN ('通知', '整改中') OR p."最近决定" = '已答复' AND p."最近发现" >
    (SELECT max(d."时间") FROM "人工决定" d WHERE d."编号" = p."编号" AND d."决定" = '已答复'))
ORDER BY p."期限", p."编号";""",
    ),
    Question(
        "一个问题从发现到现在经过了什么？（把 1 换成问题编号）",
        """SELECT "时间", "变化" AS "发生了什么", "原因" AS "说明", '机器' AS "谁" FROM "问题经过" WHERE "编号" = 1
UNION ALL SELECT "时间", "决定", "理由", "决定人" FROM "人工决定" WHERE "编号" = 1 ORDER BY 1;""",
    ),
    Question(
        "哪些规则误报多？",
        """SELECT * FROM "规则准确率" ORDER BY "人工误报" DESC, "规则";""",
    ),
    Question(
        "哪些误报和例外已经到期，或者 30 天内到期？",
        """SELECT "有效期至", "编号", "网站", "规则", "最近决定", "理由", "决定人" FROM "问题现状"
WHERE "最近决定" IN ('误报', '例外') AND "有效期至" < datetime('now', '+8 hours', '+30 days') ORDER BY 1, 2;""",
    ),
    Question(
        "哪些规则在哪些网站没有判定，为什么？",
        """SELECT "网站", "规则", "结论", "原因" FROM "规则结果"
WHERE "结论" IN ('规则出错', '未配置', '未能核实') ORDER BY 1, 2;""",
    ),
    Question(
        "哪些网站、哪些栏目没有读完整？",
        """SELECT c."网站", c."栏目", c."读取情况", s."未知页面", s."首页" FROM "栏目覆盖" c
JOIN "各站覆盖" s ON s."网站" = c."网站" WHERE c."读取完整" = '否' ORDER BY 1, 2;""",
    ),
    Question(
        "历次检查的问题数怎样变化，规则在哪一次变了？",
        """SELECT "检查批次", "截至时间", "已确认", "疑似", "待人工判断", "指标版本", "判断原因"
FROM "历次检查" ORDER BY 1;""",
    ),
)


def written() -> str:
    """As data/README.md prints them."""
    return "\n".join(f"{n}. {q.asks}\n\n```sql\n{q.sql}\n```\n" for n, q in enumerate(QUESTIONS, 1))
