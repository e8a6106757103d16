/* What htmx leaves to us: the CSRF token, where the focus goes, and saying what went wrong. */

const MEANT = "[data-error-summary], [autofocus], [data-focus]";
const HEADING = "h1, h2, h3";
let focusIsLeaving = false;

function focusOn(element) {
  if (!element.matches("a[href], button, input, select, textarea, summary")) element.tabIndex = -1;
  element.focus();
}

function say(sentence) {
  const place = document.getElementById("messages");
  const message = document.createElement("div");
  const words = document.createElement("p");
  message.className = "message message-error";
  words.textContent = sentence;
  message.append(words);
  place.replaceChildren(message);
  place.scrollIntoView({ block: "nearest" });
}

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.querySelector("meta[name=csrf-token]").content;
});

document.addEventListener("htmx:beforeSwap", (event) => {
  focusIsLeaving = event.detail.shouldSwap && event.detail.target.contains(document.activeElement);
});

document.addEventListener("htmx:afterSettle", (event) => {
  const lost = !document.activeElement || document.activeElement === document.body;
  if (!focusIsLeaving || !lost) return;
  focusIsLeaving = false;
  const place = event.target;
  const first = (kind) => (place.matches(kind) ? place : place.querySelector(kind));
  focusOn(first(MEANT) ?? first(HEADING) ?? place);
});

/* A refusal is a whole page with one sentence marked data-refusal; only the sentence is shown here. */
document.addEventListener("htmx:responseError", (event) => {
  const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
  const sentence = page.querySelector("[data-refusal]")?.textContent.trim();
  say(sentence || document.getElementById("messages").dataset.failed);
});

document.addEventListener("htmx:sendError", (event) => {
  if (!event.target.closest("[data-draft]")) say(document.getElementById("messages").dataset.offline);
});

document.querySelector("[data-error-summary]")?.focus();

/* The browser brings a field into view, or only its caret; the rest of it may stay under a bar. Before the next frame,
   so that nothing moves away from somebody about to press it; but not while something is pressed: what moves under the
   mouse gets selected, and a press that ends elsewhere is no click. */
let isPressed = false;
addEventListener("pointerdown", () => { isPressed = true; }, true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => { isPressed = false; }, true);

document.addEventListener("focusin", ({ target }) => {
  if (!target.matches(":is(input, select, textarea):focus-visible")) return;
  const reveal = () => document.activeElement === target && target.scrollIntoView({ block: "nearest" });
  const soon = () => requestAnimationFrame(reveal);
  if (isPressed) addEventListener("pointerup", soon, { once: true });
  else soon();
});

/* A link that opens a dialog holding what its page holds. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (!dialog) return;
  event.preventDefault();
  dialog.showModal();
});
