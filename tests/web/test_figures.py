from __future__ import annotations

import re
from itertools import combinations

import pytest

from api.web.chart import CHARACTER, LINE, WIDTH, draw
from api.web.formats import AMOUNT, TYPED_FIGURE, rate_text
from tests.web.sample import CARDS, offer, presentation, record


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("每月还 1,083.11 元，18 个月", ["1,083.11 元"]),
        ("¥1,083.11 a month, 18 months", ["¥1,083.11"]),
        ("每月四五千元", ["四五千元"]),
        ("大概4000到5000元", ["4000到5000元"]),
        ("欠了3.8万", ["3.8万"]),
        ("12月23日前，第 2 步，打12356", []),
    ],
)
def test_amounts_in_a_sentence_can_be_covered(text: str, amounts: list[str]) -> None:
    assert AMOUNT.findall(text) == amounts


def test_a_bare_number_that_the_person_typed_is_covered_too() -> None:
    assert TYPED_FIGURE.findall("不是 6800，只有 6200") == ["6800", "6200"]
    assert TYPED_FIGURE.findall("2026年开始，25 号") == []


@pytest.mark.parametrize("name", ["offer", "comparison of three", "signed", "terms"])
def test_no_amount_on_a_card_escapes_the_cover(name: str) -> None:
    html = presentation().render_record(record(1, text="", card=CARDS[name]), "zh", True)
    html = re.sub(
        r'<svg class="chart__plot".*?</svg>|<ul class="chart__list">.*?</ul>', "", html, flags=re.S
    )
    uncovered = re.sub(
        r'<span class="money__shown">.*?</span>(?=<span class="money__dots")', "", html
    )
    assert re.findall(r"\d[\d,]*\.\d\d(?!%)", re.sub(r"<[^>]+>", " ", uncovered)) == []


def test_rates_are_written_without_idle_zeros() -> None:
    assert [rate_text(rate) for rate in ("6.00", "6.50", "18.25", "0.00", "10")] == [
        "6%", "6.5%", "18.25%", "0%", "10%",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "sizes",
    [
        [("1083.11", 18), ("1600.84", 12), ("565.85", 36)],
        [("1000.00", 18), ("1000.01", 18), ("1000.02", 18)],
        [("50.00", 60), ("49.00", 59)],
        [("180000.00", 2), ("9000.00", 40), ("6000.00", 60)],
    ],
)
def test_the_charts_labels_stay_inside_and_apart(sizes: list[tuple[str, int]]) -> None:
    offers = [
        offer(number, monthly=monthly, periods=periods)
        for number, (monthly, periods) in enumerate(sizes, start=1)
    ]
    names = [f"{o['number']}: {o['monthly']} × {o['periods']}" for o in offers]
    chart = draw(offers, names, "en")
    boxes = []
    for plan in chart.plans:
        width = len(plan.label) * CHARACTER
        left = plan.label_x if plan.anchor == "start" else plan.label_x - width
        boxes.append((left, left + width, plan.label_y))
        assert left >= 0
        assert left + width <= WIDTH + 1
        assert 0 < plan.x <= chart.right
        assert 0 < plan.y < chart.bottom
    for one, two in combinations(boxes, 2):
        assert abs(one[2] - two[2]) >= LINE - 0.1 or one[1] <= two[0] or two[1] <= one[0]


def test_a_rectangles_area_is_what_is_paid() -> None:
    """Equal totals draw equal areas: twice the months at half the payment."""
    tall, wide = offer(1, monthly="1200.00", periods=10), offer(2, monthly="600.00", periods=20)
    chart = draw([tall, wide], ["1", "2"], "en")
    one, two = ((plan.x - chart.left) * (chart.bottom - plan.y) for plan in chart.plans)
    assert one == pytest.approx(two, rel=0.01)


def test_a_chart_whose_lines_run_close_together_lists_its_labels_below() -> None:
    far = [offer(), offer(2, "soonest"), offer(3, "lowest_monthly")]
    near = [offer(monthly="1075.94", periods=35), offer(3, "lowest_monthly", monthly="1052.68")]

    assert not draw(
        far, ["一：1,083.11 × 18", "二：1,600.84 × 12", "三：565.85 × 36"], "zh"
    ).crowded
    assert draw(near, ["一：1,075.94 × 35", "三：1,052.68 × 36"], "zh").crowded
