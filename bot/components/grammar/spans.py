"""Places of a text that are already spoken for, so that nothing is read twice."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from bot.components.grammar.text import compiled

# Digits that are never a sum: clock times, percentages, card tails, hotlines, telephone and
# document numbers, links.
_NEVER_A_SUM: Final = compiled(
    r"https?://\S+"
    r"|\d{1,2}:\d{2}"
    # Days of shopping: 11.11, 双12, 618.
    r"|(?<![\d.,¥])(?:11\.11|12\.12|6\.18)(?![\d.]|\s*(?:元|块|yuan|rmb))|双\s*1[12]|(?<![\d.,¥])618(?=大促|活动|那天|购物|剁手)"
    r"|\d+(?:\.\d+)?\s*(?:%|‰|percent\b|per cent\b|个?百分点|个点|折|p\.?a\b)"
    # Tenths are told by a single digit: 三成; "1500成不成" asks for a yes.
    r"|(?<![\d.])\d(?:\.\d)?\s*成(?![为了都])"
    # A day in figures with its year.
    r"|(?<![\d/.])\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d\d(?!\d)"
    r"|百分之[零一二三四五六七八九十百点\d.]+"
    r"|(?:尾号|尾数|末四位|后四位|最后四位|last four|last 4|\bending(?: in)?)\D{0,6}\d{3,4}"
    r"|(?:拨打?|\b(?:call|dial|ring))\s*(?:了|过)?\s*\d{3,5}(?!\d|\s*(?:元|块|次|个|遍|times|calls))"
    # 打 is said of money as well ("先打2000过来"): only what looks like a hotline is one.
    r"|打\s*[了过]?\s*(?:1[12]\d|1[02]\d{3}|9[56]\d{3})(?!\d|\s*(?:元|块|次|个|遍|过来|过去|给|到|进|去))"
    # A telephone number has eight digits or more; a round one is an absurd sum.
    r"|(?<![\d.,])(?!\d+0{5}(?!\d))\d{8,}[\dx]*(?!\s*(?:元|块|rmb|yuan))"
    r"|(?!(?<=\d)x\d)[a-z]{1,4}\d{3,}(?![\d,.]*\s*[k千百万元块])"
    r"|\b(?:order|invoice|ticket|parcel|tracking|reference|ref)\s*(?:no\.?|number|#|id)?\s*[:：]?\s*\d[\d-]*-\d+"
    r"|\b106\d{0,6}(?=的?短信|平台|号|开头|发来)"
    r"|(?:\bno\.?|编号|案号|协议号)\s*[a-z]*\d[\d-]*"
    r"|(?:\b(?:user|customer|account|client|case|staff)(?: (?:number|no\.?|id))?|用户|客户|账号|帐号|工号|卡号)\s*[:：是]?\s*\d[\d-]*(?![\d,.]*\s*(?:[k千百万元块]|yuan|rmb))"
)
# Numbers that are names: of years, hotlines, codes, rooms. A currency beside one makes it a sum after all.
_NO_CURRENCY: Final = r"(?![\d,.]*\d|\s*(?:元|块|圆|[k千百万]|yuan\b|rmb\b|cny\b|kuai\b|a month\b|per month\b|每个?月|一个?月))"
_YEAR: Final = r"(?:19[5-9]\d|20[0-3]\d)"
_NAMES: Final = compiled(
    rf"(?:\b(?:since|in|during|before|after|until|till|till late|back in|class of|year|early|late|mid|end of|start of|summer|spring|autumn|fall|winter|around|from|through|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\s+(?:the\s+)?){_YEAR}(?<!00){_NO_CURRENCY}"
    rf"|(?<![\d.,¥])(?:since|in)\s+2000\b{_NO_CURRENCY}"
    rf"|(?<![\d.,¥]){_YEAR}(?=办|开[始卡的]| 开的| 买的| 办的|到现在|那会|那时|年|底|初|春|夏|秋|冬|疫情|毕业|入职|失业|结婚|离婚|(?:'s)? (?:lockdown|covid|pandemic|layoffs?|till now|until now|graduate)|-20\d\d)"
    # 12378 and its like: regulators, police, operators; 955xx is every bank's hotline.
    rf"|(?<![\d.,¥])(?:12378|12363|12386|12345|12315|12348|12356|12355|12333|12329|12320|12321|12337|12366|12368|12377|12381|12300|12306|10086|10010|10000(?=号)|10099|95\d{{3}}|96110|96\d{{3}}(?=热线|投诉|举报)|400-?\d{{3}}-?\d{{3,4}}|800-?\d{{3}}-?\d{{4}})(?!\d){_NO_CURRENCY}"
    r"|(?:报警|报|拨打|打|call(?:ing|ed)?)\s*(?:110|120|119|114|122)(?!\d)|(?<!\d)(?:110|120|119)(?=报警|急救|警察|出警|接警|[送拉抬接把]|[,，]?\s*救护)|(?<=[叫喊])了?(?:110|120|119)(?!\d)"
    rf"|(?:血压|血糖|心率|心跳|血氧|体重|身高|体温|高压|低压|\b(?:blood pressure|blood sugar|heart rate|bp|weigh(?:s|ed)?)\b)(?:都|是|到了?|有|高|飙到|常年|is|was|of|at|now|\s){{0,4}}\d+(?:[./]\d+)?"
    rf"|(?<![\d.,¥])(?:996|007|995)(?!\d)(?=的?(?:厂|公司|上班|加班|工作|班|日子|生活|熬|干|做|那种)|的[^\d]|\s*(?:job|schedule|work|company|shift)){_NO_CURRENCY}"
    rf"|(?:验证码|校验码|动态码|动态密码|短信码|取件码|密码|邮编|\b(?:code|otp|pin|passcode|password|verification)\b)(?:是|为|收到|显示|发的|说|输了?|is|was|of|says|i got|it says|number|[:：\s,，'\"]){{0,4}}\d{{3,8}}(?!\d){_NO_CURRENCY}"
    r"|(?<!\d)\d{4,8}(?=\s*(?:这个|那个|这)?(?:验证码|这码|码(?!头)|(?:is|isn't|was) (?:the|my|not the|a wrong) code|(?:says |has |is |was )?(?:expired|invalid)))"
    rf"|\b(?:flat|room|apt\.?|apartment|unit|building|block|door|suite|ward|bed|gate|bus|route|line|train|flight|extension|ext\.?|page|section|article|clause|form|window|counter|desk|locker|version|windows|iphone|model)\s*(?:no\.?|number|#)?\s*\d{{1,5}}(?:\.\d{{1,2}}){{0,2}}{_NO_CURRENCY}"
    rf"|住(?:在|的)?\s*(?:[a-z\d]+[号栋幢楼座单元]*\s*)?\d{{3,4}}(?!\d){_NO_CURRENCY}"
    r"|\d{3,4}(?=室|房(?!租|贷|子|东|租)|病房|寝室|宿舍|单元|户型|路公交|路车|号房|号楼|航班|次列车|国道)"
    # Rates are told in parts of ten thousand, a thousand, a hundred: 日息万五, 千分之五, 月息两分.
    r"|(?:[日月年]利?息|[日月年]?利率|费率|手续费率?|违约金|滞纳金|[日月年]化|罚息|利息)(?:是不是|是|才|要|就|按|每天|都|也)?\s*[百千万](?:分?之)?[一二三四五六七八九点零.\d]+(?![百千万元块])"
    r"|(?<![一二三四五六七八九两十百千\d])[百千万](?:分)?之[零一二三四五六七八九十百点.\d]+|(?<![一二三四五六七八九两十百千\d])万[一二三四五六七八九](?:点[一二三四五六七八九]|\.\d)?(?=的?(?:日?利?息|利率|每天|一天))"
    r"|(?<![^\s,，。按是收算要息率才就的])日[百千万][一二三四五六七八九\d](?:点[一二三四五六七八九]|\.\d)?(?![百千万元块\d])"
    r"|(?<![一二三四五六七八九两十百千\d])[千万][一二三四五六七八九](?=的?(?:罚息|违约金|滞纳金|[收计]息|来?[收算计]的?(?:利|罚|违|滞)))"
    r"|[月年日]息\s*[一二两三四五六七八九\d.]+\s*[分厘]|[一二两三四五六七八九\d.]+分(?:的)?(?:利(?!润)|月息|年息)"
    r"|\b0\.\d+\s*(?:a day|per day|daily)?\s*(?:interest|rate)|(?:interest|rate|apr)\s*(?:of|is|was|at)?\s*0\.\d+"
    # Laughter and signs of chat: 233333 laughs, 666 admires, 88 says goodbye.
    # A sigh (555 is 呜呜呜) ends a sentence or begins one that complains.
    r"|(?<=[了啊呀呢吗嘛啦惨苦哭死])(?<![挣赚还付交花给剩凑欠借转打出发有取刷扣涨加降成]了)(?<!(?<!不)到了)(?:5{2,}|6{3,})(?=[\s~!！。.]*$)"
    r"|(?<=钱)5{3,}(?=[\s~!！。.]*$)|^\s*(?:5{2,}(?=[\s,，~]*我?(?:没|好[惨苦难]|真|太|想|怎|快|要死|被|救|求|呜))|6{3,}(?=[\s,，~]*(?:你们|这|太|真|牛|绝|行啊)))"
    r"|^\s*886+\s*[~!。.]*$|(?<![\d.,¥])2{1,2}3{2,}(?![\d.,]|\s*(?:元|块|yuan|rmb))|(?<![\d.,¥])(?:6{3,}|8{4,}|5{4,}|9{4,}|4{4,})(?!\d|\s*(?:元|块|yuan|rmb|[k千百万]))(?=.{0,8}(?:哈|hh|lol|牛|厉害|nice|wow|啊啊|呵|嘿|老铁|服了|!!|~))"
    r"|(?:哈|hh|lol|haha|牛|厉害|呵|嘿|服了|老铁|呜)[\s,，!！~]*(?:6{3,}|8{3,}|5{3,}|520|1314|886|88)(?!\d|\s*(?:元|块|yuan|rmb|[k千百万]))"
)
# "欠95588", "I owe 12345": said as a sum.
_OWED: Final = compiled(
    r"(?:欠|本金|余额|工资|收入|到手|挣|赚|还|一共|总共|房租|\b(?:owe|owed|balance|pay|paid|earn|make|rent|about|is only|offer))\s*(?:了|你们|的|是|有|you|about|around|roughly|only|just|of)*\s*$"
)
_KEPT: Final = compiled(r"(?:rmb|cny|y)\d")


def never_a_sum(text: str) -> list[tuple[int, int]]:
    """Places of digits that no grammar may take for money."""
    names = [m.span() for m in _NAMES.finditer(text) if not _OWED.search(text, 0, m.start())]
    return names + [m.span() for m in _NEVER_A_SUM.finditer(text) if not _KEPT.match(m.group())]


def overlaps(start: int, end: int, taken: Iterable[tuple[int, int]]) -> bool:
    """Whether the place [start, end) touches any taken one."""
    return any(start < other_end and end > other_start for other_start, other_end in taken)
