/* Copies the text of the element that a button names. Where a browser cannot, the button stays hidden. */

for (const button of document.querySelectorAll("[data-copies]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).innerText);
    button.querySelector("span").textContent = button.dataset.copied;
  });
}
