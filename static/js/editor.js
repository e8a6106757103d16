/* Writing a curriculum: how much room is left in each text, and a preview in the language one is writing in. */

const SHOWN = "data-room";

const count = {
  words: (text) => text.split(/\s+/).filter(Boolean).length,
  characters: (text) => [...text.trim().replace(/\s+/g, " ")].length,
};

function tell(field) {
  const help = document.getElementById(`${field.id}_helptext`);
  if (!help) return;
  const place = help.querySelector(`[${SHOWN}]`) ?? help.appendChild(document.createElement("span"));
  const number = count[field.dataset.count](field.value);
  place.setAttribute(SHOWN, "");
  place.className = number > field.dataset.most ? "number is-over" : "number";
  place.textContent = ` ${number}/${field.dataset.most}`;
}

/* What was typed before this ran, or is back from a kept draft, shows in the preview as well. */
function catchUp() {
  const fields = [...document.querySelectorAll("[data-count]")];
  fields.forEach(tell);
  if (fields.some((field) => field.value !== field.defaultValue)) see(document.querySelector(".editor-switch"));
}

function see(element) {
  element.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("input", (event) => {
  if (event.target.dataset.count) tell(event.target);
});

document.addEventListener("focusin", (event) => {
  const part = event.target.closest("[data-language]");
  const choice = part && document.querySelector(`.editor-switch [value="${part.dataset.language}"]`);
  if (!choice || choice.checked) return;
  choice.checked = true;
  see(choice);
});

// An editor came, not only its preview; kept drafts are back a moment later.
document.addEventListener("htmx:load", (event) => {
  if (event.target.querySelector(".editor")) setTimeout(catchUp);
});
