"""Draws the pictures that devices show of the application from static/icons/favicon.svg: `python -m scripts.icons`."""

from pathlib import Path

from playwright.sync_api import sync_playwright

from scripts.browser import find

ICONS = Path(__file__).resolve().parent.parent / "static/icons"
INK = "#1b1f28"
# Name, size, and how much of the square the drawing takes. Where a device cuts the corners itself (maskable, and
# Apple's) the ground goes to the edges, and the drawing stays within the circle that is always seen.
PICTURES = (
    ("icon-192", 192, 1.0),
    ("icon-512", 512, 1.0),
    ("icon-maskable-512", 512, 0.8),
    ("apple-touch-icon", 180, 0.9),
)


def main() -> None:
    drawing = (ICONS / "favicon.svg").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find())
        for name, size, part in PICTURES:
            page = browser.new_page(viewport={"width": size, "height": size})
            ground = "transparent" if part == 1 else INK
            page.set_content(
                f"<style>body {{ margin: 0; height: 100vh; display: grid; place-items: center; background: {ground} }}"
                f"svg {{ width: {part:.0%} }}</style>{drawing}"
            )
            page.screenshot(path=ICONS / f"{name}.png", omit_background=True)
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
