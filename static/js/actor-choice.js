// The widget ActorInput: suggestions below a text input, as the ARIA pattern "combobox with listbox" has it.
const WAIT = 200;
const SHORTEST = 2;

function start(frame) {
  const input = frame.querySelector("input[type=text]");
  const chosen = frame.querySelector("input[type=hidden]");
  const list = frame.appendChild(document.createElement("ul"));
  const status = frame.appendChild(document.createElement("p"));
  let timer = 0;
  let asked = "";
  let active = -1;

  list.className = "actor-choice__list";
  list.id = `${input.id}_list`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", document.querySelector(`label[for="${input.id}"]`)?.textContent.trim() ?? "");
  status.className = "actor-choice__status muted";
  status.setAttribute("role", "status");
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);

  const options = () => [...list.children];
  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    active = index;
    options().forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    options()[index]?.scrollIntoView({ block: "nearest" });
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else input.setAttribute("aria-activedescendant", options()[index].id);
  };
  const take = (option) => {
    input.value = option.dataset.name;
    chosen.value = option.dataset.id;
    frame.querySelector("select")?.closest("div").previousElementSibling?.remove();
    frame.querySelector("select")?.closest("div").remove();
    status.textContent = "";
    close();
    input.dispatchEvent(new CustomEvent("actor:chosen", { bubbles: true, detail: { ...option.dataset } }));
  };
  const option = ({ id, name, street }, index) => {
    const item = document.createElement("li");
    item.id = `${list.id}_${index}`;
    item.className = "actor-choice__option";
    item.setAttribute("role", "option");
    Object.assign(item.dataset, { id, name, street });
    item.appendChild(document.createElement("strong")).textContent = name;
    if (street) item.appendChild(document.createElement("span")).textContent = ` ${street}`;
    item.addEventListener("mousedown", (event) => event.preventDefault());
    item.addEventListener("click", () => take(item));
    return item;
  };
  const ask = async () => {
    const words = input.value.trim();
    asked = words;
    if (words.length < SHORTEST) return close();
    const answer = await fetch(`${frame.dataset.url}?q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } });
    if (!answer.ok || asked !== words) return close();
    const { results } = await answer.json();
    list.replaceChildren(...results.map(option));
    active = -1;
    list.hidden = results.length === 0;
    input.setAttribute("aria-expanded", String(results.length > 0));
    status.textContent = results.length ? frame.dataset.found : frame.dataset.none;
    return undefined;
  };

  input.addEventListener("input", () => {
    chosen.value = "";
    clearTimeout(timer);
    timer = setTimeout(() => ask().catch(close), WAIT);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    const last = options().length - 1;
    if (event.key === "ArrowDown") mark(active === last ? 0 : active + 1);
    else if (event.key === "ArrowUp") mark(active <= 0 ? last : active - 1);
    else if (event.key === "Enter" && active >= 0) take(options()[active]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  input.addEventListener("blur", close);
}

document.querySelectorAll("[data-actor-choice]").forEach(start);
