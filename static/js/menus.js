/** Menus are <details>, so they open without script; with it, Escape and a click elsewhere close them. */

const open = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) {
    const inside = menu.contains(event.target);
    if (!inside || event.target.closest(".menu-panel :is(a, button)")) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = [...open()].at(-1);
  if (!menu) return;
  event.stopImmediatePropagation();
  menu.open = false;
  menu.querySelector("summary").focus();
});
