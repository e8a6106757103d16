/* Puts the time zone of this device first among a box's suggestions, and offers it if the box has another one. */

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

function prepare(box) {
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

document.querySelectorAll("input[data-zone]").forEach(prepare);
