// The stops of a round: saves each visit without leaving the page, keeps the text while there is no net, and tries again.
const FIRST_PAUSE = 2000;
const LONGEST_PAUSE = 60000;

const list = document.querySelector("[data-visits]");
const texts = list?.dataset ?? {};

function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function store(key, kept) {
  try {
    if (kept) localStorage.setItem(key, JSON.stringify(kept));
    else localStorage.removeItem(key);
  } catch {
    // A browser that keeps nothing: the text still stands in the form.
  }
}

async function post(form) {
  const fields = new FormData(form);
  const answer = await fetch(form.action, { method: "POST", body: fields, headers: { Accept: "application/json" } });
  const isJson = (answer.headers.get("Content-Type") ?? "").startsWith("application/json");
  if (answer.status >= 500 || answer.status === 429) throw new Error(answer.statusText);
  return isJson ? answer.json() : { isSignedOut: true };
}

function start(form) {
  const key = `visit-${form.dataset.visit}`;
  const status = form.querySelector("[data-visit-status]");
  const { text, met_nobody: nobody, before, at } = form.elements;
  let timer = 0;
  let pause = FIRST_PAUSE;
  let isSending = false;
  let isAsked = false; // the button was pressed and the server has not said yes yet

  const keep = () => store(key, { text: text.value, nobody: nobody.checked, before: before.value, at: at.value, isAsked });
  const state = () => `${text.value}\n${nobody.checked}`;
  const again = () => {
    clearTimeout(timer);
    timer = setTimeout(send, pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  };

  function settle(saved, sent) {
    before.value = saved.text;
    if (state() === sent) {
      text.value = saved.text;
      isAsked = false;
      at.value = "";
      store(key, null);
      status.textContent = texts.saved;
    } else {
      keep();
      status.textContent = texts.unsaved;
    }
    markAsMade(form);
  }

  async function send() {
    if (isSending || !isAsked) return;
    clearTimeout(timer);
    isSending = true;
    status.textContent = texts.saving;
    const sent = state();
    try {
      const answer = await post(form);
      pause = FIRST_PAUSE;
      if (answer.saved) settle(answer, sent);
      else if (answer.errors) status.textContent = answer.errors.join(" ");
      else status.textContent = texts.signedOut;
      if (answer.errors) isAsked = false;
    } catch {
      status.textContent = texts.offline;
      again();
    }
    isSending = false;
    if (isAsked && sent !== state()) again();
  }

  form.addEventListener("input", () => {
    keep();
    status.textContent = texts.unsaved;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    at.value ||= new Date().toISOString();
    isAsked = true;
    pause = FIRST_PAUSE;
    keep();
    send();
  });
  window.addEventListener("online", () => {
    pause = FIRST_PAUSE;
    send();
  });

  const kept = stored(key);
  if (!kept) return;
  text.value = kept.text;
  nobody.checked = kept.nobody;
  before.value = kept.before;
  at.value = kept.at;
  isAsked = kept.isAsked;
  status.textContent = texts.unsaved;
  send();
}

function markAsMade(form) {
  const place = form.closest("li").querySelector("[data-visit-state]");
  if (place.textContent.trim()) return;
  place.textContent = texts.made;
  const count = document.querySelector("[data-visits-made]");
  count.textContent = String(list.querySelectorAll("[data-visit-state]:not(:empty)").length);
}

list?.querySelectorAll("form[data-visit]").forEach(start);
