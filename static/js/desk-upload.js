/** Uploading at the desk: says before it is sent that it is too much, and ticks all rows at once. */

const files = document.querySelector("input[type=file][data-most]");
files?.addEventListener("change", () => {
  const size = [...files.files].reduce((sum, file) => sum + file.size, 0);
  files.setCustomValidity(size > Number(files.dataset.most) ? files.dataset.tooMuch : "");
  files.reportValidity();
});

const all = document.getElementById("all");
const rows = [...document.querySelectorAll("input[name=document]")];
if (all && rows.length > 1) {
  const show = () => {
    const ticked = rows.filter((row) => row.checked).length;
    all.checked = ticked === rows.length;
    all.indeterminate = ticked > 0 && ticked < rows.length;
  };
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const row of rows) row.checked = all.checked;
  });
  document.getElementById("add").addEventListener("change", show);
  show();
}
