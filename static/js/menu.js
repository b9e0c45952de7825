// Opens the menu on small screens, closes open drop-downs with Escape, switches light and dark.
const button = document.querySelector(".menu-button");
const menu = document.getElementById("menu");

button?.addEventListener("click", () => {
  const open = menu.classList.toggle("menu--open");
  button.setAttribute("aria-expanded", String(open));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const dropdown of document.querySelectorAll("details.kern-dropdown[open]")) {
    dropdown.open = false;
    dropdown.querySelector("summary").focus();
  }
});

const theme = document.querySelector(".theme-button");
const root = document.documentElement;
const isDark = () =>
  (root.dataset.kernTheme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "")) === "dark";

if (theme) {
  theme.setAttribute("aria-pressed", String(isDark()));
  theme.addEventListener("click", () => {
    root.dataset.kernTheme = isDark() ? "light" : "dark";
    theme.setAttribute("aria-pressed", String(isDark()));
    try {
      localStorage.setItem("theme", root.dataset.kernTheme);
    } catch {
      // Storage is switched off: the choice holds for this page.
    }
  });
}
