/** Shows Markdown as readers will see it while it is written, from the one place that renders it. Without it, what was
 *  saved stands there. */

const PAUSE = 400; // ms

for (const shown of document.querySelectorAll("[data-prose]")) {
  const field = document.getElementById(shown.dataset.prose);
  const token = field?.form?.elements.csrfmiddlewaretoken?.value;
  if (!token) continue;
  const at = shown.querySelector("[data-shown]");
  let waiting, asked;
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(render, PAUSE);
  });

  async function render() {
    const note = field.value;
    asked = note;
    const answer = await fetch(shown.dataset.address, {
      method: "POST",
      body: new URLSearchParams({ note, csrfmiddlewaretoken: token }),
      credentials: "same-origin",
    }).catch(() => null);
    // A refusal, which says why, is 422.
    if (asked !== note || !answer || !(answer.ok || answer.status === 422)) return;
    const { body } = new DOMParser().parseFromString(await answer.text(), "text/html");
    at.replaceChildren(...body.childNodes);
  }
}
