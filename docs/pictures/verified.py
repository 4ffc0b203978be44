"""The verification page, with a document that was just signed and one that was changed."""

from __future__ import annotations

from walk import Walk

__all__ = ["VERIFIED", "verified"]

VERIFIED = ("desktop-zh-verified", "phone-en-altered")
"""On a desk in Chinese, intact; on a telephone in English, with one bit changed."""


def verified(walk: Walk, document: bytes) -> None:
    """Put the document on the page and take the picture of what the page says, in the person's language."""
    chinese = walk.row["locale"] == "zh"
    name = VERIFIED[0] if chinese else VERIFIED[1]
    if name not in walk.wanted:
        return
    size = walk.page.viewport_size
    if chinese:
        walk.page.emulate_media(color_scheme="light")
        walk.page.set_viewport_size({"width": 1280, "height": 860})
    else:
        changed = bytearray(document)
        changed[len(changed) // 2] ^= 1
        document = bytes(changed)
    walk.page.goto(f"{walk.sandbox.api}/verify?lang={walk.row['locale']}")
    walk.page.locator("input[type=file]").set_input_files(
        {"name": "document.pdf", "mimeType": "application/pdf", "buffer": document}
    )
    walk.page.locator(".drop button").click()
    walk.page.locator(".outcome").wait_for()
    walk.picture(name)
    if size is not None:
        walk.page.set_viewport_size(size)
