"""Takes a picture of every page and state, wide to narrow, light and dark, into shots/; fails where a page complains.

On a library of its own, which is gone afterwards. Words choose: `python -m scripts.shots notebook 390`; the word
`readme` takes the pictures of README.md into docs/pictures/ and nothing else.
"""

import sys
import time

from scripts.scenes import WIDTHS, Scene, scenes
from scripts.staged import ROOT, Stage, stage, wanted, wear

SHOTS = ROOT / "shots"
PICTURES = ROOT / "docs/pictures"


def main(words: list[str]) -> None:
    """Take them; `words` choose scenes by the start of their name, and widths."""
    begun = time.monotonic()
    with stage() as on:
        if words == ["readme"]:
            taken = take_for_readme(on, on.fill())
        else:
            SHOTS.mkdir(exist_ok=True)
            taken = take_all(on, words)
    print(f"{taken} pictures in {time.monotonic() - begun:.0f} s")
    if on.complaints:
        sys.exit("Pages complained:\n" + "\n".join(dict.fromkeys(on.complaints)))


def take_all(on: Stage, words: list[str]) -> int:
    claiming = Scene("claim", on.claim, who="")
    taken = sum(take(on, claiming, width) for width in WIDTHS if wanted(words, claiming, width))
    for scene in scenes(on.fill()):
        taken += sum(take(on, scene, width) for width in WIDTHS if wanted(words, scene, width))
    return taken


def take(on: Stage, scene: Scene, width: int) -> int:
    """The scene at one width in its themes; how many pictures that were."""
    with on.scene(scene, width) as page:
        for theme in scene.themes:
            wear(page, theme)
            file = SHOTS / f"{scene.name}-{width}-{theme}.png"
            page.screenshot(path=file, full_page=scene.whole, animations="disabled")
            print(f"{file.relative_to(ROOT)}", flush=True)
    return len(scene.themes)


def take_for_readme(on: Stage, at: dict[str, str]) -> int:
    """The two pictures of README.md."""
    for name, path, clip in (
        ("reader", at["edge"], {"x": 0, "y": 0, "width": 1440, "height": 790}),
        ("notebook", "/notebook/", {"x": 0, "y": 0, "width": 1360, "height": 800}),
    ):
        with on.scene(Scene(name, path), 1440, color_scheme="light", reduced_motion="reduce") as page:
            page.reload()  # with all typefaces, as for somebody who was here before
            page.wait_for_timeout(500)  # it opens where it was left
            page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=PICTURES / f"{name}.png", clip=clip)  # type: ignore[arg-type]
        print(f"docs/pictures/{name}.png", flush=True)
    return 2


if __name__ == "__main__":
    main(sys.argv[1:])
