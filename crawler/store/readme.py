"""The words that go beside the data, for whoever opens it with Datasette or the sqlite3 shell."""

from __future__ import annotations

from crawler.store.questions import written

DATA_README = """\
# data/ 里有什么

- `findings.db`：检查结论、问题及其经过、首次发现时间。体积小、不可再生，
  每次判断前自动备份到 `backup/`（保留最近 14 份）。
- `crawl.db`：抓取到的原始内容。可以据此重新判断，不影响已出的报告。
  其中 `probes` 是首页探测记录（govcheck probe），长期保留，报备时段内的也照样保留。
- `evidence/`：证据包（govcheck evidence 编号），每个一个文件夹，先看 index.html；`chain.jsonl` 把它们连成哈希链，
  `govcheck evidence verify` 核对。结论里的个人信息已遮挡，证据包里的正文、WARC 和截图是原样，
  可能含有未遮挡的个人信息，请按规定保管。
- `reports/`：报告；`reports/latest/` 是最近一次。

用 Datasette（`datasette data/findings.db`）或任何 SQLite 工具都能打开 `findings.db`。请只读打开，不要修改。

## 给人看的视图（时间均为北京时间）

- `问题清单`：最近一次检查中仍未关闭的问题，每行一个；“编号”在问题存续期间不变。
- `已关闭问题`：已整改（重新读取后确认不存在）和已撤销（我们的判断有变，网站没有变）的问题。
- `问题经过`：每个问题何时发现、何时未能复查、何时整改、是否再次出现，以及原因。
- `规则结果`：最近一次检查中每条规则对每个网站的结论；“未能核实”“未配置”不等于合格。
- `各站覆盖`：每个网站读取了多少、沿用了多少、还有多少未知。
- `栏目覆盖`：每个栏目的列表读到了哪里、是否完整。
- `历次检查`：每次检查的时间、是否有效和合计。
- `问题现状`：每个问题一行，已关闭的也在：机器最后所见、人最近的决定、期限、存在天数；“不计原因”非空的不计入合计。
- `人工决定`：谁在什么时候决定了什么，理由、依据、期限和有效期。
- `规则准确率`：每条规则的问题有多少经人工确认、多少被认定为误报；不到 10 个的写“样本不足”。

## 十个常问的问题

QUESTIONS
## 数据表（时间为 UTC，清单为 JSON 文本）

- `runs`、`audits`：一次抓取；对它的一次判断（规则、配置或解析方法变化后可再次判断同一次抓取）。
- `sites`、`rules`：判断时的网站名称和规则文字，按内容只存一份。
- `results`、`coverage`、`coverage_columns`：规则结论和覆盖情况。
- `findings`：每次判断列出的问题（part：raised 本次认定，kept 未能复查而保留，closed 本次关闭）。
- `issues`、`issue_cites`、`issue_events`：问题、它所依据的网址及当时的读取、它的经过。
- `decisions`：人工决定，优先于机器判断；同一次通知的问题有同一个 notice。
- `messages`、`announcements`：哪次检查给谁发过什么消息（sent 为空的还没有发出），说到了哪一步。
- `first_seen`：页面和列表条目首次出现的时间，无法重建。
""".replace("QUESTIONS\n", written() + "\n")
