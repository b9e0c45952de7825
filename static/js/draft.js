// Keeps what is being written as a draft on the server: a few seconds after the last key, never files.
const PAUSE = 3000;

function start(form) {
  const status = form.querySelector("[data-draft-status]");
  let timer = 0;
  let running = null;

  const save = async () => {
    const fields = new FormData(form);
    for (const input of form.querySelectorAll("input[type=file]")) fields.delete(input.name);
    running?.abort();
    running = new AbortController();
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: fields, signal: running.signal });
      if (!answer.ok) throw new Error(answer.statusText);
      const { saved } = await answer.json();
      status.textContent = saved ? form.dataset.draftSaved : "";
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = form.dataset.draftFailed;
    }
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE);
  };

  form.addEventListener("input", later);
  form.addEventListener("change", later);
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    running?.abort();
  });
}

document.querySelectorAll("form[data-draft]").forEach(start);
