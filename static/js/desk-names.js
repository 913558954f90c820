/** Completes the name of a source or topic that is typed into a filter, from what the server has. Without it, one types
 *  the whole name, or a part of it and chooses. */

const PAUSE = 200; // ms

for (const field of document.querySelectorAll("input[data-names]")) {
  let waiting, asked;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => complete(field), PAUSE);
  });

  async function complete() {
    const term = field.value.trim();
    if (!term || term === asked) return;
    asked = term;
    const answer = await fetch(`${field.dataset.names}&term=${encodeURIComponent(term)}`, { credentials: "same-origin" })
      .catch(() => null);
    if (!answer?.ok || asked !== term) return;
    const { results } = await answer.json();
    field.list.replaceChildren(...results.map(({ text }) => new Option("", text)));
  }
}
