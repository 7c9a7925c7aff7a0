// The form of a statement: its labels with their meanings, its places, its chain, and what is wrong with it.
import { button, choice, field, h, say, words } from "./dom.js";
import { entityPicker } from "./picker.js";

const LABELS = ["form", "medium", "act", "topic", "polarity", "certainty", "modality"];
const COLUMNS = { event_id: "event", addressee_id: "addressee", parent_statement_id: "parent" };

export const findingNote = (finding) =>
  h("p", { class: `finding ${finding.severity}` }, finding.severity === "warning" ? h("span", { class: "chip" }, "warning") : null, " ", h("b", {}, finding.code), ` ${finding.message} `, finding.hint ? h("span", { class: "quiet" }, finding.hint) : null);

export function statementForm(desk, statement) {
  const { corpus, article } = desk;
  const wrong = desk.findings.filter((each) => each.statement === statement.name);
  const at = (key) => wrong.filter((each) => (COLUMNS[each.field] ?? each.field) === key).map(findingNote);
  const elsewhere = wrong.filter((each) => ![...LABELS, "summary", "event", "addressee", "parent"].includes(COLUMNS[each.field] ?? each.field));
  const set = (values) => desk.act({ do: "set", name: statement.name, values });
  const labels = LABELS.map((key) => {
    const known = corpus.labels[`statements.${key}`];
    const value = statement.labels[key];
    const meaning = h("p", { class: "meaning" }, known.find((each) => each.value === value)?.meaning ?? "");
    const input = choice(known, value, (to) => set({ [key]: to }), { none: value ? null : "choose" });
    input.dataset.key = key;
    return field(words(key), input, [meaning, ...at(key)]);
  });
  const summary = h("textarea", { rows: "2", maxlength: "200", onchange: (event) => set({ summary: event.target.value.trim() || null }) });
  summary.defaultValue = statement.labels.summary ?? "";
  summary.dataset.key = "summary";
  const events = corpus.events.map((each) => ({ value: each.id, name: each.title ?? each.id }));
  const others = () => article.statements.filter((each) => each.name !== statement.name).map((each) => ({ value: each.name, name: `${each.name} ${each.labels.summary ?? ""}`.slice(0, 60) }));
  const parent = statement.labels.parent?.split(".").pop() ?? null;
  const read = statement.labels.review !== "machine" && statement.labels.review;
  return h("section", { class: "form", "aria-label": `Statement ${statement.name}` },
    h("header", { class: "row" },
      h("h2", {}, statement.name), h("span", { class: `chip side-${statement.side}` }, desk.sideName(statement.side)),
      h("span", { class: "grow" }),
      button(read ? `Confirmed by ${statement.labels.reviewed_by?.replaceAll("|", ", ") ?? "somebody"}` : "Confirm", () => desk.confirm(statement), { class: read ? "on" : "", "aria-pressed": String(Boolean(read)), title: "Say that you have read this statement (v)" }),
      button("Delete", () => desk.remove(statement), { class: "bare", title: "Delete this statement" })),
    elsewhere.map(findingNote),
    field("summary, in your own words", summary, at("summary")),
    places(desk, statement, "content", "Content", "c"),
    places(desk, statement, "quoted", "Quoted", "q"),
    chainPart(desk, statement),
    h("div", { class: "grid" }, labels),
    field("event", choice(events, statement.labels.event, (to) => set({ event: to }), { none: "none" }), at("event")),
    addresseesPart(desk, statement),
    at("addressee"),
    later("Part of another statement", Boolean(parent) || at("parent").length > 0, () => field("part of", choice(others(), parent, (to) => set({ parent: to }), { none: "no other statement" }), at("parent"))));
}

// What is seldom needed is made when it is opened.
function later(title, open, made) {
  const details = h("details", { open }, h("summary", {}, title));
  const fill = () => { if (details.open && details.children.length === 1) details.append(...[made()].flat().filter(Boolean)); };
  details.addEventListener("toggle", fill);
  fill();
  return details;
}

function places(desk, statement, role, title, key) {
  const put = (spans) => desk.act({ do: "spans", name: statement.name, role, places: spans });
  return h("div", { class: "places" },
    h("h3", {}, title),
    h("ul", {}, statement[role].map((place, number) => h("li", {},
      h("q", {}, desk.text.quote([place])),
      button("×", () => put(statement[role].filter((_, other) => other !== number)), { class: "bare", "aria-label": `Remove these words from ${title}: ${desk.text.quote([place])}` })))),
    button(["Add words ", h("kbd", {}, key)], () => desk.addWords(role), { class: "small needs-words", disabled: !desk.text.chosen }));
}

