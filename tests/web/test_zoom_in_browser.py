"""At 200 % on a desk of 1280 by 800: nothing is cut, nothing scrolls sideways, everything can be reached."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.web.sample import CARDS, pages

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SHOWN = [*CARDS, *pages("zh")]
OPEN_ALL = "document.querySelectorAll('.how, .fold, .chart__table').forEach(one => one.open = true)"
BROWSER_ZOOM: dict[str, Any] = {
    "viewport": {"width": 640, "height": 400}, "device_scale_factor": 2
}  # fmt: skip
"""What a browser does at 200 %: half the CSS pixels, each twice as large."""
CSS_ZOOM: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
"""What the style does: twice as large in the same window, so that no media query notices."""

CUT = """() => {
  const faults = [];
  const name = (one) => `${one.tagName.toLowerCase()}.${one.className} "${one.textContent.trim().slice(0, 40)}"`;
  const unseen = (one) => one.closest('.unseen, .skip, [hidden], template, noscript, svg')
    || !one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const root = document.scrollingElement;
  if (root.scrollWidth > root.clientWidth) faults.push(`scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
  const edge = root.getBoundingClientRect().left + Math.max(innerWidth, root.clientWidth);
  for (const one of document.body.querySelectorAll('*')) {
    if (unseen(one) || one.closest('.turn__meta')?.clientWidth <= 1 || one.matches('details:not([open]) > :not(summary), details:not([open]) > :not(summary) *')) continue;
    const box = one.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const words = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if ((words || one.matches('button, a, input, textarea, img')) && (box.left < -1 || box.right > edge + 1)) {
      faults.push(`beyond the edge: ${name(one)}`);
    }
    const style = getComputedStyle(one);
    if (one.clientWidth <= 1) continue; // for screen readers alone
    if (one.matches('textarea, input')) continue;
    if (/hidden|clip/.test(style.overflowX) && one.scrollWidth > one.clientWidth + 1) faults.push(`cut at the side: ${name(one)}`);
    if (/hidden|clip/.test(style.overflowY) && one.scrollHeight > one.clientHeight + 1) faults.push(`cut below: ${name(one)}`);
    if (/auto|scroll/.test(style.overflowX) && one.scrollWidth > one.clientWidth + 1) faults.push(`scrolls inside: ${name(one)}`);
  }
  return faults;
}"""

COVERED = """() => {
  const faults = [];
  for (const one of document.querySelectorAll('button, a[href], input, textarea, summary')) {
    if (one.closest('.skip, .unseen, [hidden]') || !one.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    one.scrollIntoView({ block: 'center', inline: 'nearest' });
    const box = one.getBoundingClientRect();
    if (box.width < 2 || box.height < 2) continue;
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
    const hit = document.elementFromPoint(x, y);
    const label = one.labels?.[0];
    if (!hit || !(one.contains(hit) || hit.contains(one) || label?.contains(hit))) {
      faults.push(`cannot be reached: ${one.tagName} ${one.getAttribute('aria-label') || one.textContent.trim().slice(0, 40)}`);
    }
  }
  return faults;
}"""


@pytest.mark.parametrize(
    ("locale", "way", "css"),
    [
        pytest.param("zh", BROWSER_ZOOM, False, id="zh-browser"),
        pytest.param("en", CSS_ZOOM, True, id="en-style", marks=pytest.mark.long),
        pytest.param("en", BROWSER_ZOOM, False, id="en-browser", marks=pytest.mark.long),
        pytest.param("zh", CSS_ZOOM, True, id="zh-style", marks=pytest.mark.long),
    ],
)
def test_everything_stands_at_twice_the_size(
    browser: Browser, address: str, locale: str, way: dict[str, Any], css: bool
) -> None:
    context = browser.new_context(**way, reduced_motion="reduce")
    page = context.new_page()
    found: list[str] = []
    for name in SHOWN:
        page.goto(f"{address}/show/{name}?locale={locale}")
        if css:
            page.evaluate("document.documentElement.style.zoom = 2")
        page.evaluate(OPEN_ALL)
        violations = Axe().run(page).response["violations"]
        found += [f"{name}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in violations]
        found += [f"{name}: {fault}" for fault in page.evaluate(CUT) + page.evaluate(COVERED)]
    context.close()

    assert found == []
