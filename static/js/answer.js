// Says at once when the chosen files are too large for one mail, and hides "take it back" when it is too late.
function check(input) {
  const bytes = [...input.files].reduce((sum, file) => sum + file.size, 0);
  input.setCustomValidity(bytes > Number(input.dataset.mostBytes) ? input.dataset.tooMuch : "");
  input.reportValidity();
}

for (const input of document.querySelectorAll("input[type=file][data-most-bytes]")) {
  input.addEventListener("change", () => check(input));
}

for (const box of document.querySelectorAll("[data-held-until]")) {
  const left = new Date(box.dataset.heldUntil) - Date.now();
  setTimeout(() => box.remove(), Math.max(0, left));
}
