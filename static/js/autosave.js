/* A form saves itself while somebody types. What the answer says is put in without touching the words in the boxes,
   unless it holds words of somebody else: then the whole form comes back. drafts.js keeps what could not be sent. */

const AUTOSAVED = "form[data-autosave]";
const TYPED = "textarea, select, input:not([type=hidden])";
const parse = (html) => new DOMParser().parseFromString(html, "text/html");
const value = (form, name) => form.querySelector(`[name=${name}]`)?.value ?? "";
// Spaces at an end of a line are not worth a box that loses the cursor.
const said = (form) => [...form.querySelectorAll(TYPED)].map((field) => [field.name, field.value.replace(/\s+/g, " ").trim()]);
const sameWords = (form, other) => JSON.stringify(said(form)) === JSON.stringify(said(other));

/* Somebody typed on while it was being sent: the page goes on from what it had sent. Before drafts.js hears of it. */
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const form = event.target;
  const { xhr, requestConfig } = event.detail;
  if (!form.matches(AUTOSAVED) || xhr.status !== 200 || value(form, "edition") === (requestConfig.formData.get("edition") ?? "")) return;
  const sent = parse(xhr.responseText).querySelector(AUTOSAVED)?.dataset.autosave;
  if (sent) form.querySelector("[name=opened]").value = sent;
}, true);

document.addEventListener("htmx:beforeSwap", (event) => {
  const form = event.detail.requestConfig.elt;
  if (!form.matches(AUTOSAVED) || event.detail.xhr.status !== 200) return;
  const fresh = parse(event.detail.xhr.responseText).querySelector(AUTOSAVED);
  if (!fresh || !sameWords(fresh, form)) return;
  event.detail.shouldSwap = false;
  for (const field of form.querySelectorAll(TYPED)) {
    if ("defaultValue" in field) field.defaultValue = field.value;
    field.classList.remove("is-invalid");
  }
  form.querySelector("[name=opened]").value = value(fresh, "opened");
  for (const old of form.parentElement.querySelectorAll(".invalid-feedback, .other-words")) old.remove();
});
