/** A field of tags: tokens that can be removed, and completion from the reader's own. The field itself stays the truth. */

const split = (value) => value.split(",").map((name) => name.trim()).filter(Boolean);

function enhance(field) {
  const box = document.createElement("div");
  box.className = "tag-input";
  const typed = document.createElement("input");
  typed.id = field.id;
  typed.setAttribute("list", field.getAttribute("list"));
  typed.autocomplete = "off";
  typed.placeholder = field.placeholder;
  typed.enterKeyHint = "done";
  if (field.hasAttribute("aria-describedby")) typed.setAttribute("aria-describedby", field.getAttribute("aria-describedby"));
  field.removeAttribute("id");
  field.type = "hidden";
  field.before(box);
  box.append(typed);

  const names = () => split(field.value);
  const store = (list) => {
    field.value = [...new Set(list)].join(", ");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    draw();
  };

  function draw() {
    for (const chip of box.querySelectorAll(".chip")) chip.remove();
    for (const name of names()) {
      const chip = document.createElement("span");
      chip.className = "chip";
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = "×";
      remove.setAttribute("aria-label", `Remove tag ${name}`);
      remove.addEventListener("click", () => {
        store(names().filter((other) => other !== name));
        typed.focus();
      });
      chip.append(name, remove);
      typed.before(chip);
    }
  }

  const take = () => {
    if (!typed.value.trim()) return false;
    store([...names(), ...split(typed.value.replaceAll("#", ""))]);
    typed.value = "";
    return true;
  };

  typed.addEventListener("keydown", (event) => {
    if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === ",") {
      if (take() || event.key === ",") event.preventDefault();
    } else if (event.key === "Backspace" && !typed.value) {
      box.querySelector(".chip:last-of-type button")?.focus();
    }
  });
  typed.addEventListener("change", take);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Backspace" && event.target.matches(".chip button")) event.target.click();
  });
  // What stands in the field when the form goes out belongs to it.
  field.form?.addEventListener("submit", take, { capture: true });
  field.addEventListener("draft", draw);
  draw();
}

const all = (root) => {
  for (const field of root.querySelectorAll("input[data-tags]:not([type=hidden])")) enhance(field);
};
all(document);
document.addEventListener("htmx:load", (event) => all(event.detail.elt.parentElement ?? event.detail.elt));
