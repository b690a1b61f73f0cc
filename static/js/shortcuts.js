/* Single keys for members who have not switched them off: `g` and a letter goes where a link with that letter in
   `data-go` leads, `/` begins a search, `j` and `k` step through `data-list`, `?` shows the page of shortcuts as a
   dialog. Never while something is being written, never with Ctrl, Alt or Meta. */
const PATIENCE_MS = 1500;
const writing = "input:not([type=radio], [type=checkbox], [type=submit], [type=button]), textarea, select, [contenteditable]";
let goingUntil = 0;

function go(letter) {
  const link = document.querySelector(`a[data-go="${CSS.escape(letter)}"]`);
  if (link) link.click();
  return Boolean(link);
}

function search() {
  const fields = [...document.querySelectorAll("main input[type=search]")];
  const field = fields.find((each) => each.checkVisibility());
  if (!field) return go("w"); // where there is nothing to search, the archive has a search
  field.focus();
  field.select();
  return true;
}

function step(by) {
  const items = [...document.querySelectorAll("[data-list] > *")].filter((each) => each.checkVisibility());
  const here = items.findIndex((each) => each.contains(document.activeElement));
  const next = here < 0 ? (by > 0 ? 0 : items.length - 1) : here + by;
  const link = items[next]?.querySelector("a[href]:not([tabindex='-1']), button");
  if (!link) return false;
  link.focus();
  items[next].scrollIntoView({ block: "nearest" });
  return true;
}

async function help() {
  const link = document.querySelector("a[data-shortcuts]");
  const open = document.querySelector("dialog[data-shortcuts]");
  if (open) open.remove();
  const answer = await fetch(link.href, { headers: { Accept: "text/html" } });
  if (!answer.ok) return void link.click();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const dialog = document.createElement("dialog");
  dialog.className = "shortcuts-dialog";
  dialog.dataset.shortcuts = "";
  dialog.append(document.importNode(page.querySelector("[data-shortcuts-page]"), true));
  dialog.setAttribute("aria-labelledby", "shortcuts");
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal(); // keeps the focus inside, closes with Esc, and gives the focus back
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing || event.repeat) return;
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest?.(writing) || document.querySelector("dialog[open]")) return;
  const isGoing = performance.now() < goingUntil;
  goingUntil = 0;
  if (isGoing) {
    if (go(event.key)) event.preventDefault();
    return;
  }
  const does = { "/": search, j: () => step(1), k: () => step(-1), "?": () => { help(); return true; } };
  if (event.key === "g") goingUntil = performance.now() + PATIENCE_MS;
  else if (Object.hasOwn(does, event.key) && does[event.key]()) event.preventDefault();
});
