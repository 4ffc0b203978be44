"""How many people live on the money, as people say it."""

from __future__ import annotations

from datetime import date

import pytest

from bot.components.grammar.in_context import settled
from bot.components.grammar.reading import read_values

TODAY = date(2026, 11, 24)


def sizes(text: str) -> list[object]:
    """The household sizes that are read in a text."""
    return [value.value for value in read_values(text, TODAY) if value.entity == "household_size"]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("家里四口人", 4),
        ("就我一个人过", 1),
        ("我和俩娃，三个人", 3),
        ("两口子加一个女儿", 3),
        ("一家五口靠我一个人", 5),
        ("屋企得我同老婆兩個", 2),
        ("there are four of us at home", 4),
        ("I live alone", 1),
        ("a family of five on one wage", 5),
        ("我家 3 个人", 3),
        ("单亲妈妈带着儿子", 2),
        ("我爸妈跟我住，都没收入", 3),
        ("single mum with two kids", 3),
        ("my wife and I plus her parents", 4),
        ("就我跟老伴两个人", 2),
        ("我独自带着两个孩子", 3),
        ("我们家就我和老娘", 2),
        ("there's me and my two boys", 3),
        ("屋里头就我跟俩闺女", 3),
        ("我们家五口人吃饭", 5),
        ("四口之家", 4),
        ("我单身汉一条", 1),
        ("just me", 1),
        ("me, my wife and 2 kids", 4),
        ("I live with my parents", 3),
        ("there's five of us under one roof", 5),
        ("六个人吃饭", 6),
        ("四张嘴要吃饭", 4),
        ("夫妻俩带三个孩子", 5),
        ("我跟老婆孩子一起住", 3),
        ("一共三个人", 3),
        ("我一个人带两个孩子", 3),
        ("supporting two kids alone", 3),
        ("4-person household", 4),
        ("we are six in our flat", 6),
        ("就我们两口子", 2),
        ("爸妈一个女儿跟我一起过", 4),
        ("living with my mum and my sister", 3),
        ("只有我和我妈", 2),
        ("家里上下六口", 6),
        ("全家7口人", 7),
        ("single dad to a toddler", 2),
        ("一家三口", 3),
        ("family of four", 4),
        ("single mom with two kids", 3),
        ("there are three of us", 3),
        ("就我一个人", 1),
    ],
)
def test_counted_or_named_a_household_is_summed_with_the_writer(text: str, size: int) -> None:
    assert sizes(text) == [size]


@pytest.mark.parametrize(
    "text",
    [
        "同阿爸阿媽仲有個細佬住",
        "我和老婆商量一下",
        "我老婆病了，两个孩子要上学",
        "人均三千",
        "家里有人病了",
        "每个月家里要用三千",
        "is it just me or is it slow",
        "my husband and I separated",
        "我们俩离婚了",
        "户口",
    ],
)
def test_relatives_who_are_only_mentioned_are_no_household(text: str) -> None:
    assert sizes(text) == []


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("家庭人口:5", 5),
        ("供养人数 3人(含本人)", 3),
        ("household size: 3", 3),
        ("family members 六个 all 靠我", 6),
        ("两大一小", 3),
        ("4 adults 2 kids, one salary", 6),
        ("三姐妹一起住", 3),
        ("we r 4 at home incl me", 4),
        ("seven under one roof", 7),
        ("rent and food for us three", 3),
        ("我们一家三口加岳母", 4),
        ("a family of three plus grandma", 4),
        ("孤家寡人", 1),
        ("solo", 1),
        ("单亲妈妈 一个儿子上幼儿园", 2),
        ("我带着仨娃,男人跑了", 4),
        ("俺娘跟俺,没别人", 2),
        ("its me n 2 kids", 3),
        ("with a wife n 2 kids on my back", 4),
        ("小两口加一对双胞胎", 4),
        ("一家三囗", 3),
        ("俩老人加我", 3),
        ("我和婆婆,老公坐牢了", 2),
        ("现在 me, 老公, 女儿 and grandma", 4),
        ("我一个人养他们仨", 4),
        ("they eat on my money, so me + 2", 3),
    ],
)
def test_the_whole_in_other_words_is_read_whatever_a_message_is_about(text: str, size: int) -> None:
    assert sizes(text) == [size]


