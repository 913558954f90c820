"""What a reader's hands do: drag over words, press them, hold them."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

# The rectangles of the first and last character of `words`, looked for in the text of the article.
FIND = """
(words) => {
  const root = document.getElementById("text");
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const nodes = [];
  let text = "";
  while (walker.nextNode()) { nodes.push([text.length, walker.currentNode]); text += walker.currentNode.data; }
  const at = text.indexOf(words);
  if (at < 0) throw new Error(`not in the article: ${words}`);
  const point = (offset) => {
    const [start, node] = nodes.findLast(([begin]) => begin <= offset);
    return [node, offset - start];
  };
  const range = document.createRange();
  range.setStart(...point(at));
  const [last, end] = point(at + words.length - 1);
  range.setEnd(last, end + 1);
  return range;
}
"""


def boxes(page: Page, words: str) -> list[dict]:
    """Where the lines of `words` are on the screen, scrolled into view if they are not."""
    return page.evaluate(
        f"""async (words) => {{
          await document.fonts.ready; // they move the text
          const range = ({FIND})(words);
          range.startContainer.parentElement.scrollIntoView({{ block: "center" }});
          return [...range.getClientRects()].filter((r) => r.width > 0).map((r) => r.toJSON());
        }}""",
        words,
    )


def drag_over(page: Page, words: str) -> None:
    """Selects `words` with the mouse, from the first letter to behind the last, once the page's script is there."""
    page.wait_for_load_state()
    lines = boxes(page, words)
    first, last = lines[0], lines[-1]
    page.mouse.move(first["left"] + 0.5, first["top"] + first["height"] / 2)
    page.mouse.down()
    page.mouse.move(last["right"] - 3, last["top"] + last["height"] / 2, steps=6)
    page.mouse.move(last["right"], last["top"] + last["height"] / 2)
    page.mouse.up()
    expect(bar(page)).to_be_visible()


def hold_over(page: Page, words: str) -> None:
    """Selects `words` as a phone does after a long press: a selection appears, and no pointer event ends it."""
    page.evaluate(
        f"""async (words) => {{
          await document.fonts.ready;
          const range = ({FIND})(words);
          range.startContainer.parentElement.scrollIntoView({{ block: "center" }});
          getSelection().removeAllRanges();
          getSelection().addRange(range);
        }}""",
        words,
    )
    expect(bar(page)).to_be_visible()


def at_rest(page: Page) -> None:
    """Waits until nothing is on its way to the server, and nothing on the screen."""
    expect(page.locator("[aria-busy=true], .htmx-request")).to_have_count(0)
    page.evaluate(
        """async () => {
          await document.fonts.ready;
          const transitions = document.getAnimations().filter((one) => one instanceof CSSTransition);
          await Promise.allSettled(transitions.map((one) => one.finished));
        }"""
    )


@contextmanager
def clock_stands(page: Page) -> Iterator[None]:
    """As if no time passed meanwhile, however busy the machine is: what the page does after a pause, it does not."""
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
    yield
    page.clock.resume()


def bar(page: Page):
    return page.get_by_role("toolbar", name="Selected text")


def marked(page: Page) -> list[str]:
    """The words under each highlight of the page, in order of the text."""
    return page.evaluate(
        """() => {
          const all = (selector) => [...document.querySelectorAll(selector)];
          const ids = [...new Set(all("#text mark").flatMap((mark) => mark.dataset.h.split(" ")))];
          return ids.map((id) => all(`#text mark[data-h~="${id}"]`).map((mark) => mark.textContent).join(""));
        }"""
    )