function addresseesPart(desk, statement) {
  const addressees = structuredClone(statement.addressees);
  const put = (to = addressees) => desk.act({ do: "addressees", name: statement.name, addressees: to });
  const several = addressees.length > 1;
  const name_ = (number, id) => {
    if (id && addressees.some((each, other) => other !== number && each.entity === id)) { say("This one is an addressee already."); desk.render(); return; }
    if (id) addressees[number].entity = id; else addressees.splice(number, 1);
    put();
  };
  return h("div", { class: "chain addressees" },
    h("h3", {}, several ? "Addressees" : "Addressee"),
    addressees.length ? h("ul", { class: "plain" }, addressees.map((each, number) => h("li", { class: several ? `step${desk.addressee === number ? " on" : ""}` : "source" },
      several ? h("label", { class: "row" }, h("input", { type: "radio", name: "addressee", checked: desk.addressee === number, onchange: () => { desk.addressee = number; desk.render(); } }), `Addressee ${number + 1}`) : null,
      entityPicker(desk.corpus, { label: several ? `addressee ${number + 1}` : "addressee", value: each.entity, change: (id) => name_(number, id) }),
      h("ul", { class: "cues" }, each.at.map((place, at) => h("li", {}, h("q", {}, desk.text.quote([place])), button("×", () => { each.at.splice(at, 1); put(addressees.filter((one) => one.entity || one.at.length)); }, { class: "bare", "aria-label": `Remove the addressee’s words ${desk.text.quote([place])}` }))))))) : null,
    button(["Addressee’s words ", h("kbd", {}, "a")], () => desk.addAddressee(), { class: "small needs-words", disabled: !desk.text.chosen }),
    entityPicker(desk.corpus, { label: addressees.length ? "add an addressee" : "addressee", clear: true, change: (id) => { if (id) { desk.addressee = addressees.length; addressees.push({ entity: null, at: [] }); name_(addressees.length - 1, id); } } }));
}

function chainPart(desk, statement) {
  const { corpus, article } = desk;
  const chain = structuredClone(statement.chain);
  const put = (to = chain) => desk.act({ do: "chain", name: statement.name, chain: to });
  const accounts = corpus.events.flatMap((event) => event.accounts.map((each) => ({ value: each.account_id, name: each.account_id })));
  const steps = chain.map((step, depth) => h("li", { class: desk.step === depth ? "step on" : "step" },
    h("label", { class: "row" }, h("input", { type: "radio", name: "step", checked: desk.step === depth, onchange: () => { desk.step = depth; desk.render(); } }),
      `Step ${depth + 1}${depth === 0 ? ", outermost" : ""}`),
    step.sources.map((source, seq) => h("div", { class: "source" },
      source.label && !source.entity
        ? field("unnamed source", h("input", { type: "text", value: source.label, onchange: (event) => { source.label = event.target.value; put(); } }))
        : entityPicker(corpus, { label: seq ? "joint source" : "source", value: source.entity, change: (id) => { source.entity = id; if (id) source.label = null; else step.sources.splice(seq, 1); put(chain.filter((each) => each.sources.length)); } }),
      depth === 0 || source.account ? field("account", choice(accounts, source.account, (to) => { source.account = to; put(); }, { none: "none" })) : null,
      h("ul", {}, source.at.map((place, number) => h("li", {}, h("q", {}, desk.text.quote([place])), button("×", () => { source.at.splice(number, 1); put(); }, { class: "bare", "aria-label": `Remove the source’s words ${desk.text.quote([place])}` })))))),
    h("ul", { class: "cues" }, step.cue.map((place, number) => h("li", {}, "cue ", h("q", { class: "cue" }, desk.text.quote([place])), button("×", () => { step.cue.splice(number, 1); put(); }, { class: "bare", "aria-label": `Remove the cue ${desk.text.quote([place])}` })))),
    h("div", { class: "row" },
      button(["Source words ", h("kbd", {}, "s")], () => desk.addSource(depth), { class: "small needs-words", disabled: !desk.text.chosen }),
      button(["Cue ", h("kbd", {}, "u")], () => desk.addCue(depth), { class: "small needs-words", disabled: !desk.text.chosen }),
      button("Remove step", () => put(chain.filter((_, other) => other !== depth)), { class: "bare small" }))));
  const used = () => {
    const found = new Map();
    for (const other of article.statements) {
      const bare = other.chain.map((step) => ({ sources: step.sources.map((source) => ({ ...source, at: [] })), cue: [] }));
      const name = bare.map((step) => step.sources.map((source) => corpus.entities[source.entity]?.name ?? source.entity ?? source.label).join(" + ")).join(" › ");
      if (name && !found.has(name)) found.set(name, bare);
    }
    return [...found];
  };
  return h("div", { class: "chain" },
    h("h3", {}, "Who says so"),
    h("ol", {}, steps),
    entityPicker(corpus, { label: chain.length ? "add a step" : "first source", clear: true, change: (id) => { if (id) { desk.step = chain.length; put([...chain, { sources: [{ entity: id, label: null, account: desk.accountOf(id, chain.length), at: [] }], cue: [] }]); } } }),
    later("More ways", false, () => [
      h("div", { class: "wrap" },
        chain.length ? entityPicker(corpus, { label: "add a joint source", clear: true, change: (id) => { if (id) { (chain[desk.step] ?? chain.at(-1)).sources.push({ entity: id, label: null, account: null, at: [] }); put(); } } }) : null,
        button("Add an unnamed source", () => put([...chain, { sources: [{ entity: null, label: "unnamed source", account: null, at: [] }], cue: [] }]), { class: "small" })),
      h("h4", {}, "A chain of this article"), h("div", { class: "wrap" }, used().map(([name, bare]) => button(name, () => { desk.step = bare.length - 1; put(bare); }, { class: "small" })))]));
}
