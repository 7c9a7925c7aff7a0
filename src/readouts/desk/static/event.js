// Two accounts side by side: statements picked in pairs, related, and what still stands alone shown last.
import { act, get, post } from "./api.js";
import { ask, button, choice, counted, field, h, say, words } from "./dom.js";
import { entityPicker } from "./picker.js";

export class EventDesk {
  constructor(corpus, id, main, tools) {
    Object.assign(this, { corpus, id, main, tools, a: null, b: null, ranked: new Map(), made: null, editing: null, details: false });
    this.onkey = (event) => this.key(event);
    document.addEventListener("keydown", this.onkey);
  }

  leave() { document.removeEventListener("keydown", this.onkey); }

  async open() { this.event = await get(`event/${this.id}`); this.details = !this.event.statements.length; this.render(); }

  async act(wanted) {
    try { this.event = await act(`event/${this.id}`, this.event.version, wanted); this.render(); return true; }
    catch (error) { await ask("Not done", h("p", {}, error.message), [["Close", null, "first"]]); return false; }
  }

  async turn(path) { try { this.event = await post(`event/${this.id}/${path}`); this.render(); say(path === "undo" ? "Undone." : "Done again."); } catch (error) { say(error.message); } }

  key(event) {
    if (!this.event || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "z") this.turn("undo");
    else if (event.key === "Z") this.turn("redo");
    else if (event.key === "Escape") { this.a = this.b = this.editing = null; this.ranked.clear(); this.render(); }
    else if (event.key === "g" && this.a && this.b) { event.preventDefault(); this.bar.querySelector("select")?.focus(); }
  }

  async pick(side, statement) {
    this[side] = this[side] === statement.id ? null : statement.id;
    this.editing = null;
    const other = side === "a" ? "b" : "a";
    if (this[side] && !this[other]) {
      const { candidates } = await get(`event/${this.id}/candidates/${statement.id}`);
      this.ranked = new Map(candidates.map((each) => [each.id, each.score]));
      this.reasons = new Map(candidates.map((each) => [each.id, each.reasons.join(", ")]));
      this.rankedSide = other;
    } else if (!this.a && !this.b) this.ranked = new Map();
    this.render();
    const best = this.rankedSide === other && !this[other] ? this.main.querySelector(`.column-${other} .card`) : null;
    say(this.a && this.b ? "Two statements are picked: choose the relation." : best ? `Picked. The likeliest counterpart: ${best.innerText}` : "Picked.");
    this.main.querySelector(`[data-card="${side}-${statement.id}"]`)?.focus({ preventScroll: true });
  }

  scope(one, two) {
    const first = this.statement(one), second = this.statement(two);
    if (!first || !second) return "cross_side";
    if (first.kind === "press" && first.account && second.kind !== "press" && second.account === first.account) return "article_to_account";
    if (first.side === "third" || second.side === "third") return "third_party";
    return first.side === second.side ? "same_side" : "cross_side";
  }

  statement(id) { return this.event.statements.find((each) => each.id === id); }
  alignments() { return Object.entries(this.event.data.alignments ?? {}); }
  full(id) { return this.event.statements.find((each) => each.id === id || each.id.endsWith(`.${id}`))?.id ?? id; }

  column(side) {
    const aligned = new Set(this.alignments().flatMap(([, each]) => [this.full(each.a), this.full(each.b)]));
    const mine = this.event.statements.filter((each) => each.side === side || each.side === "both" || (side === "b" && each.side === "third"));
    const ranks = this.rankedSide === side && this.ranked.size && !this[side];
    const order = (one, two) => (ranks ? (this.ranked.get(two.id) ?? 0) - (this.ranked.get(one.id) ?? 0) : 0);
    const card = (each) => h("button", { type: "button", class: `card side-${each.side}`, "aria-pressed": String(this[side] === each.id), "data-card": `${side}-${each.id}`, onclick: () => this.pick(side, each) },
      h("span", { class: "row" }, h("b", {}, each.id.split(".").pop()), h("span", { class: "quiet grow" }, `${each.article} · ${words(each.labels.act)} · ${words(each.labels.modality)}`),
        ranks && this.ranked.has(each.id) ? h("span", { class: this.ranked.get(each.id) < 0.05 ? "score quiet" : "score", title: `How likely it answers the picked one, of 100${this.reasons.get(each.id) ? `: ${this.reasons.get(each.id)}` : ""}` }, this.ranked.get(each.id) < 0.05 ? "unlikely" : `${Math.round(this.ranked.get(each.id) * 100)} of 100`) : null),
      h("span", { class: "summary" }, each.labels.summary ?? "No summary yet"), h("q", { lang: each.language }, each.words));
    const related = mine.filter((each) => aligned.has(each.id)).sort(order), alone = mine.filter((each) => !aligned.has(each.id)).sort(order);
    const part = (title, group) => group.length ? [h("h3", {}, `${title} (${group.length})`), h("ul", { class: "plain" }, group.map((each) => h("li", {}, card(each))))] : null;
    return h("section", { class: `column column-${side}`, "aria-label": this.event.sides[side] ?? `Side ${side}` }, h("h2", {}, this.event.sides[side] ?? `Side ${side}`),
      ranks ? part("Likeliest first", [...mine].sort(order)) : [part("Aligned", related), part("Without a counterpart", alone)],
      mine.length ? null : h("p", { class: "quiet" }, "No statement of this side is about the event yet."));
  }