@pytest.mark.parametrize(
    "text",
    [
        "two people call me every day",
        "三个人给我打电话",
        "give us three months",
        "family is 3 months behind",
        "1,012 people at home",
        "我带着老妈去看病",
        "only me working",
        "家里每月开销不是3000是4000",
        "人数很多",
        "我跟我儿子说了",
        "我和我妈没别人借钱",
        "我和女朋友吵架了",
        "they call me + 2 others",
    ],
)
def test_figures_of_something_else_are_no_household(text: str) -> None:
    assert sizes(text) == []


def told(text: str, intent: str = "state_household") -> list[object]:
    """The sizes of a text that is known to tell of the household, without what it takes back."""
    values = settled(text, read_values(text, TODAY), intent, TODAY)
    return [value.value for value in values if value.entity == "household_size"]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        # A number for everybody beats whoever is named beside it.
        ("连我在内六个", 6),
        ("算上我四个", 4),
        ("外甥寄住在我家,加上我跟媳妇一共仨", 3),
        ("带6岁儿子,就我俩", 2),
        ("我爸妈 and me, 3 people 靠我一个人 salary", 3),
        ("five, if you count my nan", 5),
        ("俩人，不，仨人了", 3),
        # Others by number: the writer comes to them.
        ("爸妈老了 我一个人养他们仨", 4),
        ("离了婚自己带一个", 2),
        ("my sister and her baby moved in, so me + 2", 3),
        ("right now we are two plus her dad", 3),
        # Nobody counts twice, nor does whose relative somebody is.
        ("我跟我闺女,闺女8岁", 2),
        ("就是我跟我丈夫还有我丈夫他妈妈", 3),
        ("me, my ex's lad who stayed with me, and our daughter", 3),
        ("my brother's wife and me", 2),
        ("three kids, a boy and two girls, and me", 4),
        ("me, two kids and a baby", 4),
        ("我单亲妈妈带个儿子", 2),
        # A number may stand behind its noun; behind a list it is everybody's.
        ("小孩两个,老公一个,还有我自己", 4),
        ("我和女儿两个", 2),
        ("我 儿子 女儿三个", 3),
        ("两个没成年的儿子和我", 3),
        # The dead, the gone, the unborn and those who keep themselves.
        ("我跟我爸,我妈前年没了", 2),
        ("我和婆婆,老公坐牢了", 2),
        ("老公出轨离了,娃归我,就我跟娃俩人", 2),
        ("弟弟没成家跟我住", 2),
        ("我和她 肚子里还有一个没出来", 2),
        ("小两口，娃还在肚子里", 2),
        ("老婆怀孕 俩娃", 4),
        ("my husband left me with two kids", 3),
        ("my husband left his job, it's me, him and our son", 3),
        ("my in-laws live downstairs but on their own pension, it's me, the wife and our boy", 3),
        ("took in my niece when my sister got sick so thats me hubby and her", 3),
        ("housemate pays her own food, I only keep myself", 1),
        ("宿舍八个人，不过我只管我自己", 1),
        ("老伴走得早，屋里就剩我", 1),
        # Other words for a couple, and languages mixed.
        ("老两口,拉扯俩孙子", 4),
        ("a couple, no kids", 2),
        ("just the missus and I mate", 2),
        ("俩 daughters 一个 wife 一个我", 4),
        ("公公婆婆……哦不是,是岳父岳母，我和老婆", 4),
    ],
)
def test_who_lives_on_the_money_is_counted_head_by_head(text: str, size: int) -> None:
    assert told(text) == [size]


@pytest.mark.parametrize(
    "text",
    [
        "四代同堂",
        "we are a big family all living off this one wage",
        "孩子们都还在念书",
        "我还有弟弟妹妹们要养",
        "老丈人跟着我们住",
        "my grandma lives with us",
        "我老公在外地打工，我带俩娃",
        "my wife works abroad, me and our son here",
        "我们三个人合租",
        "两个孩子加保姆",
        "我俩离婚了",
        "靠我一个人",
        "1,012 in total",
    ],
)
def test_where_a_head_is_uncertain_there_is_no_figure(text: str) -> None:
    assert told(text) == []


