// The interactive description of the API. A key typed into it stays in this page.
const place = document.getElementById("api-browser");

// Swagger UI follows a class of its own; ours says auto, light or dark.
const dark = window.matchMedia("(prefers-color-scheme: dark)");
function follow() {
  const theme = document.documentElement.dataset.bsTheme;
  document.documentElement.classList.toggle("dark-mode", theme === "dark" || (theme !== "light" && dark.matches));
}
follow();
dark.addEventListener("change", follow);

SwaggerUIBundle({
  url: place.dataset.description,
  domNode: place,
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});
