/* What somebody chose or typed while the page was still loading: its other scripts hear of it once they listen.
   A reload may show old choices of its own accord, so it is left alone. */

const served = (field) => {
  if (field.options) return [...field.options].find((option) => option.defaultSelected)?.value ?? field.options[0]?.value;
  return field.defaultValue;
};
const isChoice = (field) => field.type === "radio" || field.type === "checkbox";
const isEarly = (field) => {
  if (field.type === "radio") return field.checked && !field.defaultChecked;
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  return field.value !== served(field);
};

const isNew = performance.getEntriesByType("navigation")[0]?.type === "navigate";
const fields = "main textarea, main select, main input:not([type=hidden], [type=password], [type=file])";
const early = isNew ? [...document.querySelectorAll(fields)].filter(isEarly) : [];
const values = early.map((field) => (isChoice(field) ? field.checked : field.value));

document.addEventListener("DOMContentLoaded", () => {
  early.forEach((field, i) => {
    // A draft that was kept may have been put over it meanwhile; this is newer.
    if (isChoice(field)) field.checked = values[i];
    else field.value = values[i];
    for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
  });
});
