/* Nothing typed is lost: not to a closed tab, a lost connection or an expired session.

   <form data-draft="practice:2026-03-02" hx-post=…>  A draft is kept in this browser, for this person, while they type.
   When sending fails, the whole form waits here and is sent again, with the same `key`, as soon as there is a
   connection and a session. The server treats a second arrival of a key as the same entry, so it counts once. The
   `edition` grows with every change: of two arrivals the server keeps the newer words, and here nothing that was
   typed after a sending is given up because of its answer.
   Signing out wipes everything of that person; what is older than two weeks goes by itself. On a shared device all of
   it lives in the tab, ends with it, and nothing of anybody else stays: not even what waited from before. */

const person = document.documentElement.dataset.person;
const isShared = "sharedDevice" in document.documentElement.dataset;
const store = isShared ? sessionStorage : localStorage;
const TWO_WEEKS = 14 * 24 * 60 * 60 * 1000;
const PAUSE = 400;
const timers = new WeakMap();
const answers = new Map(); // the edition that a refused form came back with: all its words are in the answer

const draftName = (form) => `draft:${person}:${form.dataset.draft}`;
const waitingName = (form) => `waiting:${person}:${form.dataset.draft}`;
const mine = (kind) => Object.keys(store).filter((name) => name.startsWith(`${kind}:${person}:`));
const read = (name) => JSON.parse(store.getItem(name));
const write = (name, value) => store.setItem(name, JSON.stringify({ ...value, at: Date.now() }));
const clock = (at) => new Intl.DateTimeFormat(document.documentElement.lang, { timeStyle: "short", hourCycle: "h23" }).format(at);

function fieldsOf(form) {
  const typed = "textarea, select, input:not([type=hidden], [type=password], [type=file], [type=submit])";
  return [...form.querySelectorAll(typed)].filter((field) => field.name && !field.disabled);
}

const isChoice = (field) => field.type === "radio" || field.type === "checkbox";
const idOf = (field) => (isChoice(field) ? `${field.name}=${field.value}` : field.name);
const valueOf = (field) => (isChoice(field) ? field.checked : field.value);

function servedValueOf(field) {
  if (isChoice(field)) return field.defaultChecked;
  if (field.options) return [...field.options].find((option) => option.defaultSelected)?.value ?? field.options[0]?.value;
  return field.defaultValue;
}

function say(form, word, at = Date.now()) {
  const status = form.querySelector("[data-draft-status]");
  const sentence = status?.dataset[word].replace("{time}", clock(at));
  // The live region speaks only when the sentence is new: once a minute at most.
  if (status && status.textContent !== sentence) status.textContent = sentence;
}

function hiddenOf(form, name) {
  const made = () => form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
  return form.querySelector(`input[name=${name}]`) ?? made();
}

const editionOf = (form) => hiddenOf(form, "edition");

/* The clock orders the tabs of one device; within a tab the number grows whatever the clock does. */
function changed(form) {
  const edition = editionOf(form);
  edition.value = Math.max(Number(edition.value) + 1, Date.now());
}

function keyOf(form) {
  const key = hiddenOf(form, "key");
  if (key.value) return key;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  key.value = digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  return key;
}

function keep(form) {
  const typed = fieldsOf(form).filter((field) => valueOf(field) !== servedValueOf(field));
  if (!typed.length) return store.removeItem(draftName(form));
  const fields = typed.map((field) => [idOf(field), valueOf(field), servedValueOf(field)]);
  const opened = form.querySelector("input[name=opened]")?.value;
  write(draftName(form), { fields, opened, key: keyOf(form).value, edition: editionOf(form).value });
  say(form, "kept");
}

/* A field the server has changed since is left as the server says, unless what it says came from this very form, or
   the form says what it had shown when this was typed: then the server sees both and loses neither. */
