"""The words of the net: what people in despair say, by theme, and what only sounds like it. Data.

Written for text that :func:`api.conversations.distress.signals_distress` has made plain: simplified
characters, half width, no space or mark between two Chinese characters. Every theme holds Mandarin,
Cantonese and English. A theme may be broad; what is everyday speech goes to :data:`HARMLESS`.
"""

from __future__ import annotations

from typing import Final

_OTHERS: Final = r"(?:家里|全家|家人|别人|他们|大家|爸妈|父母|老婆|老公|孩子|你们)"
_WATER_OR_HEIGHT: Final = (
    r"(?:楼顶|天台|阳台外|窗台|窗边|桥上|桥边|桥栏|江边|河边|湖边|海边|铁轨|悬崖|崖边|天桥边|楼边)"
)
_I_GONE: Final = (
    r"(?:没了|不在了?|人没|死了?|死咗|死后|走了?以后|走了(?!亲戚|路)|走咗|消失|咽气|凉了|离开了)"
)

SIGNS: Final[dict[str, str]] = {
    "death wished for": (
        r"自杀|自尽|自缢|轻生|寻短|寻死|求死|一死了之|以死|生无可恋|生不如死|瓜柴"
        r"|(?<!你们)(?<!他们)(?:想|要|不如|只能|只想|宁愿|宁可|干脆|还是|让我|活该|该|早该|准备|真不如)(?:真的?|直接|早点|就)?(?:去)?死(?!你|路|账|期|了心|机|磕)"
        r"|死(?:了|咗|掉)(?:算|拉倒|干净|清净|好过|就(?:不用|唔使|没|解脱|好))|去死了?算|死给你"
        r"|死了?(?:比较轻松|都比|比活)|(?:死|自杀).{0,2}没死?成|没死成|死.{0,8}解脱|就去死(?!吧)|逼死我(?:算|你们|就)|死亡(?:是|才)|催到我死|眼一闭|闭(?:上)?眼(?:算|就好|一了)|有没有不疼的死|怎么死(?:才|比较|不|最)|死法|只有死|就差死|死(?:是|才是)(?:唯一|一种)?(?:解脱|出路)|连死的心"
        r"|早晚(?:都)?(?:是)?(?:个)?死(?:，|,)?今|死都不怕|死也不怕|不怕死|生死(?:看淡|无所谓|不在乎)|咽气|收尸|太平间|见阎王|黄泉"
        r"|\b(?:want(?:ed)?|wanna|ready|rather|deserve|going|hope|like|wish|plan\w*)\s+(?:to\s+)?(?:just\s+|be\s+)?(?:die|dead|dying|death)\b(?!\s+for)"
        r"|\bwish\s+i\s+(?:was|were)\s+dead|\bbetter\s+(?:off\s+)?dead|\bif\s+i\s+(?:die|died|were\s+dead)\b|\bonce\s+i'?m\s+dead"
        r"|\bsuicid\w*|\bkill(?:ing)?\s+my\s?self|\btake\s+my\s+(?:own\s+)?life|\bsix\s+feet\s+under|\blet\s+me\s+die"
        r"|\b(?:not|n'?t)\s+(?:afraid|scared)\s+of\s+(?:dying|death)|\bdeath\s+(?:is|would\s+be|seems)|\bdie\s+with\s+me"
        r"|\b(?:least\s+painful|painless)\s+way|\bways?\s+to\s+(?:die|end\s+it)\b"
    ),
    "life no longer wanted": (
        r"不想(?:再)?活(?!动|跃)|唔想(?:再)?(?:活|生存|做人|捱落)|不愿(?:再)?活|没法活|活不(?:下去|了|成)(?!呢)|活(?:够|腻|厌)|不配(?:再)?活|不打算活"
        r"|(?<!得)活着(?:没|干什么|干嘛|图|有什么|还有什么|太累|好累|真累|很累|这么累|就是(?:受罪|个?累赘|拖累|浪费|折磨)|是(?:受罪|折磨|拖累)|一点|纯粹|对我)"
        r"|活着(?:好|太|真)?(?:痛苦|没意思|辛苦)|活得(?:跟|像|和)死|活得(?:好|太|很)?痛苦|对活(?:下去|着)?没|活到(?:今天|头|现在)(?:够|了|就)"
        r"|活得太累|活着(?:没|没有)希望|(?:生存|活)落去(?:冇|有咩)|恨自己活着|想(?:没了|蒸发|化成灰)|熬不下去.{0,3}(?:走|死)|不打算过这个年|不想(?:再)?(?:做人|存在|醒|睁眼|醒来|看到明天)|不想(?:再)?(?:见|看)(?:到)?明天|(?:别|不|唔|没)(?:要|想|用|好)?(?:再)?醒(?:过来|来)?(?:了|算|就|最)?(?:好|$)|一睡不醒|永远(?:睡|别醒|不醒)|长眠|睡过去(?:算|就|别)"
        r"|(?:不如|当初)没(?:生|有生)|没生下来|人间不值得.{0,4}(?:走|离)|命都不(?:想)?要|受罪.{0,6}结束"
        r"|\b(?:do(?:n'?t| not)|no\s+longer|never)\s+(?:really\s+)?want\s+to\s+(?:live(?!\s+(?:without|with|in\s+debt))|be\s+here|wake|exist|be\s+alive)|\bdon'?t\s+want\s+to\s+live\s*了"
        r"|\b(?:no|any)\s+(?:reason|point|will|desire)\s+(?:to|in|of|for)\s+(?:liv\w+|be\s+alive|being\s+alive|keep\s+living)|\bpoint\s+(?:of|in)\s+(?:living|being\s+alive)|\bnot\s+worth\s+living|\bnothing\s+(?:left\s+)?to\s+live"
        r"|\b(?:can'?t|cannot)\s+(?:go\s+on\s+living|live\s+any\s?more|face\s+another\s+day|bear\s+(?:to\s+(?:be\s+alive|live)|living)|do\s+(?:this\s+)?life)"
        r"|\b(?:tired|sick)\s+of\s+(?:living|being\s+alive|life)|\b(?:give|giving|gave|given)\s+up\s+on\s+life|\bdone\s+with\s+(?:life|living)|\bliving\s+(?:hurts|is\s+(?:pointless|too))|\bexistence\s+is"
        r"|\b(?:hope|wish|pray)\s+i\s+(?:don'?t|won'?t|wouldn'?t|never|hadn'?t)\s+w[ao]ke|\bnever\s+wak\w+(?:\s+up)?(?:\s+again)?\b|\bdisappointed\s+(?:that\s+)?i\s+woke|\bsleep(?:ing)?\s+(?:forever|for\s?ever|and\s+never)"
        r"|\b(?:never|not)\s+been\s+born|\bdon'?t\s+deserve\s+to\s+(?:live|be\s+alive)|\bdon'?t\s+want\s+to\s+exist|\bstop\s+existing|\bwish\s+i\s+didn'?t\s+exist|\bnot\s+exist\b"
        r"|\blife\s+(?:is(?:n'?t)?|was)\s+(?:pointless|not\s+worth|worth(?:less)?\b(?!\s+it\s+again)|over\b)|\bis\s+life\s+(?:even\s+)?worth|\bhate\s+(?:being\s+alive|my\s+life)|\bwill\s+to\s+live|\buse\s+of\s+(?:being\s+alive|living)|\b(?:reason|way|point)\s+to\s+(?:stay\s+alive|keep\s+(?:living|going)|live)|\bi\s+can'?t\s+go\s+on\s*[.!]?$|\bshould\s+be\s+dead|\bto\s+be\s+alive\b|\bhurts\s+to\s+live|活着\s*no"
    ),
    "a way to do it": (
        r"想.{0,4}(?:阳台|窗户|窗口).{0,3}下去|看着窗.{0,4}下去|铁轨.{0,4}躺|刀.{0,4}(?:拿在|在)手|喝药(?:算|死)|跳(?:楼(?!价|甩|清仓|大减价)|河|江|海|湖|桥|崖|轨|下去|落去|窗)|从.{0,6}(?:楼|窗|桥|这里|这儿|上面).{0,3}(?:跳|下去)|一跃"
        rf"|(?:站|坐|企|爬|躺|走)(?:在|喺|上|到|咗|过)?.{{0,8}}{_WATER_OR_HEIGHT}|{_WATER_OR_HEIGHT}.{{0,5}}(?:站|坐|风|跳|吹|上去|去过|翻)"
        r"|翻(?:过|出)?(?:去|桥|栏)|(?:江|河|湖|海)(?:里|水).{0,6}(?:凉|冷|深|走|跳)|往(?:江|河|湖|海|水)里"
        r"|上吊(?!瓶)|割(?:腕|脉|手)|𠝹手|(?:划|割).{0,3}手腕|手腕.{0,8}(?:划|割|刀|一道)|(?:绳子|麻绳|绳).{0,4}(?:买好|挂|准备|备好)|(?:找|备|买)(?:好)?(?:了)?(?:根|条)绳"
        r"|(?:想|去|买了?|在).{0,4}烧炭(?!烤)|^烧炭$|烧炭.{0,4}(?:疼|死|瞓|自|走|算)|(?:木炭|炭).{0,8}(?:房间|门窗|关好|订好|密封)|煤气.{0,6}(?:开着|拧开|打开|算)|开(?:着)?煤气"
        r"|(?:买|备|存)了?.{0,2}安眠药.{0,4}(?:吃|吞)|喝(?:了|下)?(?:农药|敌敌畏|百草枯)|农药(?:就)?在|百草枯|敌敌畏"
        r"|安眠药.{0,4}(?:一瓶|整瓶|全|吞|够|攒|算|买)|(?:一|整|大)瓶.{0,3}安眠药|(?:吞|攒|囤|存|食晒|吃光|买咗好多|买了好多|买了一).{0,6}(?:药|安眠药)|药(?:都|已经)?(?:攒|囤|存|吞)(?:够|好|完|了)|药够了"
        r"|撞(?:上去|墙|死)(?:算|就)?|(?:方向盘|车).{0,6}(?:一打|冲下|撞上去就)|躺(?:铁轨|轨道)"
        r"|\b(?:jump|step|walk|div|throw\w*\s+myself|thr[eo]w\s+myself|fling\w*\s+myself)\w*\s+(?:off|into|in\s+front\s+of|from|over)\b(?!\s+(?:the\s+)?(?:next|question|topic|conclusions?|it|this|details?))"
        r"|\bjump(?:ing)?\s*(?:楼|下去)|\b(?:driv|drov|swerv|crash|steer)\w*\s+(?:\w+\s+){0,3}(?:off|into|in\s+front\s+of)\s+(?:\w+\s+)?(?:a\s+|the\s+)?(?:bridge|cliff|river|lake|wall|truck|tree|train|traffic|bus)"
        r"|\bone\s+step\s+off\b|\b(?:over|to)\s+the\s+edge\b|\bready\s+to\s+jump|\bi'?ll\s+jump\b(?!\s+(?:on|in|to))|\bcrash\s+my\s+car|\b(?:on|at|from|off)\s+the\s+(?:roof|rooftop|bridge|ledge|edge|tracks|railing|window\s?sill|cliff)\b|\bon\s+(?:a|my)\s+(?:roof|bridge|ledge)\b|\bin\s*楼顶"
        r"|\b(?:look|star|think)\w*\s+(?:at|about|of)\s+(?:the\s+)?(?:river|bridge|train\s+tracks|pills|rope|knife|jumping|jumping\s+off)\b"
        r"|\bpills?\b.{0,14}\b(?:next\s+to|beside|ready|saved?|enough|in\s+my\s+hand)|\b(?:took|take|taking|swallow\w*|sav(?:ed|ing)(?:\s+up)?)\s+(?:all\s+)?(?:the|my|a\s+bottle\s+of|enough|too\s+many|a\s+lot\s+of)?\s*(?:\w+\s+)?pills\b(?!\s+for)|\bbottle\s+of\s+(?:sleeping\s+)?pills|\boverdos\w+(?!\s+of\s+paper)"
        r"|\b(?:have|got|bought|tied|hung)\s+(?:a|the|my)\s+(?:rope|noose|gun|blade)|\brope\s+is\b|\bnoose\b|\bhang(?:ing)?\s+myself|\bslit\b|\bwrists?\b.{0,6}\b(?:cut|slit)|\bcharcoal\b.{0,20}\broom|\bgas\s+on\b"
    ),
    "hurting oneself": (
        r"自残|自伤|(?:伤害|作践|划伤|毁了)自己|又割了|割自己|烫自己|撞墙"
        r"|\bself[\s-]?harm\w*|\b(?:hurt|harm|burn|punish)(?:ing)?\s+myself(?!\s+at\s+work)|\bcut(?:ting)?\s+(?:myself|my\s+(?:wrists?|arms?|legs?|skin))|\bbeen\s+cutting(?!\s+(?:my|back|down|costs))|\bcutting\s+again"
    ),
    "an end to everything": (
        r"(?:结束|了断|了结|毁掉)(?:自己|生命|性命|这一切|我的(?!债|欠)|这条命|此生|这一生|一切)|自我了断|今晚(?:就)?了断|想(?:早点|快点|就|把它)?结束(?:了|算|它|自己|$)(?!.{0,6}(?:债|对话|协议|贷|还款|这笔|聊天|分期|合同|账))|想一了百了|一了百了(?:多|算|$)|都结束吧"
        r"|(?<!清了就)(?:想|求|只想|只求|要|才是|是种|是一种|图个)解脱(?!债|出来|欠)|^解脱(?:算|了|吧)|(?:想|如果我|要是我|我)消失(?:了|算|$)|只想消失|(?:该|从世上|从这世上|从这个世界)消失|人间蒸发"
        r"|离开(?:这个?|呢个)?(?:世界|人世|人间)|静静地?(?:离开|走)|安安静静.{0,2}(?:走|离)|离开人世|走那一步|走上绝路"
        r"|\bend(?:ing)?\s+(?:it\s+all|my\s+(?:own\s+)?life|everything\s+(?:tonight|now|today)|myself|mine\b|things\s+(?:tonight|today|this|for\s+good))|\bend\s+it\s+(?:tonight|now|all|for\s+good|myself)|\bi'?ll\s+end\s+it\b|\bend\s*(?:掉|了)?\s*这一切|\bleav(?:e|ing)\s+this\s+world|\bno\s+way\s+out\s+(?:but|except)|\bonly\s+(?:one\s+)?way\s+out"
        r"|\bpain\s+to\s+stop|\bmake\s+(?:the\s+pain|it)\s+stop|\bdisappear\s+(?:forever|for\s+good|completely)|\bvanish\s+for\s+good|\bwant\s+out\s+of\s+this\s+life|\bdone\s+fighting|\bworld\s+is\s+better\s+off|\bplan\s+to\s+end\b|\bhow\s+i'?d\s+do\s+it"
    ),
    "absence that would help": (
        rf"(?:等|要是|如果|假如|哪天|万一|若|可能)我(?:哪天|人|要是|真的?)?{_I_GONE}|我(?:要是|如果|人|是不是|一)?(?:没了|死了|死后|死咗|人没了|一死|不在了)(?!工作|钱|收入|办法|时间|单位|公司|家|北京|上海|老家)"
        rf"|我(?:走|离开|消失)(?:了|咗|以后|之后)?.{{0,8}}(?:解脱|轻松|清净|清静|干净|好过|省心|别找|别为难|别打扰|就不用|唔使)|人要?是没了|人死债消|人死账"
        rf"|(?:没有|没|冇|冇咗|没了)我.{{0,8}}(?:好|轻松|轻省|幸福|解脱|清静|清净|安心|省心)|走了反而|早点?走.{{0,3}}(?:干净|清净|好)|不连累{_OTHERS}|怎么走才"
        rf"|(?:多|少)我一个|多余的人|我(?:就)?(?:是|就是|只是)个?(?:累赘|包袱|拖累|废人)|拖累{_OTHERS}.{{0,6}}(?:走|死|离开|该)"
        r"|没人(?:在乎|会想|需要|管|关心)(?:我|的)?(?:死活|活|了|$)?|(?:不在乎|没人管).{0,3}死活|很快(?:就)?没(?:有)?我|找不到我了|找也找不到|没我这个人"
        r"|\b(?:better|happier|easier|freer|best|relieved)\b.{0,24}\b(?:without\s+me|if\s+i\s+(?:was|were|wasn'?t|weren'?t|died|disappeared)|once\s+i'?m\s+gone|when\s+i'?m\s+gone)|\bwithout\s+me\b.{0,16}\b(?:better|happier|manage|fine)|\b(?:manage|cope|fine)\s+without\s+me"
        r"|\bi(?:'?m|'?ll\s+be|\s+am|\s+will\s+be|\s+(?:was|were))\s+gone\b|\bi\s+won'?t\s+be\s+(?:around|here|alive|there|coming\s+home|a\s+problem)|\bwon'?t\s+be\s+around\b|\bwon'?t\s+(?:be\s+alive|find\s+me\s+alive|miss\s+me|have\s+to\s+chase\s+me)|\bfind\s+me\s+alive|\bi'?m\s+worthless|\bnot\s+be\s+here\s+(?:tomorrow|next|much)|\bsee\s+myself\s+(?:being\s+)?here\b"
        r"|\b(?:i'?m|only|just|nothing\s+but)\s+a\s+burden\b|\bburden\s+to\s+(?:everyone|my|them|all)|\bno\s?(?:body|\s+one)\s+(?:would\s+)?(?:miss|notice|cares?\s+if\s+i|needs\s+me\s+alive)|\bdead\s+men\s+don'?t"
    ),
    "life as payment": (
        r"(?:拿|用|要|把)(?:我)?(?:这条|的|条)?命(?!令|运).{0,3}(?:还|抵|赔|填|换|去|给|走)|这条命|一条命|你们?拿走我的?命|命你们拿|我的命(?:不值|给|你们|拿|吧)|命给你|赔(?:你|给)?(?:一)?条命|(?:还|抵|填).{0,2}命"
        r"|(?:意外险|寿险|人寿|保险|保单|受益人|死亡赔偿|身故).{0,12}(?:够还|够了吧|赔(?:的|给你|多少)|还(?:你|给|债)|抵)|保险.{0,6}我命"
        r"|\blife\s+insurance\b.{0,40}\b(?:pay|clear|cover|enough|debt|would|settle)|\b(?:pay|clear|settle|cover|debt)\b.{0,40}\b(?:my\s+)?life\s+insurance(?!\s+(?:question|product|quote))|\bget\s+the\s+insurance|\binsurance\s+money|\buse\s+my\s+life|\bhave\s+my\s+life\b|\btake\s+my\s+life|\bblood\s+on\s+your|\bworth\s+more\s+dead"
    ),
    "farewell": (
        r"遗书|遗言|遗嘱(?:都|已经)?(?:写|立)|绝笔|后事.{0,5}(?:交代|安排|托付|准备好)(?!.{0,4}(?:花|钱))|(?:交代|安排|托付)(?:好)?(?:了)?后事|永别(?!了?(?:花呗|借呗|网贷|信用卡))"
        r"|最后一(?:次|条|回).{0,8}(?:说话|讲嘢|消息|信息|聊|联系|打扰)|最后给(?:你|大家)|再见了?(?:这个)?世界|告别(?:这个世界|人世|大家|所有人)|(?:跟|同|和)(?:大家|所有人|家里).{0,3}告别|永远的那种"
        r"|(?:来|下)(?:世|辈子|一世).{0,6}(?:再?还(?!清)|做牛|当牛|见|不做人|报答)|这辈子.{0,4}(?:到头|就这样|完了|算完)|(?:先走一步|我先走了).{0,8}(?:对不起|不回来|爸|妈|原谅)|对不起.{0,10}(?:先走|走了|不孝)"
        r"|(?:走|死|离开)以后.{0,8}(?:别|不要|请)|别(?:救我|找我了)|照顾好我(?:妈|爸|爸妈|孩子|的孩子|老婆|家人)|(?:孩子|娃|女儿|儿子|狗|猫).{0,6}(?:托付|送人|送回|安排好|也想带走)|把孩子安排|带(?:着|上|埋)?(?:孩子|娃|我的孩子).{0,3}(?:一起)?(?:走(?!亲|路)|死|上路)|一家人?一起走|一起走算|同归于尽|今天就上路|放不下的了|没什么放心不下|没(?:什么|有)?(?:留恋|牵挂)"
        r"|密码.{0,6}(?:写|留).{0,10}(?:我妈|家里|老婆|桌|纸|孩子)|信(?:已经|都)?写好|写好信|(?:麻烦|请|记得)通知(?:一下)?我(?:姐|妈|爸|家)|来生再见|给我烧纸|别报警.{0,3}(?:让我|走)|没了我你们|没我了你们|(?:一起|着)走的心"
        r"|以后(?:也)?(?:不会|唔会)再(?:开|有人接|接)|不会再有人欠|写完这条|关机.{0,6}(?:不会再|永远)|快(?:没|冇)我|不会再(?:打扰|联系)你们.{0,3}永远"
        r"|\b(?:goodbye|farewell)\s+(?:world|forever(?!,)|everyone|everybody|all\b|cruel)|\b(?:said|say|saying)\s+(?:my\s+|our\s+|the\s+)?(?:final\s+|last\s+)?goodbyes?\b|\bsay\s+goodbye\s+给|\b(?:my\s+)?last\s+(?:message|words)\b(?!\s+(?:from|i\s+got))|\bfinal\s+(?:message|goodbye|words)"
        r"|\b(?:wrote|written|writing|write|left|leaving)\b.{0,20}\b(?:note|letters?)\s+(?:for|to)\s+my|\b(?:goodbye|suicide|farewell)\s+(?:note|letter)|\bwrote\s+(?:them|my\s+\w+)\s+(?:a\s+)?letters?"
        r"|\bgave\s+my\s+things\s+away|\bmade\s+my\s+peace|\bplanning\s+how\s+to\s+do|\b(?:gave|given|giving)\s+away\s+(?:my|all|everything)|(?<!to\s)\blook\s+after\s+my\s+(?:kids|children|mum|mother|dog)|\btake\s+care\s+of\s+my\s+(?:kids|children|mum|mother|family)\b|\btell\s+my\s+\w+\s+(?:i'?m\s+sorry|i\s+love|sorry)|\bsorry\s+(?:mum|mom|dad|everyone|kids)\b"
        r"|\b(?:don'?t|do\s+not)\s+(?:make\s+it\s+through|save\s+me|try\s+to\s+stop\s+me)|\bthrough\s+(?:the|to)\s?night\b|\btonight\s+(?:it'?ll|might|will)\s+be\s+(?:over|my\s+last|the\s+last)|\bnext\s+life|\bsee\s+you\s+in\s+(?:heaven|hell)"
    ),
    "nothing ahead": (
        r"(?:没|没有|冇)(?:明天|未来|以后)(?:了|可言)|看不到(?:明天|希望|未来|光|一点光)|冇晒希望|(?:没|没有|冇)(?:了)?活路(?!干)|只有死路|死路一条(?![？?])|(?:逼|走)(?:到|上)(?:了)?绝路|走投无路(?!.{0,8}(?:分期|方案|办法))|无路可走|冇路行|人生到(?:头|这)|路走完了"
        r"|撑不(?:下去|住|动)(?:了)?.{0,8}(?:死|不活|走了|睡|醒|结束|想歇)|撑到今晚|熬不过(?:今|这)|(?:过了|过完|到)今晚.{0,6}(?:没|就|为止)|今晚过后你们|捱唔到|顶唔(?:住|顺).{0,8}(?:死|跳|走|留低|离开)|冇嘢.{0,4}留低|没什么值得|什么值得我留|只能这样了.{0,4}别怪|这道坎.{0,4}过不去"
        r"|(?:心|人).{0,2}(?:死|空)了.{0,10}(?:命|死|不要|身体)|我(?:人)?(?:就)?凉了|陪我?去世的|绝望了.{0,6}(?:什么都|不想|命)|离开才是|想(?:找|陪|搵|去找).{0,6}(?:我爸|我妈|我奶|我爷|老公|老婆|阿爸|阿妈|他|她).{0,8}(?:那边|下面|天上|等我|在等|去世)|在(?:那边|下面|天上)等我|life.{0,6}没意思|活着no"
        r"|没有?\s*hope\s*了|\bno\s+hope\s+left|\blost\s+all\s+hope\s+and|\bno\s+tomorrow|\bcan'?t\s+(?:survive\s+this|take\s+it\s+any\s?more,?\s+i\s+want\s+out)|\bnothing\s+matters\b(?!\s+(?:more|as))|\bjoin(?:ing)?\s+my\s+(?:late\s+)?(?:wife|husband|mother|father|mum|mom|dad|son|daughter)|\bbe\s+with\s+my\s+(?:dead|late)"
    ),
}
"""By what it tells: a pattern for Chinese and English."""

