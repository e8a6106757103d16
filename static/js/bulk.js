/* Choosing several: counts the boxes of a form, chooses all of them at once, also those of its other pages, and shows
   the bar while one is chosen.
   Without it the boxes and the buttons below the list do the same, in one more step. */

const formOf = (element) => element.closest("form");
const boxesOf = (form) => [...form.elements].filter((field) => field.type === "checkbox" && "choose" in field.dataset);
let last = null;

function tell(form) {
  const bar = form.querySelector("[data-bulk]");
  if (!bar) return;
  const boxes = boxesOf(form);
  const every = bar.querySelector("[data-choose-every]");
  const onPage = boxes.filter((box) => box.checked).length;
  if (onPage < boxes.length && every) every.checked = false;
  const count = every?.checked ? Number(every.dataset.chooseEvery) : onPage;
  const words = bar.querySelector("output");
  bar.dataset.count = count;
  words.value = (count === 1 ? words.dataset.one : words.dataset.many).replace("{count}", count);
  for (const all of form.querySelectorAll("[data-choose-all]")) {
    all.checked = onPage > 0 && onPage === boxes.length;
    all.indeterminate = onPage > 0 && onPage < boxes.length;
  }
}

function begin(place) {
  for (const bar of place.querySelectorAll("[data-bulk]")) {
    for (const hidden of bar.querySelectorAll("[type=reset][hidden]")) hidden.hidden = false;
    for (const all of formOf(bar).querySelectorAll("[data-choose-all]")) all.hidden = false;
    tell(formOf(bar));
  }
}

/* With Shift, everything between the last box and this one. */
function span(boxes, box) {
  const [from, to] = [boxes.indexOf(last), boxes.indexOf(box)].sort((one, other) => one - other);
  if (from >= 0) for (const each of boxes.slice(from, to + 1)) each.checked = box.checked;
}

document.addEventListener("click", (event) => {
  const box = event.target;
  if (box.type !== "checkbox" || !box.form) return;
  const boxes = boxesOf(box.form);
  if ("chooseAll" in box.dataset || "chooseEvery" in box.dataset) for (const each of boxes) each.checked = box.checked;
  else if (!boxes.includes(box)) return;
  else if (event.shiftKey) span(boxes, box);
  last = box;
  tell(box.form);
});

addEventListener("reset", (event) => setTimeout(() => tell(event.target)));
addEventListener("pageshow", () => begin(document));  // the browser may have brought choices back
begin(document);
document.addEventListener("htmx:load", (event) => begin(event.target));