function restore(form) {
  if (form.dataset.draftReady) return;
  form.dataset.draftReady = "true";
  const waiting = read(waitingName(form));
  const draft = read(draftName(form)) ?? waiting;
  const key = keyOf(form);
  if (!draft) return;
  const isSameForm = key.value === draft.key;
  key.value = draft.key;
  editionOf(form).value = draft.edition ?? "";
  const isAnswer = answers.get(form.dataset.draft) === editionOf(form).value;
  answers.delete(form.dataset.draft);
  if (!isAnswer) bringBack(form, draft, isSameForm);
  say(form, waiting ? "waiting" : "restored", draft.at);
}

function bringBack(form, draft, isSameForm) {
  const opened = draft.opened && form.querySelector("input[name=opened]");
  if (opened) opened.value = draft.opened;
  const kept = new Map((draft.fields ?? []).map(([id, value, served]) => [id, { value, served }]));
  for (const field of fieldsOf(form)) {
    const found = kept.get(idOf(field));
    if (!found || !(opened || isSameForm || found.served === servedValueOf(field))) continue;
    if (isChoice(field)) field.checked = found.value;
    else field.value = found.value;
  }
}

function restoreAll(place) {
  if (place.matches("form[data-draft]")) restore(place);
  for (const form of place.querySelectorAll("form[data-draft]")) restore(form);
}

function tell(word) {
  const outbox = document.getElementById("outbox");
  const sentence = word ? outbox.dataset[word] : "";
  if (outbox.textContent !== sentence) outbox.textContent = sentence;
}

const asksToSignIn = (address) => Boolean(address) && new URL(address, location.href).searchParams.has("next");

function wait(form, formData) {
  const body = new URLSearchParams([...formData].filter(([, value]) => typeof value === "string"));
  body.delete("csrfmiddlewaretoken");
  keep(form);
  const action = form.getAttribute("hx-post") || form.action;
  write(waitingName(form), { action, body: body.toString(), key: body.get("key"), edition: body.get("edition") ?? "" });
  say(form, "waiting");
}

/* The answer to a sent form: saved, refused as it is, or not through yet. */
function outcome(status, redirect) {
  if (asksToSignIn(redirect) || status === 401) return "signIn";
  if (status === 0 || status === 403 || status === 429 || status >= 500) return "waiting";
  return status >= 400 ? "refused" : "sent";
}

async function send({ action, body }) {
  const token = document.querySelector("meta[name=csrf-token]").content;
  const headers = { "X-CSRFToken": token, "HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded" };
  const answer = await fetch(action, { method: "POST", body, headers, redirect: "manual" }).catch(() => null);
  if (!answer) return { result: "waiting" };
  // The token is this page's own: a 403 now is a no, not a page that grew too old.
  if (answer.status === 403) return { result: "refused" };
  const status = answer.type === "opaqueredirect" ? 302 : answer.status;
  return { result: outcome(status, answer.headers.get("HX-Redirect")), fragment: await answer.text() };
}

/* The form that waited becomes what the server answered, as if it had been sent at once. */
function show(form, fragment) {
  say(form, "saved");
  const place = form.getAttribute("hx-target");
  const target = !place || place === "this" ? form : document.querySelector(place);
  if (!fragment || !target) return;
  // What had the focus goes away; the reading goes on in the page, not at its very top.
  if (target.contains(document.activeElement)) document.getElementById("main").focus({ preventScroll: true });
  const options = { select: form.getAttribute("hx-select") };
  htmx.swap(target, fragment, { swapStyle: form.getAttribute("hx-swap") || "innerHTML" }, options);
}

/* What was typed after `entry` had been put aside stays where it is: its own sending is still to come. */
function settle(name, entry, result, fragment) {
  if (result !== "sent" && result !== "refused") return;
  if (read(name)?.body === entry.body) store.removeItem(name);
  if (result === "refused") return;
  const draft = name.replace("waiting:", "draft:");
  const forms = [...document.querySelectorAll("form[data-draft]")].filter((form) => waitingName(form) === name);
  const editions = [read(draft) ?? entry, ...forms.map((form) => ({ edition: editionOf(form).value }))];
  if (editions.some(({ edition }) => (edition ?? "") !== (entry.edition ?? ""))) return;
  store.removeItem(draft);
  forms.forEach((form) => show(form, fragment));
}

