"""How long a reader waits for ink: from letting go of the mouse to the bar, from the colour to the server's mark.

In real Chromium, to the frame that shows it: a message posted from an animation frame arrives after that frame is
painted. Beside it, in the same run, what cannot be gone below: an empty page fetched, and a trivial change painted.
"""

import os
import tempfile
from statistics import median
from typing import Any

from bench.harness.load import HOST
from bench.pages import make_article, make_reader, served, session_of, some_quotes
from scripts.browser import find

RUNS = 24
GOALS = {"bar": 50, "mark": 100}
COLUMNS = ("round trip", "paint", "bar", "mark")

# The moment after the next frame is painted, and what is waited for: `bar` since the mouse was let go over words,
# `mark` since a colour was pressed.
WATCH = """
  const painted = () => new Promise((done) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => done(performance.now());
    port2.postMessage(null);
  }));
  const since = {};
  const told = {};
  const tell = async (name) => {
    if (!(name in since) || name in told) return;
    told[name] = null;
    told[name] = (await painted()) - since[name];
  };
  addEventListener("pointerup", (event) => {
    const name = event.target.closest("#select-pop") ? "mark" : "bar";
    delete told[name];
    since[name] = event.timeStamp;
  }, { capture: true });
  document.addEventListener("toggle", (event) => {
    if (event.target.id === "select-pop" && event.newState === "open") tell("bar");
  }, { capture: true });
  document.addEventListener("beforetoggle", (event) => {
    if (event.target.id === "select-pop" && event.newState === "open") tell("bar");
  }, { capture: true });
  addEventListener("DOMContentLoaded", () => {
    const known = new Set([...document.querySelectorAll("#text a.hl-ref")].map((a) => a.id));
    new MutationObserver(() => {
      const marks = [...document.querySelectorAll("#text a.hl-ref")].filter((a) => !known.has(a.id));
      if (!marks.length) return;
      marks.forEach((a) => known.add(a.id));
      tell("mark");
    }).observe(document.getElementById("text"), { childList: true, subtree: true });
  });
  globalThis.told = told;
  globalThis.reference = async () => {
    const begin = performance.now();
    await (await fetch("/unit/")).text();
    const fetched = performance.now();
    document.querySelector("h1").style.opacity = 0.99 + (fetched % 100) / 10000;
    return { "round trip": fetched - begin, paint: (await painted()) - fetched };
  };
"""

# The box of some words in the middle of a paragraph without marks there, brought to the middle of the window.
WORDS = """(number) => {
  const all = [...document.querySelectorAll("#text p")];
  const paragraph = all[Math.floor((number + 0.5) * all.length / RUNS)];
  const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  let node = walker.nextNode();
  while (node && (node.data.length < 60 || node.parentElement.closest("mark"))) node = walker.nextNode();
  if (!node) return null;
  paragraph.scrollIntoView({ block: "center" });
  const range = document.createRange();
  range.setStart(node, 12);
  range.setEnd(node, 44);
  const lines = [...range.getClientRects()];
  const [first, last] = [lines[0], lines.at(-1)];
  return [first.left + 1, first.top + first.height / 2, last.right - 1, last.top + last.height / 2];
}""".replace("RUNS", str(RUNS))


def main() -> None:
    """Two articles, one table."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's loop makes Django believe it runs in async code
    with tempfile.TemporaryDirectory() as var:
        os.environ |= {"NEWSREADER_VAR": var, "DJANGO_SETTINGS_MODULE": "bench.harness.site"}
        os.environ.pop("DATABASE_URL", None)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        ada = make_reader("ada")
        articles = {"20 KB": make_article(20_000), "200 KB, 500 marks": marked(ada, 200_000, 500)}
        print(f"From the hand to the frame, in ms: median and 95th percentile of {RUNS}")
        print(f"{'':<20}" + "".join(f"{name:>18}" for name in COLUMNS))
        with served() as (_, port):
            for name, article in articles.items():
                print(
                    f"{name:<20}" + row(measure(f"http://{HOST}:{port}", article.get_absolute_url(), session_of(ada)))
                )
        print(f"{'goal':<20}" + "".join(f"{f'≤ {GOALS[name]}' if name in GOALS else '':>18}" for name in COLUMNS))


def marked(reader: Any, size: int, number: int) -> Any:
    from newsreader.annotations import services

    article = make_article(size)
    for place, quote in enumerate(some_quotes(article.text, number)):
        services.highlight(article, reader=reader, quote=quote, note="" if place % 4 else "Why *here*?")
    return article


def measure(address: str, path: str, session: str) -> dict[str, list[float]]:
    """Select and mark, again and again, in one page."""
    from playwright.sync_api import sync_playwright

    taken: dict[str, list[float]] = {name: [] for name in COLUMNS}
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=find())
        context = browser.new_context(viewport={"width": 1440, "height": 900}, service_workers="block")
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(address + path, wait_until="networkidle")
        for number in range(RUNS):
            for name, value in page.evaluate("reference()").items():
                taken[name].append(value)
            words = page.evaluate(WORDS, number)
            if words is None:
                continue
            page.mouse.move(*words[:2])
            page.mouse.down()
            page.mouse.move(*words[2:], steps=4)
            page.mouse.up()
            taken["bar"].append(page.wait_for_function("() => told.bar").json_value())
            page.locator("#select-pop [data-c=green]").click()
            taken["mark"].append(page.wait_for_function("() => told.mark").json_value())
            page.mouse.move(5, 5)
        browser.close()
    return taken


def row(taken: dict[str, list[float]]) -> str:
    """Median and 95th percentile of each column."""
    cells = []
    for values in taken.values():
        ordered = sorted(values)
        cells.append(f"{median(ordered):.0f}, {ordered[int(len(ordered) * 0.95)]:.0f} ({len(ordered)})")
    return "".join(f"{cell:>18}" for cell in cells)


if __name__ == "__main__":
    main()
