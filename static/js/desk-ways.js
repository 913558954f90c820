/** Markdown or HTML: what is typed is turned into what is chosen, by the server. Turning back at once brings the very same text. */
import { _ } from "./i18n.js";

export function ways(form, section, changed) {
  const { body, was_in: was, written_in: chosen } = form.elements;
  const row = document.querySelector(".desk-texts .field-written_in");
  const problem = Object.assign(document.createElement("p"), { className: "desk-problem" });
  problem.setAttribute("role", "alert");
  row.append(problem);
  document.getElementById("convert").hidden = true;
  let last, way = chosen.value;

  async function turn() {
    const [from, into] = [way, chosen.value];
    problem.textContent = "";
    if (body.value.trim() && from !== into) {
      const before = body.value;
      const said = last?.into === from && last.after === before ? last.before : await converted(before, from, into);
      if (said === null) return void (chosen.value = from);
      last = { into, before, after: said };
      body.value = said;
      was.value = into;
    }
    way = into;
    changed();
  }

  async function converted(text, from, into) {
    body.readOnly = true;
    body.setAttribute("aria-busy", "true");
    try {
      const sent = new FormData();
      const told = { csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value, from, into, body: text, address: form.elements.address?.value ?? "" };
      for (const [name, value] of Object.entries(told)) sent.set(name, value);
      const answer = await fetch(section.dataset.convert, { method: "POST", body: sent, redirect: "error" });
      const said = await answer.json();
      if (answer.ok) return said.body;
      problem.textContent = said.problem;
    } catch {
      problem.textContent = _("It could not be converted just now. Nothing that you typed is lost; try again.");
    } finally {
      body.readOnly = false;
      body.removeAttribute("aria-busy");
    }
    return null;
  }

  for (const radio of chosen) radio.addEventListener("change", turn);
}
