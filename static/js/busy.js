/* A tap answers at once, and a second tap on the same form sends nothing.
   Forms with data-download and links with data-stays stay on the page and are left alone; so are dialogs. */

const PATIENCE = 10_000;

function press(element) {
  element.dataset.pressed = "";
  setTimeout(() => release(element), PATIENCE);
}

function release(element) {
  element.removeAttribute("aria-busy");
  delete element.dataset.pressed;
  for (const pressed of element.querySelectorAll("[data-pressed]")) delete pressed.dataset.pressed;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || "download" in form.dataset) return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  form.setAttribute("aria-busy", "true");
  if (event.submitter) press(event.submitter);
  setTimeout(() => release(form), PATIENCE);
}, true);

document.addEventListener("click", (event) => {
  const link = event.target.closest("a.btn[href]");
  const stays = !link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0;
  if (stays || link.target || link.hasAttribute("download") || "opens" in link.dataset || "stays" in link.dataset) return;
  press(link);
});

document.addEventListener("htmx:afterRequest", (event) => release(event.target));

addEventListener("pageshow", () => {
  for (const busy of document.querySelectorAll("[aria-busy], [data-pressed]")) release(busy);
});
