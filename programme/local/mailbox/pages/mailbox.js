// New mail appears by itself on the first page, while somebody looks and nobody is typing.
const SECONDS = 2;

const refresh = async () => {
  const mails = document.querySelector("[data-fresh='']");
  if (!mails || document.hidden || mails.contains(document.activeElement)) return;
  const answer = await fetch(location.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("mails");
  if (fresh && fresh.innerHTML !== mails.innerHTML) mails.innerHTML = fresh.innerHTML;
};

setInterval(() => refresh().catch(() => {}), SECONDS * 1000);