/* One tab at a time; the key makes even a lost answer harmless. */
function sendWaiting() {
  if (!person || !mine("waiting").length) return;
  const run = async () => {
    for (const name of mine("waiting")) {
      const entry = read(name);
      const { result, fragment } = navigator.onLine ? await send(entry) : { result: "waiting" };
      settle(name, entry, result, fragment);
      tell(result);
    }
  };
  if (navigator.locks) navigator.locks.request("embed90-waiting", { ifAvailable: true }, (lock) => lock && run());
  else run();
}

function forgetOld() {
  for (const name of Object.keys(store)) {
    if (/^(draft|waiting):/.test(name) && read(name).at < Date.now() - TWO_WEEKS) store.removeItem(name);
  }
}

/* What this person left here under the other kind of sign-in comes along. Of others nothing stays on a shared device. */
function gather() {
  for (const place of [localStorage, sessionStorage]) {
    for (const name of Object.keys(place).filter((each) => /^(draft|waiting):/.test(each))) {
      const isMine = name.split(":")[1] === person;
      if (isMine && place === store) continue;
      if (isMine) store.setItem(name, place.getItem(name));
      if (isMine || isShared || place === sessionStorage) place.removeItem(name);
    }
  }
}

function start() {
  gather();
  forgetOld();
  restoreAll(document.body);
  sendWaiting();

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form?.matches("[data-draft]")) return;
    changed(form);
    forgetTimer(form);
    timers.set(form, setTimeout(() => keepNow(form), PAUSE));
  });
  addEventListener("pagehide", keepAll);
  document.addEventListener("htmx:load", (event) => restoreAll(event.target));
  for (const name of ["beforeOnLoad", "sendError", "timeout"]) document.addEventListener(`htmx:${name}`, answered);
  addEventListener("online", sendWaiting);
  // A phone may close a page it has hidden without another word.
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? sendWaiting() : keepAll()));
}

function forgetTimer(form) {
  clearTimeout(timers.get(form));
  timers.delete(form);
}

function keepNow(form) {
  if (!timers.has(form)) return;
  forgetTimer(form);
  keep(form);
}

function keepAll() {
  document.querySelectorAll("form[data-draft]").forEach(keepNow);
}

function answered(event) {
  const form = event.target;
  if (!form.matches("form[data-draft]") || event.detail.requestConfig.verb !== "post") return;
  forgetTimer(form);
  const { xhr, requestConfig } = event.detail;
  const result = outcome(xhr.status, xhr.getResponseHeader("HX-Redirect"));
  const sent = requestConfig.formData.get("edition") ?? "";
  if (result === "sent" && editionOf(form).value !== sent) {
    // Somebody typed on while it was being sent: the form stays, and the next sending updates the entry.
    event.preventDefault();
    store.removeItem(waitingName(form));
    keep(form);
  } else if (result === "sent") {
    store.removeItem(waitingName(form));
    store.removeItem(draftName(form));
    keyOf(form).value = editionOf(form).value = "";
    keyOf(form);
    say(form, "saved");
  } else if (result === "waiting" || result === "signIn") {
    wait(form, requestConfig.formData);
    tell(result);
  } else {
    keep(form);
    if (xhr.status === 422) answers.set(form.dataset.draft, sent);
  }
}

addEventListener("submit", (event) => {
  const question = event.target.dataset.signOut;
  if (question === undefined || !person) return;
  const left = [...mine("draft"), ...mine("waiting")];
  if (left.length && !confirm(question)) return event.preventDefault();
  document.querySelectorAll("form[data-draft]").forEach(forgetTimer);
  left.forEach((name) => store.removeItem(name));
}, true);

if (person) start();
