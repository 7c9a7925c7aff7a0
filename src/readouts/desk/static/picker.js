// Search over the registry: a combobox with a list, and a new entity in two fields where nothing fits.
import { post } from "./api.js";
import { ask, button, choice, field, h, say } from "./dom.js";

const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

export function found(entities, typed) {
  const asked = plain(typed.trim());
  const ranked = [];
  for (const [id, entity] of Object.entries(entities)) {
    const names = [entity.name, id, ...entity.aliases].map((name) => plain(name ?? ""));
    const best = Math.min(...names.map((name) =>
      name === asked ? 0 : name.startsWith(asked) ? 1 : name.split(/[\s-]/).some((part) => part.startsWith(asked)) ? 2 : name.includes(asked) ? 3 : 9));
    if (best < 9) ranked.push([best, entity.name ?? id, id]);
  }
  return ranked.sort((one, two) => one[0] - two[0] || one[1].localeCompare(two[1])).slice(0, 12).map((each) => each[2]);
}

let lists = 0;

export function entityPicker(corpus, { label, value = null, typed = "", change, clear = false }) {
  const name = (id) => (id ? corpus.entities[id]?.name ?? id : "");
  const list = h("ul", { role: "listbox", id: `list${++lists}`, class: "options", hidden: true, "aria-label": label });
  const input = h("input", {
    type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-expanded": "false",
    "aria-controls": list.id, "aria-autocomplete": "list", value: typed || name(value), placeholder: "Search the registry",
  });
  let options = [], at = -1;
  const close = () => { list.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); at = -1; };
  const pick = async (id) => {
    close();
    if (id === "+") {
      const made = await newEntity(corpus, input.value);
      if (!made) return;
      id = made;
    }
    input.value = clear ? "" : name(id);
    change(id);
  };
  const mark = (place) => {
    at = place;
    [...list.children].forEach((each, number) => each.setAttribute("aria-selected", String(number === at)));
    const there = list.children[at];
    if (there) { input.setAttribute("aria-activedescendant", there.id); there.scrollIntoView({ block: "nearest" }); }
  };
  const show = () => {
    options = [...found(corpus.entities, input.value), "+"];
    list.replaceChildren(...options.map((id, place) => h("li", {
      role: "option", id: `${list.id}-${place}`, "aria-selected": "false",
      onmousedown: (event) => { event.preventDefault(); pick(id); },
    }, id === "+" ? `New entity${input.value ? ` “${input.value}”` : ""} …`
      : [h("b", {}, name(id)), h("span", { class: "quiet" }, ` ${corpus.entities[id].kind}`)])));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(0);
  };
  input.addEventListener("input", show);
  input.addEventListener("focus", () => input.select());
  input.addEventListener("blur", () => { close(); if (!clear) input.value = name(value); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) show();
      else mark((at + (event.key === "ArrowDown" ? 1 : options.length - 1)) % options.length);
    } else if (event.key === "Enter" && !list.hidden && at >= 0) {
      event.preventDefault();
      pick(options[at]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
  const whole = field(label, input);
  whole.classList.add("picker");
  whole.append(list);
  if (value && !clear) whole.append(button("×", () => change(null), { class: "bare", "aria-label": `Remove ${label}`, title: "Remove" }));
  return whole;
}

export async function newEntity(corpus, typed = "") {
  let kind = "person";
  const name = h("input", { type: "text", value: typed, required: true });
  const kinds = choice(corpus.labels["entities.kind"], kind, (value) => { kind = value; }, { none: null });
  const answer = await ask("New entity", [field("Name in English", name), field("Kind", kinds)], [
    ["Cancel", null], ["Add to the registry", () => ({ name: name.value.trim(), kind }), "first"]]);
  if (!answer?.name) return null;
  try {
    const { id } = await post("new/entity", answer);
    corpus.entities[id] = { entity_id: id, name: answer.name, kind: answer.kind, aliases: [] };
    say(`${answer.name} is in the registry.`);
    return id;
  } catch (error) {
    await ask("Not added", h("p", {}, error.message), [["Close", null, "first"]]);
    return null;
  }
}
