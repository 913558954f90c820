/** Password fields that can be looked at, and the dialog that signs in again. Pages work without it. */

for (const field of document.querySelectorAll('input[type="password"][autocomplete="new-password"]')) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "link-btn";
  const label = () => {
    const shown = field.type === "text";
    button.textContent = shown ? "Hide the password" : "Show the password";
  };
  button.addEventListener("click", () => {
    field.type = field.type === "text" ? "password" : "text";
    label();
  });
  // A browser offers to save what was a password when the form leaves.
  field.form?.addEventListener("submit", () => { field.type = "password"; });
  label();
  field.after(button);
}

// "Too many attempts" has to be read where the form stands: behind an open dialog no message can be reached.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  if (target?.id === "sign-in-body" && xhr.status === 429) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
