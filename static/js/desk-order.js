/** Moves the articles of a collection at once: by drag, by the buttons, and by keys on the grip. What is saved is the whole
 *  order, with the stamp of the one that this page showed: where it is another by now, nothing is overwritten.
 *
 *  Without it every button sends its form. */

const PAUSE = 500; // ms: a few steps in a row are one deed
const EDGE = 64; // px from the window's edge, where a drag scrolls

const contents = document.getElementById("contents");
const list = contents?.querySelector(".order-list");
if (list?.querySelector(".order-grip")) begin();

function begin() {
  const said = contents.querySelector("[data-said]");
  const again = contents.querySelector("[data-again]");
  const undo = contents.querySelector("[data-undo]");
  const moves = document.getElementById("moves");
  let seen = contents.dataset.seen;
  let kept = order(); // as the server has it
  let waiting, saving, stale = false, drag = null;

  for (const grip of list.querySelectorAll(".order-grip")) grip.hidden = false;

  // The buttons

  list.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    event.preventDefault();
    move(button.closest("li"), button.dataset.move);
    button.focus();
  });

  // The grip by keyboard

  const KEYS = { ArrowUp: "up", ArrowDown: "down", Home: "top", End: "end" };
  list.addEventListener("keydown", (event) => {
    const grip = event.target.closest(".order-grip");
    if (!grip || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.key in KEYS)) return;
    event.preventDefault();
    move(grip.closest("li"), KEYS[event.key]);
    grip.focus();
  });

  // The grip by mouse, pen and finger

  list.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".order-grip");
    if (!grip || event.button !== 0 || stale) return;
    const row = grip.closest("li");
    drag = { row, next: row.nextElementSibling, id: event.pointerId, y: event.clientY };
    grip.setPointerCapture(event.pointerId);
    row.classList.add("order-moving");
    requestAnimationFrame(scroll);
  });
  list.addEventListener("pointermove", (event) => {
    if (event.pointerId !== drag?.id) return;
    drag.y = event.clientY;
    under();
  });
  list.addEventListener("pointerup", (event) => event.pointerId === drag?.id && drop());
  list.addEventListener("pointercancel", (event) => event.pointerId === drag?.id && drop({ back: true }));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && drag) drop({ back: true });
  });

  /** Puts the row that is dragged where the pointer is. */
  function under() {
    const { row, y } = drag;
    for (let above; (above = row.previousElementSibling) && y < middle(above); ) above.before(row);
    for (let below; (below = row.nextElementSibling) && y > middle(below); ) below.after(row);
  }

  function scroll() {
    if (!drag) return;
    const down = drag.y - (innerHeight - EDGE), up = EDGE - drag.y;
    if (down > 0 || up > 0) {
      scrollBy(0, down > 0 ? Math.min(24, down / 2) : -Math.min(24, up / 2));
      under();
    }
    requestAnimationFrame(scroll);
  }

  function drop({ back = false } = {}) {
    const { row, next } = drag;
    drag = null;
    row.classList.remove("order-moving");
    if (back) list.insertBefore(row, next);
    else if (row.nextElementSibling !== next) tell(row);
    row.querySelector(".order-grip").focus();
  }

  // What a move does

  function move(row, where) {
    if (stale) return;
    const other = { up: row.previousElementSibling, down: row.nextElementSibling }[where];
    if (where === "up") other?.before(row);
    if (where === "down") other?.after(row);
    if (where === "top") list.prepend(row);
    if (where === "end") list.append(row);
    row.scrollIntoView({ block: "nearest" });
    tell(row);
  }

  /** Says where the row is now, and saves soon. */
  function tell(row) {
    const rows = [...list.children];
    for (const one of rows) one.classList.toggle("order-at", one === row);
    const words = { title: row.dataset.title, n: rows.indexOf(row) + 1, total: rows.length };
    said.textContent = contents.dataset.placed.replace(/\{(\w+)\}/g, (_, name) => words[name]);
    clearTimeout(waiting);
    waiting = setTimeout(save, PAUSE);
  }

  async function save() {
    clearTimeout(waiting);
    waiting = null;
    if (saving || stale) return; // when that one is back, it looks again
    const now = order();
    if (now === kept) return;
    saving = true;
    const sent = new FormData(moves);
    sent.set("order", now);
    sent.set("seen", seen);
    const answer = await fetch(contents.dataset.address, {
      method: "POST",
      body: sent,
      headers: { Accept: "application/json" },
      credentials: "same-origin",
      keepalive: true,
    }).catch(() => null);
    saving = false;
    const told = answer && (answer.ok || answer.status === 409) ? await answer.json() : null;
    if (!told) {
      said.textContent = contents.dataset.failed;
      return;
    }
    if (!answer.ok) {
      stale = true;
      said.textContent = told.told;
      again.hidden = false;
      return;
    }
    kept = now;
    seen = moves.elements.seen.value = told.seen;
    if (told.undo) {
      undo.action = told.undo;
      undo.hidden = false;
    }
    if (order() !== kept && !waiting) save();
  }

  // An address with a fragment would only scroll there.
  again.addEventListener("click", (event) => {
    event.preventDefault();
    location.reload();
  });

  // Whoever leaves at once leaves it saved; what sends a form of this page waits for it.
  addEventListener("pagehide", () => waiting && save());
  document.addEventListener("submit", async (event) => {
    if (!waiting && !saving) return;
    event.preventDefault();
    const { target, submitter } = event;
    if (waiting) save();
    while (saving) await new Promise((go) => setTimeout(go, 50));
    target.requestSubmit(submitter);
  });

  function order() {
    return [...list.children].map((row) => row.dataset.key).join(",");
  }
}

function middle(row) {
  const { top, height } = row.getBoundingClientRect();
  return top + height / 2;
}