def test_a_correction_counts_heads_only_where_it_names_the_household() -> None:
    assert told("人数填错啦 应该是我 老婆 和一个娃", "correct_fact") == [3]
    assert told("家里不是四口 婆婆也来了 是五口", "correct_fact") == [5]
    assert told("填错啦 我妈看病花了3000", "correct_fact") == []


@pytest.mark.parametrize(
    ("text", "size"),
    [
        # A number of people whose living, wage or room is told beside it.
        ("三个人吃低保，一分也挤不出", 3),
        ("五口，外婆也算上了", 5),
        ("三口", 3),
        ("we 2 spend very little", 2),
        ("laid off, now us five got no income", 5),
        ("5 ppl 1 salary u do the math", 5),
        ("For six people we need around 4500", 6),
        # Pairs and threes of kin.
        ("娘俩", 2),
        ("我哋兩母女就咁捱", 2),
        ("就我们老两口，那点退休金全搭医院了", 2),
        ("couple only, both retired", 2),
        # Relatives, then how many they are.
        ("離咗婚，個女跟我，兩個人", 2),
        ("老丈人丈母娘也跟我们过 加上我们仨 拢共五口", 5),
        ("seven, incl. my parents and hers", 7),
        ("two kids and my wife, that makes 4 to feed", 4),
        # Everybody by name, the writer and "him" among them.
        ("So me, him, our son, all on my one salary", 3),
        ("my mother is on dialysis, it's her and me", 2),
        ("that's for my wife and me together", 2),
        ("剩下我 她妈 还有小儿子", 3),
        ("我同老公，一個仔一個女", 4),
        ("just me and the dog", 1),
        ("就我和一只猫", 1),
        # Whom one brings up.
        ("single mom of three", 4),
        ("前夫不给抚养费，我一个人拖两个崽", 3),
        ("i hv wife n 3 kids to feed", 5),
    ],
)
def test_a_household_said_in_passing_is_read(text: str, size: int) -> None:
    assert sizes(text) == [size]


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("家里人数改一下 改成六个", [6]),
        ("唔係五個人，大女嫁咗出去，而家四個", [4]),
        ("前面填的五个人是把岳母也算了，她回老家了，改成四个", [4]),
        ("sorry, we are 4 not 3, forgot the baby", [4]),
        ("I put 6 people but my in-laws went back home, so 4", [4]),
        ("the number of people at home should have been five", [5]),
    ],
)
def test_a_correction_gives_the_size_that_holds_now(text: str, now: list[object]) -> None:
    assert sizes(text) == now


@pytest.mark.parametrize(
    "text",
    [
        "公司三个人一起被裁了",
        "两个人上门来催债",
        "担保的有三个人",
        "我吃了三口饭",
        "改成六个月",
        "so me and my husband went to the branch",
        "two people on that call",
        "3 counting my salary",
        "my wife and son will know?",
        "你们打给我爸妈",
    ],
)
def test_people_of_another_kind_are_no_household(text: str) -> None:
    assert sizes(text) == []


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "words",
    [
        "两个孩子", "我老婆还有", "my wife and ", "two kids ", "公公婆婆", "我跟老婆带俩娃", "弟弟妹妹", "my son's ",
        "个孩子的", "a kid, ",
    ],
)  # fmt: skip
def test_who_repeats_their_family_for_two_thousand_characters_is_read_all_the_same(
    words: str,
) -> None:
    """Patterns that try every way to part such a list would take minutes."""
    assert len(told((words * 2000)[:2000])) <= 1


