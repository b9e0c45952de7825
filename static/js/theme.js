// Marks that scripts run, and sets the light or dark view somebody chose before the page is drawn.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "light" || chosen === "dark") root.dataset.kernTheme = chosen;
  } catch {
    // Storage is switched off: the system's setting holds.
  }
})();
