// After a refused form: moves the focus to the list of what has to be mended.
document.querySelector("[data-error-summary]")?.focus();
