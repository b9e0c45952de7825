// Keys on staff pages: whatever carries data-shortcut is focused (fields) or opened (links).
// Single keys can be switched off in the user menu (WCAG 2.1.4).
const TYPING = "input, textarea, select, [contenteditable]";
const STORE = "shortcuts";
const button = document.querySelector("[data-shortcut-switch]");

function stored() {
  try {
    return localStorage.getItem(STORE) !== "off";
  } catch {
    return true;
  }
}

let active = stored();
button?.setAttribute("aria-pressed", String(active));
button?.addEventListener("click", () => {
  active = !active;
  button.setAttribute("aria-pressed", String(active));
  try {
    localStorage.setItem(STORE, active ? "on" : "off");
  } catch {
    // Storage is switched off: the choice holds for this page.
  }
});

document.addEventListener("keydown", (event) => {
  if (!active || event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING)) return;
  if (document.querySelector("dialog[open]")) return;
  const target = [...document.querySelectorAll("[data-shortcut]")].find(
    (element) => element.dataset.shortcut === event.key,
  );
  if (!target) return;
  event.preventDefault();
  if (target.matches(TYPING)) target.focus();
  else target.click();
});
