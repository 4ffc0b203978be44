"""How many live on the money, said as a number in passing ("三个人吃低保", "us five got no income") or as a correction.

A number of people may be of callers, colleagues or guarantors: here the words beside it say whose it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from bot.components.grammar.atomic import compiled_atomic
from bot.components.grammar.counting import CHINESE, count
from bot.components.grammar.household_kin import (
    CHILD,
    KIN,
    LIST,
    RELATIVE,
    compiled_kin,
    heads,
    is_vague,
)

__all__ = ["find_corrections", "find_raised", "find_totals"]

_ZH: Final = rf"(?<![第每几多\d.,年月数好两/-])(?:{CHINESE}|俩|仨)"
_EN: Final = r"(?<![\d.,¥$])\b(?:1?\d|one|two|three|four|five|six|seven|eight|nine|ten)\b(?![.,]\d)"
_MANY_EN: Final = r"(?:1\d|[2-9]|two|three|four|five|six|seven|eight|nine|ten)\b(?![.,]\d)"
_EDGE: Final = r"(?=$|[\s,，.。!！?？~;；:、…吧啦呀啊哈了咯])"
_PEOPLE: Final = r"(?:people|persons?|ppl|pax|heads?|souls|humans?|mouths|adults|women|men)"
_PAIR: Final = r"(?:[娘爷][儿们]?|母子|母女|父子|父女|祖孙|爷孙|婆孙|仔[乸爷]|姐弟|兄妹|夫妻|两口)"

# What a household does with its money; what callers, firms and lenders do is none of it.
_LIVE_ZH: Final = (
    r"(?:[的就都全也一共]*(?:要|得|等着|指着)?(?:吃(?!官司)|喝|开销|开支|花销|花(?![呗了])|生活|水电|米油|伙食|口粮|低保|房租|挤|住(?!院)|过(?![年节来去了])|靠|指[望着]|张嘴|穿"
    r"|(?:就|只有|只靠|共)?(?:这|那|我|他|她)?(?:们)?一?(?:份|个人的?|点)(?:工资|退休金|收入|低保|死工资|养老金|钱)))"
)
_SUM_UP: Final = r"(?:(?:加起来|合起来|一共|总共|拢共|拢总|统共|现在|而家|宜家|就是?|才|那就是?|刚好|上面|里面|人|公屋|屋里|家里|屋企|有|得|系|是|共|我们|我)\s?)"
_TOTALS: Final = compiled_kin(
    # Mouths are counted of a household alone.
    rf"(?<![户进门人出窗吃喝咬抽吸一老小])(?P<mouths>{_ZH})口(?:人|之家)?{_EDGE}(?!了)"
    rf"|{RELATIVE}(?P<after>{_ZH})(?:个人|人)(?=$|[\s,，。])"
    rf"|吃饭的(?:是|有|就|一共|总共)*(?P<eaters>{_ZH})[个口张]?[人嘴]?{_EDGE}"
    rf"|(?<![老小俩])(?P<living>{_ZH})(?:个?人|口)[,，\s]?{_LIVE_ZH}"
    rf"|(?:我们|咱们?|我[家哋])(?:家)?(?P<we>{_ZH})(?:个?人|口|{_PAIR})(?=[\s,，。就靠住吃过都全一没冇只花等挤]|$)"
    rf"|(?:我们|咱们?|就|只有|剩|得返?|^|[\s,，。])(?:剩)?(?P<pair_of>[两三四])(?:母女|母子|爷孙|婆孙|父女|父子|仔[乸爷]|娘母)(?:个)?(?![去来])"
    rf"|(?:^|(?<=[\s,，。们就剩得])){_PAIR}(?P<pair>俩|仨|[两二三四]个?)(?:人)?(?=$|[\s,，。就靠住吃过相没冇只]|一(?!起被|块儿?被|起[下失去]|块儿?[下失去]))"
    rf"|(?:连|加埋?|算上|加上|带上|包括)(?:埋)?(?:我|[他她佢]|{LIST})(?:在内|自己|本人)?(?:算上|一起)?[,，\s]?(?:一共|总共|共|就是?|刚好|拢共)?(?P<with>{_ZH})[个口]?人?{_EDGE}"
    rf"|(?:拢共|拢总|统共|加起来|合起来)(?:是|有)?(?P<sum>{_ZH})[个口]人?{_EDGE}"
    # English.
    rf"|\bwe (?P<we_en>{_MANY_EN})(?= (?:all |both |only |just |still |together )?(?:stay|live|spend|have|has|are|eat|need|share|depend|survive|got|get by|rely|use|sleep|cannot|can't)\b|[\s.!]*$)"
    rf"|(?<!give )(?<!call )(?<!allow )(?<!offer )(?<!gave )(?<!offered )(?<!called )\bus (?P<us>{_MANY_EN})(?= (?:all |both |now |here )?(?:got no|got nothing|have|has|are|on|with no|left|at home|live|share|eat|need|depend|to feed)\b|[\s.!]*$)"
    rf"|(?P<people>{_EN})[ -]?{_PEOPLE}(?= (?:household|family|home|living|live|liv|on (?:that|this|it|one|my|a|his|her|the)\b(?! (?:\w+ )?(?:call|line|phone|list|card))|off (?:that|this|it|one|my)|sharing|share|to feed|eat|eating|depend|need to eat|survive|under|at home|in (?:the|my|our|this|one) (?:house|home|family|flat|household|room)|[1-9] (?:salary|income|wage|pay)|one (?:salary|income|wage|pay)))"
    rf"|(?P<ours>{_MANY_EN}) {_PEOPLE}(?=,? (?:at ours\b|at mine\b|at our place|who (?:live|eat|depend|survive)s? (?:on|off|from|here|with me)|and (?:no|only one|just one|one|a single) (?:pay|income|wages?|salary|money|job|earner)|(?:with|but) (?:no|only one|one) (?:pay|income|wages?|salary|job|earner)))"
    rf"|\b(?:for|feed|feeds|feeding|support|supporting|养) (?P<for>{_EN}) {_PEOPLE}(?= we\b| i\b| every month| a month| with\b|[\s.!]*$)"
    rf"|\bwe(?:'re| are| r)(?: only| just| now| all| actually| in fact| really| still| currently| already){{0,2}} (?P<we_are>{_MANY_EN})(?= not \w+\b| {_PEOPLE}\b(?! short| in front| behind| owe)| (?:pensioners|old people|grown-ups|souls)\b| here| now| only| since\b| and (?:i'?m|i am|only|just|one|no ?body|no one|none|all|the)\b| (?:on|with|off|from) (?:one|my|a|his|her|that|this|the|no|single)\b| in (?:this|the|my|our|total|all)| at home| altogether|[\s.!]*$|[,.!;] )"
    rf"|\b(?:so|and|that|then) we(?:'re| are| r) (?P<so_we>{_MANY_EN}){_EDGE}(?! (?:month|day|week|year|payment|hour|time))"
    rf"|\bthere(?:'s| are| r|'re)(?: only| just| now)? (?P<table>{_EN})(?: {_PEOPLE})? (?:of us|at (?:the|my|our) table|at home|in (?:the|my|our|this) (?:\w+ )?(?:house|home|family|flat|household))"
    rf"|\b(?:with|have|has|having|got|there(?:'s| are)|are|still|now|only|just|all) (?P<to_feed>{_MANY_EN})(?: of us)? (?:to (?:feed|clothe|house|provide for)\b|(?:at|a?round) (?:the|my|our) table\b)"
    rf"|\bfeed(?:ing|s)? (?P<feeds>{_MANY_EN})(?= (?:on|i|i'll|with|and|of us|here|at home)\b|\s*(?:$|[,.;!?]))"
    rf"|\bmakes?(?: it| us| that)? (?P<makes>{_EN})(?= (?:to feed|of us|mouths|at home|{_PEOPLE})\b)"
    rf"|(?P<with_en>{_EN}),? (?:{_PEOPLE} )?(?:with|incl\.?|including|counting) (?:me\b|myself|{LIST})"
    rf"|\ball (?P<all>{_EN}) (?:of us )?(?:live|depend|rely|survive|eat|stay)\b"
    rf"|\b(?:costs?|expenses|food|rent|plan|money|budget|living|wage|household)\b[^,.;]{{0,20}}? (?:for|of) one (?P<one_fed>person|human)\b(?! (?:to|who|only)\b)"
    rf"|\bone (?P<one>person|human)\b(?= (?:household|only)|[\s.!]*$)(?<=(?:so|just|only|it's|household:?|is|dependants?,|kids,) one \w+)"
)
_LONE: Final = frozenset({"person", "human"})
_SUMS: Final = frozenset({"with", "sum", "with_en"})
_PAIRS: Final = compiled_atomic(
    r"\b(?:just |only )?the (?:pair|couple|two) of us\b|\b(?:just a |we are a |we're a |a )?couple only\b|\b(?:we are|we're|now|just) a couple\b(?! of)"
    r"|(?<!跟)(?<!跟着)(?:就|只有|剩|写|得返?|是|我们)(?:我们|我|返我们)?(?:老两口|小两口|两公婆|两口子|两夫妻|夫妻俩|夫妻二人|夫妇俩|两个老人?|公婆两个)(?=$|[\s,，。就靠住吃过一了那这])"
)
_ONES: Final = compiled_atomic(
    r"(?<![他她])(?:这边|家里|屋企|屋里|那头|现在|如今|而家)(?:现在)?(?:就|只有|只|得返?|剩|净系)*(?:我)?一个人?(?=[\s,，.。!！?？~;；]|$)(?<![养还]我?一个人?)"
    r"|[算当](?:我)?[1一]个人(?=$|[\s,，。吧])"
    r"|(?:就|只有|只)(?:是|有)?我[和跟](?:[我一两三几]?[只条个]?)?(?:小)?[猫狗](?=$|[\s,，。])"
    r"|\b(?:only|just) (?:me|myself) ?(?:and|n|&|\+|plus|with) (?:my |the |a |an |our |one |two |three |\d )*(?:old )?(?:cat|dog|pet|parrot|hamster)s?\b|\b(?:me )(?:alone )at home\b|\bhouse is empty now\b"
    r"|\bno (?:dependants|dependents|kids|family),? (?:so )?(?:just )?(?:1|one)(?: person)?\b"
)
# Nobody but the writer and whom they raise.
_SINGLY: Final = compiled_atomic(
    rf"\bsingle (?:mom|mum|mother|dad|father|parent) (?:of|to|with) (?P<of>{_MANY_EN}){_EDGE}(?! (?:month|week|year|day|card|job))"
    rf"|(?:我一个人?|独自|自己)(?:打工|挣钱|赚钱|上班|做工)?(?:要|得)?(?:养|带|拖|凑|供|拉扯)(?:着|紧|住|大)?(?P<three>{_ZH})个?(?=[\s,，。]|$)"
)
_BRINGS_UP: Final = compiled_kin(
    rf"(?:一个人|独自|自己|单身|我)(?:要|得|还要)?(?:拖|凑|拉扯|奶)(?:着|住|大|紧)?(?P<drags>{LIST})"
    rf"|(?:^|[\s,，。我])(?:一个人)?带着?(?P<single>{LIST})(?:单过|一个人过|自己过|自己住|单住)"
    rf"|(?:single mom|single mum|single mother|single dad|single father)\s?(?:,|and|一个人)?\s?(?:带|养|有)着?(?P<mixed>{LIST})"
    rf"|\b(?:bring|bringing|brought|raise|raised|look after|looking after) (?:up )?(?P<alone>{LIST})(?: up)? (?:all )?(?:alone|on my own|by myself|single-?handed(?:ly)?)\b"
    rf"|\b(?:i )?(?:have|hv|got|'ve got|has) (?P<to_feed>{LIST})(?: to (?:feed|support|keep|look after|provide for)| depending on me| living (?:on|off) me|\.? all on me)\b"
    rf"|(?:^|[\s,，。])(?:我)?(?:还|一直|现在|目前)?(?:跟|和|同)(?P<at>我?(?:爸妈?|妈|父母|奶奶|爷爷|老妈|老爸|阿妈|阿爸|弟弟|妹妹|哥哥|姐姐|女儿|儿子))(?:一起|一块儿?)?住(?:一起|一块儿?)?(?!院)(?:吃一块儿?)?"
)

# Who may correct the number of heads at all: a message that names the household, or says that somebody was left out.
_OF_HEADS: Final = compiled_atomic(
    rf"人数|人口|我[们哋]?家|几口|[口个]人|(?<![人])[三四五六七八九]口|仨人|俩人|户口|家里|家庭|屋企|成员|(?:漏|忘)(?:了|咗|填|写|算|掉|一个)*(?:{RELATIVE}|一个|个)|一个人[住过]|(?:一起|一块儿?)[过住]"
    r"|\b(?:(?:cousins?|brothers?|sisters?|in-laws|parents|kids|children) (?:eats?|cooks?|works?|keeps?|pays?|cook for)|gave birth|was born|live alone|(?:in|at) (?:my|our|the) (?:house|home)|(?:mum|mom|dad|mother|father|wife|husband|son|daughter|boy|girl|grandma|baby)(?:'s| is) (?:with|here|back))\b"
    rf"|\b(?:household|family|people|persons?|ppl|pax|at home|headcount|in-laws|lives? (?:with|off)|of us|it(?:'s| is) {_MANY_EN} with (?:the|my|our) (?:{CHILD}|{RELATIVE})|we(?:'re| are| were) {_MANY_EN}|(?:forgot(?: to (?:count|add))?|left out|missed(?: out)?|(?:didn't|did not) (?:count|add)|counted|added) (?:(?:the|my|our) (?:\w+ )?)?(?:{CHILD}|{RELATIVE}))\b"
)
_OTHER_HEADS: Final = compiled_atomic(
    r"群里|打电话|打来|来电|催收|催债|上门|担保人|紧急联系|客服|公司.{0,4}人|同事|员工|合租|室友|舍友|工友|股东|合伙"
    r"|\b(?:call(?:s|ed|ing|er|ers)?|collectors?|colleagues?|staff|coworkers?|guarantors?|flatmates?|roommates?|housemates?|agents?|from your)\b"
)
_NO_OTHER: Final = r"(?!\s?(?:[月期号日天年岁百千万块元点次折%.]|months?|days?|weeks?|years?|yuan|k\b|%|times|hundred|thousand|instal|payments?|calls?))"
_NEW: Final = compiled_atomic(
    rf"(?:改[成为到作]?|(?:所以|就|那就?|给我|麻烦|请|要|应该?)(?:填|写|算|报|记)(?:成|个|上)?|变成?了?|[加减]到|应该?(?:是|系|填)?|其实(?:是|系)?|而家(?:系|得)?|(?<![他她])现在(?:是|就|得)?|那就是?|不算就(?:是)?|实际(?:上)?(?:是|就)?|加上就是?|就是)(?P<zh>{_ZH})(?:\s?(?:个人|口人|[个口人])|{_EDGE}|(?=\s?我)){_NO_OTHER}"
    rf"|(?:^|[\s,，。])(?:是|系)(?P<is>{_ZH})(?:个人|口人|口)(?=$|[\s,，。唔不而才])"
    rf"|剩(?:下|了)?(?P<remain>{_ZH})(?:个人|口人|[个口])了?(?=$|[\s,，。])"
    rf"|(?:^|[,.;!])\s*(?:sorry,? |no,? |it'?s )?(?P<first_en>{_EN})(?: {_PEOPLE})?,? not (?={_EN})"
    rf"|\b(?:so(?: it'?s| now| just)?|should (?:be|say|read|show|have been)|must be|ought to be|make it|change (?:it |that |my household |the household |household )?(?:to|into)|then|now|it'?s|it is|actually|household|(?:but|no|actually),? (?:we(?:'re| are)|there(?:'s| are))(?: now)?|(?:so |please |just )?(?:put|count|write|enter)|correct (?:is|number is))[,:]? (?P<en>{_EN})(?: {_PEOPLE})?(?=\s*(?:$|[,.!;])| now\b| pls\b| please\b| because\b| cos\b| since\b| not\b| at home\b| of us\b| in total\b| for (?:(?:the|my|our) )?(?:household|family)\b){_NO_OTHER}"
    rf"|(?<=(?:不是|唔系){CHINESE}(?:个人|口人|[个口])[,，\s]{{0,2}}|(?:不是|唔系){CHINESE}[,，\s]{{1,2}})(?:而|应该)?(?:是|系)(?P<not_but>{_ZH})(?:个人|口人|[个口])?{_EDGE}{_NO_OTHER}"
    rf"|(?:人数|人口)[^。;]{{0,12}}[,，\s](?:而|应该|其实)?(?:是|系)(?P<bare>{_ZH})(?:个人|口人|[个口])?{_EDGE}{_NO_OTHER}"
    rf"|(?:家庭人口|人口|人数)(?:那个|那栏|那一栏)?(?:写|填)?(?P<field>{_ZH})(?=$|[\s,，。])"
)
_ONLY_NUMBER: Final = compiled_atomic(
    rf"(?:^|(?<=[\s,，.。!！?？;；])|(?<=[返回过搬进]来)){_SUM_UP}{{0,3}}(?P<n>{_ZH}|\b{_MANY_EN})(?:个人|人)(?:了)?(?=$|[\s,，.。!！?？;；])"
)
# A number alone, where somebody is counted in or was forgotten: "五个吧，爸妈也算", "少写一个娃，5".
_COUNTED_IN: Final = compiled_kin(
    rf"(?P<who>{LIST})[^,，。;；]{{0,6}}(?:也|都)(?:得|要|该|应该)?算|(?:少|漏|忘|多)(?:写|算|填|报|数|加)?了?(?:一?个)?(?P<left_out>{LIST})"
)
_BARE: Final = compiled_atomic(
    rf"^[\s,，]*(?:嗯|那|就|应该是)?(?P<first>{_ZH})[个口]?人?(?:吧|了|呗|嘛)?(?=[,，。]|\s)|[,，。\s](?:一共|总共|那就|就|应该)?是?(?P<last>{_ZH})[个口]?人?(?:吧|了|呗|嘛)?[\s.。!！~]*$"
)
_WHOLE: Final = compiled_kin(
    rf"^[\s,，]*(?:(?:嗯|对|是的?|没错|好的?|不对?|不是|yes|yeah|yep|yup|ok|right|correct|no|nope)[\s,，。]*)?(?:嗯|就|就是|我们|我家|一共|总共|现在)?(?P<n>仨|俩|{_ZH})(?:个人|人|口人?)(?:吧|了|啊|哈)?[\s,，]*(?:没错|对的?|是的|correct|right|yes)?[\s.。!！~]*$"
    rf"|^\s*(?P<some>{_ZH})个[,，\s]+(?:其中|里头|有)(?:{CHINESE}|俩|仨)个?(?:上学|念书|读书|小的?|老的?|娃|孩)"
    rf"|^\s*(?P<en>{_EN}),? (?:incl\.?|including|counting) (?:me\b|myself|{LIST})"
)
_OLD: Final = compiled_atomic(
    rf"(?:不[是四]|唔系|并非|唔係)(?:你记的?)?(?P<not>{_ZH})(?:个人|口人|[个口])(?=$|[\s,，。是系])"
    rf"|(?:不是|唔系|并非)你?[记写填]?的?(?P<noted>{_ZH})(?:个人|口人|[个口])(?=$|[\s,，。是系])"
    rf"|(?:那个|[之以]前的?|原来的?|前面的?)(?P<before>{_ZH})(?:个人|口人|口)(?=[是不错])"
    rf"|(?:人数|人口)[^。;]{{0,9}}(?:不是|唔系)(?P<bare>{_ZH})(?=[,，\s]*[而是系])"
    rf"|(?:^|(?<=[\s,，。.数]))(?:由|从|把)?(?P<into>{_ZH})(?:个人|口人|[个口人])?(?=改[成为]?{CHINESE})"
    rf"|(?<=人数|人口)(?P<of_heads>{CHINESE})(?:个人|口人|[个口人])?(?=改[成为]?{CHINESE})"
    rf"|(?P<once>{_ZH})(?:个人|口人|[个口])?[住过]?(?=(?:是|系)(?:以前|之前|原来|旧时|过去|上次))|(?:以前|之前|从前|早先|原来|原先|本来|过去|去年|上次)(?:家里|屋企|我家|我们|一共)?(?:是|系|有|填|写|报)?(?P<earlier>{_ZH})(?:个人|口人|[个口])(?=[住过]?(?:[,，\s][^。;]{{0,18}})?[,，\s]*(?:现在|而家|如今|后来|今年|就?剩))"
    rf"|(?:记|写|填|登记|算|说|讲|报|打|选|输)(?:成|的是?|了)(?P<noted_as>{_ZH})(?:个人|口人|[个口])(?=了?$|了?[\s,，。不])"
    rf"|不是我?(?P<not_one>{_ZH})(?:个人|口人|[个口])(?=[\s,，。是系])"
    rf"|(?:(?<=[\d一二两三四五六七八九十](?:个人|口人|[口人]))|(?<=[是有成][\d一二两三四五六七八九十]个?[,，\s]{{0,2}}))而?不是(?P<nor>{_ZH}){_EDGE}"
    rf"|从(?P<from>{_ZH})(?:个人|口人|[个口])(?=改|变|减|加|到)"
    rf"|(?<![少漏多])(?:填|写|说|讲|记|报|选)(?:的|了|过|成|咗)*(?:是|只有|就|只有我|就我)?(?P<put>{_ZH})(?:个人|口人|[口个])(?=$|[\s,，。是不])"
    rf"|(?:人口|人数)(?:那个|那里|那栏|填的?|写的?|的)*(?P<slip>{_ZH})(?:是)(?=手滑|填错|写错|错|笔误|不对)"
    rf"|\b(?:i|we|you|u) (?:put|said|wrote|typed|have|had|entered|noted|told you|filled in|answered) (?:down |it as |as )?(?P<said>{_EN})(?: {_PEOPLE})?(?: in (?:the|my|our) (?:house|home|family|household)| at home)?(?= but|,? wrongly\b| wrong\b| by mistake\b| because\b| and\b\b| before\b| earlier\b| at first\b|\s*(?:$|[,.;!]))"
    rf"|\b(?:household|family|number|count|form|record|file)(?: number| size)? (?:says?|said|shows?|reads?) (?P<says>{_EN})(?: {_PEOPLE})?(?=\s*[,.;]| but\b)|\b(?:have|has|had|put|noted|counted) (?:me|us) (?:down )?as (?P<as_one>{_EN})(?: {_PEOPLE})?\b"
    rf"|(?P<was>{_EN})(?: {_PEOPLE}| of us)? (?:was|were) (?:only )?(?:before|earlier|last|when|until|till|back|wrong|the old|a (?:typo|mistake|slip)|my mistake)\b"
    rf"|\b(?:used to be|we were|it was|there were|had been|were) (?P<used>{_MANY_EN})(?: {_PEOPLE}| of us)?(?: (?:in the house|at home))?(?=[^.;]{{0,45}}\b(?:now|these days|today|left)\b)"
    rf"|\b(?:not|instead of|rather than) (?P<never>{_EN})(?: {_PEOPLE})?(?=\s*(?:$|[,.;!])| like\b| as\b| anymore\b)"
)
_NUMBER_OF: Final = compiled_atomic(
    rf"\b(?:number of (?:people|persons|family|heads|us)|head ?count|household(?: size| number)?|family (?:size|members?)|people at home)\b(?:[^.;\d]{{0,45}}?\b(?:(?:must|should|ought to|has to|needs to) (?:be|read|say|show|have been)|make it)|[^.;,\d]{{0,30}}?\b(?:is|are|to|now))(?: just| now| only)? (?P<n>{_EN})(?=\s*(?:$|[,.!;])| now\b| pls\b| please\b| because\b| cos\b| since\b| not\b| people\b){_NO_OTHER}"
)
_HOME: Final = compiled_atomic(
    rf"{RELATIVE}|家|屋|户口|公屋|我们|女跟我|老人|夫妻|两公婆|\b(?:family|household)\b"
)


def find_corrections(text: str) -> Iterator[tuple[int, int, int, bool]]:
    """Sizes that a correction names: the size, its place, and whether the words take it back."""
    if _OTHER_HEADS.search(text) or not _OF_HEADS.search(text):
        return
    for pattern, back in ((_OLD, True), (_NUMBER_OF, False), (_NEW, False)):
        for match in pattern.finditer(text):
            kind = str(match.lastgroup)
            if (size := count(match[kind])) is not None:
                yield size, *match.span(kind), back


def find_totals(text: str) -> Iterator[tuple[int, int, int, bool]]:
    """Sizes said as a number: the size, its place, and whether it is the sum of all who are named before."""
    for pattern in (_WHOLE, _TOTALS):
        for match in pattern.finditer(text):
            kind = str(match.lastgroup)
            said = match[kind]
            size = 1 if said in _LONE else count(said.rstrip("个"))
            beside = text[max(0, match.start() - 8) : match.end() + 8]
            if size and (size > 1 or said in _LONE) and not _OTHER_HEADS.search(beside):
                yield size, match.start(), match.end(), kind in _SUMS
    for match in _SINGLY.finditer(text):
        if many := count(str(match[str(match.lastgroup)])):
            yield 1 + many, match.start(), match.end(), False
    if (match := _BARE.search(text)) and _COUNTED_IN.search(text):
        size = count(match[str(match.lastgroup)])
        if size and size > 1:
            yield size, match.start(), match.end(), False
    if _HOME.search(text) and not _OTHER_HEADS.search(text):
        for match in _ONLY_NUMBER.finditer(text):
            if (size := count(match["n"])) and size > 1:
                yield size, match.start(), match.end(), False


def find_raised(text: str) -> Iterator[tuple[int, int, int]]:
    """Households of one or two, and of those whom the writer brings up: the size and its place."""
    for match in _BRINGS_UP.finditer(text) if KIN.search(text) else ():
        named = str(match[str(match.lastgroup)])
        if not is_vague(named) and (many := heads(named)):
            yield 1 + many, match.start(), match.end()
    for pattern, size in ((_PAIRS, 2), (_ONES, 1)):
        for match in pattern.finditer(text):
            yield size, match.start(), match.end()
