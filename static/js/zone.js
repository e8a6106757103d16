/* The zone of this device comes first in the suggestions of a zone, and is offered where another one stands. */

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

function meet(box) {
  const list = box.list;
  const option = list && [...list.options].find((each) => each.dataset.zoneName === here);
  // With its text selected, typing searches anew.
  box.addEventListener("focus", () => box.select());
  if (!option) return;
  list.prepend(option);
  const offer = document.querySelector(`[data-zone-offer="${box.id}"]`);
  if (!offer || box.value === option.value) return;
  const words = offer.querySelector("[data-words]");
  words.textContent = words.dataset.words.replace("{zone}", option.value);
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", () => {
    box.value = option.value;
    offer.hidden = true;
    box.focus();
  });
}

document.querySelectorAll("input[data-zone]").forEach(meet);