  form() {
    if (!this.a || !this.b) return h("p", { class: "quiet" }, this.a || this.b ? "Now pick its counterpart on the other side: the likeliest are first." : "Pick a statement on either side.");
    const row = this.editing ? this.event.data.alignments[this.editing] : {};
    this.made = { relation: row.relation ?? "same_claim", rationale: row.rationale ?? "", scope: row.scope ?? this.scope(this.a, this.b) };
    const known = this.corpus.labels["alignments.relation"];
    const meaning = h("p", { class: "meaning" });
    const tell = () => { meaning.textContent = known.find((each) => each.value === this.made.relation)?.meaning ?? ""; };
    tell();
    const rationale = h("input", { type: "text", value: this.made.rationale, oninput: (event) => { this.made.rationale = event.target.value; } });
    const send = async () => {
      const values = { a: this.a, b: this.b, relation: this.made.relation, scope: this.made.scope, rationale: rationale.value.trim() };
      if (await this.act({ do: "align", name: this.editing, values })) { this.a = this.b = this.editing = null; this.ranked = new Map(); this.render(); say("Aligned."); }
    };
    rationale.addEventListener("keydown", (event) => { if (event.key === "Enter") send(); });
    return h("div", { class: "row align" },
      field("relation: a … b", choice(known, this.made.relation, (to) => { this.made.relation = to; tell(); }, { none: null }), [meaning]),
      field("scope", choice(this.corpus.labels["alignments.scope"], this.made.scope, (to) => { this.made.scope = to; }, { none: null })),
      h("div", { class: "grow" }, field("rationale, in one sentence", rationale)),
      button(this.editing ? "Change" : "Align", send, { class: "first" }));
  }

  list() {
    const rows = this.alignments().map(([name, each]) => {
      const [one, two] = [this.full(each.a), this.full(each.b)];
      const read = each.review && each.review !== "machine";
      return h("tr", {}, h("td", {}, h("b", {}, one), h("div", {}, this.statement(one)?.labels.summary ?? "")), h("td", {}, h("span", { class: "chip" }, words(each.relation)), h("div", { class: "quiet" }, each.rationale ?? "")), h("td", {}, h("b", {}, two), h("div", {}, this.statement(two)?.labels.summary ?? "")),
        h("td", { class: "row" }, button(read ? "Confirmed" : "Confirm", () => this.act({ do: "confirm", name, on: !read }), { "aria-pressed": String(Boolean(read)), "aria-label": `Confirm ${name}`, class: read ? "on" : "" }),
          button("Edit", () => { this.a = one; this.b = two; this.editing = name; this.render(); this.bar.querySelector("select")?.focus(); }, { "aria-label": `Edit ${name}` }), button("×", () => this.act({ do: "remove-alignment", name }), { class: "bare", "aria-label": `Remove ${name}` })));
    });
    return rows.length ? h("table", { class: "wide" }, h("thead", {}, h("tr", {}, ["a", "Relation", "b", "Review"].map((name) => h("th", { scope: "col" }, name)))), h("tbody", {}, rows)) : h("p", { class: "quiet" }, "None yet.");
  }

