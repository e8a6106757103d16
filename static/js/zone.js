/* Offers the zone of this device when the form has another one. Changes nothing by itself. */

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

for (const offer of document.querySelectorAll("[data-zone-offer]")) {
  const list = document.getElementById(offer.dataset.zoneOffer);
  const found = [...list.options].find((option) => option.value === here);
  if (!found || list.value === here) continue;
  const words = offer.querySelector("[data-words]");
  words.textContent = words.dataset.words.replace("{zone}", found.textContent.trim());
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", () => {
    list.value = here;
    offer.hidden = true;
    list.focus();
  });
}
