// Elements, and the words that several views share. Nothing is ever parsed as HTML.

export function h(tag, properties, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" && tag === "input") element.defaultValue = value;
    else if (name === "value" || name === "checked" || name === "selected" || name === "disabled") element[name] = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat(3).filter((each) => each !== null && each !== undefined && each !== false));
  return element;
}

export const button = (label, act, properties) => h("button", { type: "button", onclick: act, ...properties }, label);

export function say(text) {
  const place = document.getElementById("said");
  place.textContent = "";
  requestAnimationFrame(() => { place.textContent = text; });
}

export const counted = (number, one, many = `${one}s`) => `${number} ${number === 1 ? one : many}`;

export const words = (name) => String(name ?? "").replaceAll("_", " ");

// A field with its label; what is wrong with it stands below, and is read with it.
let numbered = 0;
export function field(label, input, below = []) {
  const id = `f${++numbered}`;
  input.id = id;
  const notes = below.filter(Boolean);
  notes.forEach((note, place) => { note.id = `${id}-${place}`; });
  if (notes.length) input.setAttribute("aria-describedby", notes.map((note) => note.id).join(" "));
  return h("div", { class: "field" }, h("label", { for: id }, label), input, notes);
}

export function choice(labels, value, change, { none = "", properties = {} } = {}) {
  const known = labels.some((each) => each.value === value);
  return h("select", { onchange: (event) => change(event.target.value || null), ...properties },
    none !== null || !known ? h("option", { value: "", selected: !known }, none || "–") : null,
    labels.map((each) => h("option", { value: each.value, selected: each.value === value }, each.name ?? words(each.value))));
}

// A dialog that asks; the promise has the answer, null where there is none.
export function ask(title, content, answers) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { "aria-labelledby": "asked" }, h("h2", { id: "asked" }, title), content,
      h("div", { class: "row end" }, answers.map(([label, answer, kind]) =>
        button(label, () => { dialog.close(); resolve(typeof answer === "function" ? answer() : answer); }, { class: kind }))));
    dialog.addEventListener("cancel", () => resolve(null));
    dialog.addEventListener("close", () => dialog.remove());
    document.body.append(dialog);
    dialog.showModal();
  });
}