  detailsPart() {
    const data = this.event.data, { corpus } = this;
    const set = (values) => this.act({ do: "set", values });
    const text = (key, label) => field(label, h("input", { type: "text", value: data[key] ?? "", onchange: (event) => set({ [key]: event.target.value.trim() || null }) }));
    const put = (key, rows) => this.act({ do: "rows", key, rows });
    const participants = data.participants ?? {}, accounts = data.accounts ?? {};
    const pick = (label, labels, value, change) => choice(labels, value, change, { none: null, properties: { "aria-label": label } });
    const made = { id: "", issuer: null, side: "a", kind: "readout", original_language: "" };
    const account = h("div", { class: "form" },
      field("id, such as norland-2032-03-04", h("input", { type: "text", oninput: (event) => { made.id = event.target.value.trim(); } })),
      entityPicker(corpus, { label: "issuer", change: (id) => { made.issuer = id; } }),
      h("div", { class: "grid" }, field("side", choice(corpus.labels["accounts.side"], "a", (to) => { made.side = to; }, { none: null })), field("kind", choice(corpus.labels["accounts.kind"], "readout", (to) => { made.kind = to; }, { none: null })),
        field("original language", h("input", { type: "text", oninput: (event) => { made.original_language = event.target.value.trim(); } }))),
      button("Add the account", () => { const { id, ...row } = made; return id && put("accounts", { [id]: row }); }, { class: "small" }));
    return h("details", { class: "about", open: this.details, ontoggle: (event) => { this.details = event.target.open; } }, h("summary", {}, "The event: sides, participants, accounts"),
      h("div", { class: "halves" },
        h("section", { class: "form" }, text("title", "title"), h("div", { class: "grid" }, field("kind", choice(corpus.labels["events.kind"], data.kind, (to) => set({ kind: to }), { none: null })), text("date", "date")),
          entityPicker(corpus, { label: "side a stands for", value: data.side_a, change: (id) => set({ side_a: id }) }), entityPicker(corpus, { label: "side b stands for", value: data.side_b, change: (id) => set({ side_b: id }) }), text("made_by", "made by"),
          button("Confirm the event", () => this.act({ do: "confirm", on: !data.review || data.review === "machine" }), { "aria-pressed": String(Boolean(data.review && data.review !== "machine")), class: "small" })),
        h("section", { class: "form" }, h("h3", {}, "Participants"),
          h("ul", { class: "plain" }, Object.entries(participants).map(([id, row]) => h("li", { class: "row" }, h("span", { class: "grow" }, corpus.entities[id]?.name ?? id),
            pick(`Role of ${id}`, corpus.labels["participants.role"], row.role, (to) => put("participants", { [id]: { ...row, role: to } })), pick(`Side of ${id}`, corpus.labels["participants.side"], row.side, (to) => put("participants", { [id]: { ...row, side: to } })),
            button("×", () => put("participants", { [id]: null }), { class: "bare", "aria-label": `Remove ${id}` })))),
          entityPicker(corpus, { label: "add a participant", clear: true, change: (id) => id && put("participants", { [id]: { role: "principal", side: Object.keys(participants).length ? "b" : "a" } }) }),
          h("h3", {}, "Accounts"), h("ul", { class: "plain" }, Object.entries(accounts).map(([id, row]) => h("li", { class: "row" }, h("span", { class: "grow" }, id), h("span", { class: "quiet" }, `${corpus.entities[row.issuer]?.name ?? row.issuer} · ${row.side} · ${row.kind}`), button("×", () => put("accounts", { [id]: null }), { class: "bare", "aria-label": `Remove ${id}` })))),
          h("details", {}, h("summary", {}, "Add an account"), account))));
  }

  render() {
    this.tools.replaceChildren(button("Undo", () => this.turn("undo"), { disabled: !this.event.undo, title: "Undo (z)" }), button("Redo", () => this.turn("redo"), { disabled: !this.event.redo, title: "Do again (Shift + Z)" }));
    const top = this.main.querySelector(".page")?.scrollTop ?? 0;
    this.bar = h("section", { class: "bar", "aria-label": "The pair" }, this.form());
    this.main.replaceChildren(h("div", { class: "page event" }, h("h1", {}, this.event.data.title ?? this.id),
      this.event.findings.map((each) => h("p", { class: "finding error" }, `${each.code} ${each.message}`)), this.detailsPart(),
      h("div", { class: "columns" }, this.column("a"), this.column("b")), this.bar, h("h2", {}, counted(this.alignments().length, "alignment")), this.list()));
    this.main.querySelector(".page").scrollTop = top;
  }
}
