/* Appearance changes at once; the server remembers it for the person. */

addEventListener("submit", (event) => {
  const form = event.target;
  if (!("themeSwitch" in form.dataset) || !event.submitter) return;
  event.preventDefault();
  const chosen = event.submitter;
  document.documentElement.dataset.bsTheme = chosen.value;
  for (const button of form.elements.theme) button.setAttribute("aria-pressed", String(button === chosen));
  fetch(form.action, { method: "POST", body: new FormData(form, chosen), redirect: "manual" }).catch(() => {});
}, true);