HARMLESS: Final = (
    # everyday exaggeration
    r"想死你|爱死|(?<![我])(?:累|热|饿|困|气|笑|急|烦|渴|冻|闷|愁|穷|忙|吵|挤|贵|慢|笨|丑|疼|怕|难受|无聊|羡慕|后悔|担心|高兴|开心|乐|吓|美|好吃|恨|冤|攰|嬲|攞)死(?:我|人|宝宝|别人|当初|了)*"
    r"|(?:累|热|饿|困|笑|压力大|高|贵|忙|攰)(?:得|到)(?:要|想)?死|要死要活|半死不活|死要面子活受罪|死皮赖脸|死缠烂打|死马当活马|寻死觅活|要钱没有要命一条|打死|玩命|拼(?:了)?老?命|救命|要命(?:了|的)|真要命"
    # work, livelihood, idioms and things that share a word
    r"|没(?:有)?活(?:儿|路)?(?:干|做)|没活儿|活(?:不好找|少)|跳楼(?:价|甩|清仓)|跳槽|上吊瓶|死(?:期|账|机|循环|脑筋|心眼|骗子)|烧炭烤|还清.{0,6}解脱|债.{0,4}解脱"
    r"|没活路[了吧吗?？].{0,4}(?:不信|分期|方案)|不想活(?:动|跃)|想结束.{0,4}(?:债|对话|协议|还款|聊天|合同)|生活不下去"
    # other people's deaths
    r"|(?:他|她|佢|我弟弟?|我哥|我朋友|朋友|邻居|前妻|前夫|同事)(?:自杀|跳楼|轻生|烧炭|上吊|寻死)\w{0,3}"
    r"|\b(?:he|she|they|brother|sister|friend|husband|wife|father|mother|uncle|cousin|neighbou?r)\s+(?:is\s+suicidal|killed\s+(?:him|her|them)sel\w+|took\s+(?:his|her|their)\s+own\s+li\w+|committed\s+suicide|died\s+by\s+suicide)"
    # said not to be so
    r"|(?:没|没有|从没|从来没|并没|不会|不|唔会|唔|没有要)(?:想|打算|要)(?:过|去)?(?:自杀|轻生|寻死|寻短见?|求死|死)(?!都|也|法|路)|(?:不会|唔会|没有?)(?:自杀|轻生|做傻事|寻短)"
    r"|^\W*not\s+suicidal|\b(?:i'?m|i\s+am)\s+not\s+(?:\w+\s+)?(?:suicidal|going\s+to\s+(?:kill|hurt|harm|do))|\b(?:do(?:n'?t|\s+not)|won'?t|wouldn'?t|never)\s+(?:want\s+to\s+|wanna\s+|going\s+to\s+)?(?:die|kill\s+myself|hurt\s+myself|harm\s+myself)"
    # English everyday words
    r"|\bto\s+die\s+for\b|\bdying\s+(?:to|of\s+laughter|for)\b|\bdead\s+(?:tired|broke|serious|end|line|ringer|beat)\b|\bover\s+my\s+dead\s+body|\bdrop\s+dead|\bdie\s+for\s+a\b|\bkilling\s+(?:me|time)\b|\bjump(?:ing)?\s+(?:to|in)\b(?!\s+front)|\bhang(?:ing)?\s+(?:in|on)\b"
)
"""Taken out of a text before the signs are looked for."""
