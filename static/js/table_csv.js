/* Saves the table beside a chart as CSV: what the page shows and no more, as `cohorts/web/csv_download.py` writes it. */

const separator = document.documentElement.lang === "nb" ? ";" : ",";
const runsInASpreadsheet = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/;

const written = (cell) => {
  const text = cell.textContent.replace(/\s+/g, " ").trim();
  return `"${(runsInASpreadsheet.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
};

const save = (button) => {
  const table = button.closest("details").querySelector("table");
  const lines = [...table.rows].map((row) => [...row.cells].map(written).join(separator));
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([`\ufeff${lines.join("\r\n")}\r\n`], { type: "text/csv" }));
  link.download = `${document.title} ${button.dataset.csv}`.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 100) + ".csv";
  link.click();
  URL.revokeObjectURL(link.href);
};

for (const button of document.querySelectorAll("[data-csv]")) {
  button.hidden = false;
  button.addEventListener("click", () => save(button));
}