@pytest.mark.parametrize(
    ("text", "size"),
    [
        # Any word in either language.
        ("我 family 3 口 low income", 3),
        ("孩子 dad 不管, 我一个人 raise 两个 kids", 3),
        ("only apartment, 我们 six people 住里面", 6),
        ("family size 写 3 吧, 老公我 and baby", 3),
        # Whom the writer keeps, or was left with.
        ("这点工资养我和两个丫头", 3),
        ("俩儿子我一人养", 3),
        ("媳妇跟人走了撇下我跟两个小子", 3),
        ("husband left, I'm alone with two girls", 3),
        ("my salary supports my wife and two daughters", 4),
        # Three heads, the writer among them, in passing.
        ("480 a month we can handle, my mom, my husband and me", 3),
        ("how many?? 4. Me my wife our daughter and my old dad", 4),
        # A sum beside a list, and who is added to it.
        ("我跟老伴俩人的退休金加起来四千出头", 2),
        ("除了我还有四个人靠这份钱过日子", 5),
        ("we have a son, three people and no pay", 3),
    ],
)
def test_a_household_in_mixed_words_or_told_by_whom_one_keeps_is_read(text: str, size: int) -> None:
    assert sizes(text) == [size]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("我 我老公 婆婆 还有个上小学的", 4),
        ("单亲妈妈带一个男孩", 2),
        ("孩子归他爸了我现在自己单过", 1),
        ("单身，没结婚，自己养自己", 1),
        ("no one but myself to feed", 1),
        ("婆婆不跟我们过了，把她去掉，剩我们夫妻和一个儿子", 3),
    ],
)
def test_somebody_of_whom_little_is_said_counts_and_who_is_taken_off_does_not(
    text: str, size: int
) -> None:
    assert told(text) == [size]


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("I said eight in the house but the cousins cook for themselves, so count 5", [8, 5]),
        ("把家里人数改一下 2改成3 我外孙来了", [2, 3]),
        ("我们家 not 四个, it's three, 大女儿 married out", [4, 3]),
        ("we are four, not three, I left out the baby", [4, 3]),
        ("put six for the household, five was before my nephew moved in", [6, 5]),
        ("it used to be four of us, now two", [4, 2]),
        ("人数说成4个了，是5个，漏了我岳母", [4, 5]),
        ("本来三个人，上月我弟搬出去了，现在两个人", [3, 2]),
        ("之前家里是四个人，大的出去打工了，剩三个", [4, 3]),
    ],
)
def test_a_correction_gives_what_it_takes_back_too(text: str, both: list[object]) -> None:
    found = [v.value for v in read_values(text, TODAY) if v.entity.startswith("household_size")]
    assert found == both


@pytest.mark.parametrize(
    "text",
    [
        "前夫一毛抚养费不给，我一个人拉扯孩子",
        "you called me, my wife and my son",
        "我老婆和我妈都知道这事",
        "我 wife and son 不知道 this",
        "3 people from 你们公司 call me",
        "请把还款日2改成3",
    ],
)
def test_who_is_called_or_told_is_no_household_nor_are_children_without_a_number(text: str) -> None:
    assert sizes(text) == []


@pytest.mark.parametrize(
    ("text", "size"),
    [
        # Out of work together, with whom they bring up.
        ("我跟老公一个厂的，一块儿被裁，还带着一个上小学的", 3),
        ("夫妻俩一起被裁，还有两个娃", 4),
        ("my husband, my son and me are left without a wage", 3),
        ("my husband and I were both laid off and we have two kids", 4),
        # Who is left, and how many there are to feed.
        ("He has died, mum and I are what is left", 2),
        ("even with five to feed I mean to pay you back", 5),
        ("got three round the table every night", 3),
        # Said yes or no to.
        ("yes 就三个人 correct", 3),
        ("是的就四口人", 4),
    ],
)
def test_a_household_told_in_passing_is_read_whatever_the_message_is_about(
    text: str, size: int
) -> None:
    assert sizes(text) == [size]


@pytest.mark.parametrize(
    "text",
    [
        "我跟老公都被裁了",
        "我们姐弟俩要替他还吗",
        "I can pay 100 a month, NOT 1,000, a person please",
        "家里还剩三个苹果",
        "I told you three but it is with my brother",
    ],
)
def test_a_couple_out_of_work_heirs_and_sums_are_no_household(text: str) -> None:
    assert [v for v in read_values(text, TODAY) if v.entity.startswith("household_size")] == []
