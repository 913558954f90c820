/** The desk's form of an article: the preview beside it, Markdown and HTML, and nothing typed lost by leaving. */
import { look } from "./desk-look.js";
import { ways } from "./desk-ways.js";

const form = document.getElementById("article_form");
const section = document.getElementById("look");

/** Whoever leaves with words that are not saved is asked by the browser. */
function hold(form) {
  let typed = false;
  form.addEventListener("input", () => (typed = true));
  form.addEventListener("submit", ({ submitter }) => (typed &&= submitter?.formTarget === "_blank"));
  addEventListener("beforeunload", (event) => typed && event.preventDefault());
}

if (form?.elements.body && section) {
  const again = look(form, section);
  ways(form, section, again);
  hold(form);
}
