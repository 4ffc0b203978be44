"""WCAG 2.2 contrast of the pairs that the design language names, from the stylesheet itself."""

from __future__ import annotations

import re

import pytest

from api.web.assets import STATIC_FOLDER

CSS = (STATIC_FOLDER / "anhuan.css").read_text(encoding="utf-8")

TEXT = [
    *(("ink", ground) for ground in ("paper", "surface", "sunken", "person", "collector",
      "info-soft", "amber-soft", "good-soft", "pine-soft")),
    *(("ink2", ground) for ground in ("paper", "surface", "sunken", "info-soft")),
    *(("ink3", ground) for ground in ("paper", "surface", "sunken")),
    *(("pine", ground) for ground in ("paper", "surface", "pine-soft")),
    ("on-pine", "pine"), ("on-pine", "pine-strong"), ("amber", "amber-soft"),
    ("amber", "collector"), ("amber", "surface"), ("amber", "paper"), ("good", "good-soft"),
    ("good", "surface"), ("info", "info-soft"), ("info", "surface"), ("brick", "brick-soft"),
    ("brick", "surface"), ("brick", "paper"), ("rail-ink", "rail"), ("rail-strong", "rail-chosen"),
    ("rail", "rail-ink"), ("ink", "brick-soft"), ("pine", "pine-soft"),
]  # fmt: skip
"""Words on a ground: at least 4.5."""

EDGES = [
    ("control", "surface"), ("control", "sunken"), ("control", "paper"), ("pine", "surface"),
    ("pine", "paper"), ("brick", "surface"), ("focus", "paper"), ("focus", "surface"),
    ("focus", "pine-soft"), ("focus", "sunken"),
]  # fmt: skip
"""Edges of controls and the focus ring: at least 3."""

STATED = {
    ("light", "ink", "surface"): 15.1, ("dark", "ink", "surface"): 13.6,
    ("light", "ink3", "paper"): 5.4, ("dark", "ink3", "paper"): 7.5,
    ("light", "pine", "surface"): 8.1, ("dark", "pine", "surface"): 8.9,
    ("light", "focus", "paper"): 4.2, ("dark", "focus", "paper"): 11.8,
}  # fmt: skip
"""Figures printed in the design language; they show that the same formula is used."""


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z0-9-]+): (#[0-9A-F]{6});", block))


def block_of(selector: str) -> str:
    start = CSS.index(selector)
    return CSS[start : CSS.index("}", start)]


THEMES = {
    "light": tokens(block_of(":root {")),
    "dark": tokens(block_of(':root[data-theme="dark"] {')),
}


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(theme: str, front: str, ground: str) -> float:
    one, two = luminance(THEMES[theme][front]), luminance(THEMES[theme][ground])
    return (max(one, two) + 0.05) / (min(one, two) + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "ground"), TEXT)
def test_words_can_be_read(theme: str, front: str, ground: str) -> None:
    assert contrast(theme, front, ground) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("front", "ground"), EDGES)
def test_edges_and_focus_can_be_seen(theme: str, front: str, ground: str) -> None:
    assert contrast(theme, front, ground) >= 3


@pytest.mark.parametrize(("theme", "front", "ground"), STATED)
def test_the_formula_gives_the_figures_of_the_design_language(
    theme: str, front: str, ground: str
) -> None:
    assert contrast(theme, front, ground) == pytest.approx(STATED[theme, front, ground], abs=0.051)


def test_the_switch_and_the_system_give_the_same_dark() -> None:
    assert tokens(block_of(':root:not([data-theme="light"]) {')) == THEMES["dark"]
    assert THEMES["dark"].keys() == THEMES["light"].keys()


def test_no_other_colour_is_written_anywhere() -> None:
    for file in STATIC_FOLDER.glob("*.css"):
        text = file.read_text(encoding="utf-8")
        if file.name == "anhuan.css":
            text = text[text.index("box-sizing") :]
        assert re.findall(r"#[0-9A-Fa-f]{3,8}\b|rgba?\(|hsla?\(", text) == [], file.name


def test_nothing_is_fetched_and_nothing_is_italic() -> None:
    for file in STATIC_FOLDER.glob("*.css"):
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"url\(|@import|@font-face|italic|text-align: justify", text), (
            file.name
        )
