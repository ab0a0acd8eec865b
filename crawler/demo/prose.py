"""The words of the simulated sites: invented news, notices, policies and interpretations."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.demo.nouns import hex32

NEWS = (
    ("召开重点项目建设推进会", "会议听取了今年重点项目建设情况汇报，逐项研究用地、资金和施工组织方面的问题。"),
    ("部署冬季森林草原防灭火工作", "会议要求压实属地责任，加强林区巡护和火源管理，做好物资储备与应急演练。"),
    ("牛羊产业园二期投入使用", "园区新建标准化圈舍十二栋，配套饲草加工车间和粪污处理设施，可带动周边农户增收。"),
    ("开展“送法下乡”普法宣传活动", "工作人员在集市设立咨询台，发放宣传资料，就土地承包、劳务报酬等问题现场解答。"),
    ("老旧小区改造惠及千余户居民", "改造内容包括外墙保温、管网更新、楼道照明和停车位划设，目前主体工程已经完工。"),
    ("举办秋冬季就业专场招聘会", "四十余家用工单位到场，提供岗位一千二百余个，现场达成就业意向三百多人。"),
    ("通村公路养护实现全覆盖", "养护队伍对路肩、边沟和安全防护设施进行整修，群众出行条件进一步改善。"),
    ("义务教育学校冬季供暖准备就绪", "各学校完成锅炉检修和管道试压，燃料储备能够满足整个供暖期的需要。"),
    ("组织开展食品安全专项检查", "检查组走访商超、餐饮单位和校园周边店铺，对发现的问题当场提出整改要求。"),
    ("文化惠民演出走进乡村", "演出队伍为群众带来花儿、秦腔和情景剧等节目，丰富了农闲时节的文化生活。"),
)
NOTICES = (
    ("关于公开征集下一年度民生实事项目建议的公告", "征集范围包括教育、医疗、养老、住房、交通、环境等方面。"),
    (
        "关于城区部分路段临时交通管制的通告",
        "因管网改造施工需要，决定对城区部分路段实行临时交通管制，请过往车辆提前绕行。",
    ),
    ("关于开展城乡居民基本医疗保险参保缴费的通知", "参保居民可通过线上渠道或到户籍所在地乡镇服务窗口办理缴费。"),
    ("关于事业单位公开招聘工作人员资格复审的公告", "进入资格复审的人员须携带身份证、毕业证等材料原件按时参加。"),
    (
        "关于网站“404错误页面”专项排查情况的通报",
        "本次排查发现个别栏目存在“404 Not Found”“页面不存在”等问题，责任单位已经全部整改到位。",
    ),
)
POLICIES = (
    ("促进农产品冷链物流发展若干措施", "支持建设产地冷藏保鲜设施，对符合条件的项目给予建设补助。"),
    ("城镇生活垃圾分类管理办法", "按照可回收物、有害垃圾、厨余垃圾和其他垃圾四类进行投放、收集、运输和处置。"),
    (
        "优化营商环境提升政务服务效能工作方案",
        "推行一窗受理、集成服务，压减办理环节和申报材料，年底前实现高频事项“掌上办”。",
    ),
    ("农村道路交通安全管理工作实施方案", "健全县乡村三级管理体系，完善劝导站点，加强重点时段和路段的巡查。"),
)
_FILL = (
    "各有关单位要提高认识，加强协作配合，细化工作措施，明确时间节点，确保各项任务落到实处、取得实效。",
    "下一步，将坚持问题导向和目标导向相结合，持续完善工作机制，及时总结推广好的经验做法，不断提升群众的获得感。",
    "要进一步健全督查和反馈机制，对工作推进中遇到的困难和问题及时研究解决，重大事项按程序报告。",
    "群众普遍表示，这些实实在在的变化就发生在身边，生活更加方便，对今后的日子更有信心。",
)


@dataclass(frozen=True, slots=True)
class Text:
    title: str
    body: str  # HTML paragraphs


def paragraphs(*sentences: str) -> str:
    return "\n".join(f"<p>{sentence}</p>" for sentence in sentences)


def _fill(seed: str, count: int = 2) -> tuple[str, ...]:
    start = int(hex32(seed)[:4], 16)
    return tuple(_FILL[(start + step) % len(_FILL)] for step in range(count))


def _turned(table: tuple[tuple[str, str], ...], place: str, number: int) -> tuple[str, str]:
    """Row `number` of a table that each place begins elsewhere, so that no two sites read alike."""
    return table[(int(hex32(place)[:4], 16) + number) % len(table)]


def news(place: str, number: int, table: tuple[tuple[str, str], ...] = ()) -> Text:
    """One of the portal's own news, or of a department's `table`."""
    what, more = table[number % len(table)] if table else _turned(NEWS, place, number)
    title = f"{place}{what}"
    return Text(title, paragraphs(f"近日，{title}。{more}", *_fill(title)))


def notice(place: str, number: int) -> Text:
    title, more = NOTICES[number % len(NOTICES)]
    body = (
        f"各乡镇（街道）、各有关单位，广大群众：{more}",
        f"现将有关事项公告如下。{place}将通过门户网站及时公布办理情况。",
    )
    return Text(f"{place}{title}", paragraphs(*body, *_fill(place + title)))


def policy(place: str, number: int, table: tuple[tuple[str, str], ...] = POLICIES) -> Text:
    name, more = table[number % len(table)]
    articles = (
        f"第一条 为做好相关工作，结合{place}实际，制定本文件。",
        f"第二条 {more}",
        "第三条 各有关部门按照职责分工组织实施，每季度报送一次进展情况。",
        "第四条 本文件自印发之日起施行，有效期五年。",
    )
    return Text(f"{place}关于印发{name}的通知", paragraphs(*articles))


def reading(place: str, number: int, table: tuple[tuple[str, str], ...] = POLICIES) -> Text:
    name, more = table[number % len(table)]
    body = (
        f"一、为什么出台？文件的制定是为了回应群众关切，规范{place}相关工作。",
        f"二、主要内容有哪些？{more}",
        "三、什么时候施行？文件自印发之日起施行，群众可以向主管部门咨询。",
    )
    return Text(f"一图读懂｜{place}{name}", paragraphs(*body, *_fill(place + name, 1)))
