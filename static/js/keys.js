/* The keyboard: "/" or Ctrl-K goes to the search, "j" and "k" through the rows of a page, "?" shows these keys. A row's
   own link takes the focus, so Enter opens it and a screen reader reads it. Single keys can be switched off, because
   speech input types them by accident. */

const OFF = "keys-off";
const ROWS = "main tbody tr, main .rows > li, main .list > li";
const TYPING = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";

const isShown = (element) => element.getClientRects().length > 0;
const linkOf = (row) => [...row.querySelectorAll("a[href]")].find(isShown);

function goToSearch() {
  const target = [...document.querySelectorAll("[data-find]")].find(isShown);
  if (target?.href) return location.assign(target.href);
  target?.focus();
  target?.select();
}

/* From the row that has the focus, else from the first one; rows without a link are passed over. */
function move(step) {
  const rows = [...document.querySelectorAll(ROWS)].filter(linkOf);
  const at = rows.indexOf(document.activeElement.closest(ROWS));
  const next = at < 0 ? rows[0] : rows[at + step];
  if (next) linkOf(next).focus();
}

const single = { "/": goToSearch, j: () => move(1), k: () => move(-1), "?": () => document.getElementById("keys").togglePopover() };
const arrows = { ArrowDown: () => move(1), ArrowUp: () => move(-1) };

function actOf(event) {
  const here = event.target;
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") return goToSearch;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || here.closest(TYPING)) return null;
  if (here.closest(ROWS) && !here.closest("[popover]") && arrows[event.key]) return arrows[event.key];
  return localStorage.getItem(OFF) ? null : single[event.key];
}

document.addEventListener("keydown", (event) => {
  const act = event.defaultPrevented || document.querySelector("dialog[open]") ? null : actOf(event);
  if (!act) return;
  event.preventDefault();
  act();
});

const box = document.querySelector("[data-single-keys]");
box.checked = !localStorage.getItem(OFF);
box.addEventListener("change", () => {
  if (box.checked) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, "yes");
});
for (const opener of document.querySelectorAll("[data-keys]")) opener.hidden = false;
