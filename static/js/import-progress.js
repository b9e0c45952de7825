// Renews the figures of a running import every two seconds; loads the page anew when it is over.
const EVERY = 2000;

async function renew() {
  const frame = document.querySelector("[data-progress]");
  if (!frame) return;
  try {
    const answer = await fetch(frame.dataset.progress, { headers: { "HX-Request": "true" } });
    if (answer.headers.get("HX-Refresh")) return void window.location.reload();
    if (answer.ok && !answer.redirected) {
      const part = new DOMParser().parseFromString(await answer.text(), "text/html");
      frame.querySelector("[role=status]").replaceChildren(...part.querySelector("[role=status]").childNodes);
    }
  } catch {
    // The next round tries again.
  }
  setTimeout(renew, EVERY);
}

setTimeout(renew, EVERY);
