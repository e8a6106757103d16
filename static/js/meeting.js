/* A note saves itself while somebody types. What the answer says is put in without touching the words in the box,
   unless it holds lines of the other one: then the whole note comes back. drafts.js keeps what could not be sent. */

const NOTE = "form[data-autosave]";
const parse = (html) => new DOMParser().parseFromString(html, "text/html");
const value = (form, name) => form.querySelector(`[name=${name}]`)?.value ?? "";

/* Somebody typed on while it was being sent: the page goes on from what it had sent. Before drafts.js hears of it. */
document.addEventListener("htmx:beforeOnLoad", (event) => {
  const form = event.target;
  const { xhr, requestConfig } = event.detail;
  if (!form.matches(NOTE) || xhr.status !== 200 || value(form, "edition") === (requestConfig.formData.get("edition") ?? "")) return;
  const sent = parse(xhr.responseText).querySelector(NOTE)?.dataset.autosave;
  if (sent) form.querySelector("[name=opened]").value = sent;
}, true);

document.addEventListener("htmx:beforeSwap", (event) => {
  const form = event.detail.requestConfig.elt;
  if (!form.matches(NOTE) || event.detail.xhr.status !== 200) return;
  const fresh = parse(event.detail.xhr.responseText).querySelector(NOTE);
  if (!fresh || value(fresh, "text") !== value(form, "text")) return;
  event.detail.shouldSwap = false;
  const box = form.querySelector("[name=text]");
  box.defaultValue = box.value;
  form.querySelector("[name=opened]").value = value(fresh, "opened");
  for (const old of form.parentElement.querySelectorAll(".invalid-feedback, .other-words")) old.remove();
  box.classList.remove("is-invalid");
});
