// The view of one article: its text, its statements at the edge, and on the right what is being worked on.
import { act, get, post } from "./api.js";
import { ask, button, choice, counted, field, h, say, words } from "./dom.js";
import { findingNote, statementForm } from "./form.js";
import { entityPicker } from "./picker.js";
import { TextView, legend, sideName } from "./text.js";

const KEYS = [
  ["← →", "choose the word before or after (in the text)"], ["↑ ↓", "a word in the line above or below"], ["Shift + ←→↑↓", "choose more words"],
  ["n", "new statement with these words as content"], ["c", "add the words to the content"], ["r", "make the words the content"],
  ["q", "quoted words"], ["u", "cue of the chosen step"], ["s", "source of the chosen step"], ["a", "words of the chosen addressee"], ["m", "mention of an entity"],
  ["j k", "next, previous statement"], ["f", "to the form"], ["t", "to the text"], ["v", "confirm the statement, or take that back"],
  ["y", "accept the proposal"], ["e", "accept and change it"], ["d", "reject it"], ["z", "undo"], ["Shift + Z", "do again"], ["?", "these keys"],
];

export class ArticleDesk {
  constructor(corpus, id, main, tools) {
    Object.assign(this, { corpus, id, main, tools, selected: null, step: 0, addressee: 0, panel: "statement", findings: [], queue: [], at: 0, article: null });
    this.onkey = (event) => this.key(event);
    document.addEventListener("keydown", this.onkey);
    this.timer = setInterval(() => this.poll(), 2000);
  }

  leave() { document.removeEventListener("keydown", this.onkey); clearInterval(this.timer); this.text?.clear(); }

  async open() {
    this.article = await get(`article/${this.id}`);
    this.build();
    this.selected = this.article.statements[0]?.name ?? null;
    if (this.corpus.proposals) await this.readQueue();
    if (this.queue.length && !this.article.statements.length) this.panel = "queue";
    this.render();
    this.check();
  }

  build() {
    this.text = new TextView(this.article.text, {
      label: `Text of ${this.article.cells.title ?? this.id}. Arrow keys choose words.`,
      chosen: () => this.needs(), open: (name, quiet) => this.select(name, !quiet),
    });
    this.side = h("div", { class: "panel" });
    this.scroll = h("div", { class: "scroll" }, this.text.element);
    this.legend = legend(this.corpus, this.article);
    this.main.replaceChildren(h("div", { class: "workbench" }, h("section", { class: "reading", "aria-label": "Text" }, this.legend, this.scroll), this.side));
  }

  sideName(side) { return sideName(this.corpus, this.article, side); }

  accountOf(entity, depth) {
    if (depth) return null;
    const found = this.corpus.events.flatMap((event) => event.accounts).filter((each) => each.issuer_id === entity);
    const event = this.article.statements.find((each) => each.name === this.selected)?.labels.event;
    return (found.find((each) => each.event_id === event) ?? found[0])?.account_id ?? null;
  }

  needs() { this.side.querySelectorAll(".needs-words").forEach((each) => { each.disabled = !this.text.chosen; }); }

  statement() { return this.article.statements.find((each) => each.name === this.selected) ?? null; }

  select(name, show = true) {
    this.selected = name;
    this.panel = "statement";
    this.step = Math.max((this.statement()?.chain.length ?? 1) - 1, 0);
    this.addressee = Math.max((this.statement()?.addressees.length ?? 1) - 1, 0);
    this.render();
    const statement = this.statement();
    if (statement && show) { this.text.show(statement.content[0]); say(`${name}: ${statement.labels.summary ?? ""}`); }
  }

  // Everything that is done goes through here: it is saved before the page shows it.
  async act(wanted, after) {
    try {
      const known = new Set(this.article.statements.map((each) => each.name));
      this.article = await act(`article/${this.id}`, this.article.version, wanted);
      if (wanted.do === "add-statement") this.selected = this.article.statements.find((each) => !known.has(each.name))?.name ?? this.selected;
      after?.();
      this.render();
      this.check();
      return true;
    } catch (error) {
      await ask("Not done", h("p", {}, error.message), [["Close", null, "first"]]);
      return false;
    }
  }

  async turn(path) {
    try {
      this.article = await post(`article/${this.id}/${path}`);
      if (this.corpus.proposals) await this.readQueue();
      this.render();
      this.check();
      say(path === "undo" ? "Undone." : "Done again.");
    } catch (error) { say(error.message); await ask("Not done", h("p", {}, error.message), [["Close", null, "first"]]); }
  }

  async poll() {
    if (document.hidden || !this.article || this.busy) return;
    try {
      const { version } = await get(`article/${this.id}/version`);
      this.lost = false;
      if (version === this.article.version || document.querySelector("dialog[open]")) return;
      const chosen = this.text.chosen;
      this.article = await get(`article/${this.id}`);
      this.text.chosen = chosen;
      this.render(true);
      this.check();
      say("The draft was changed elsewhere; this is the new state.");
    } catch (error) {
      if (!this.lost) { this.lost = true; this.render(); }
    }
  }

  check() {
    clearTimeout(this.due);
    this.due = setTimeout(async () => {
      const version = this.article.version;
      try {
        const { findings } = await get(`article/${this.id}/findings`);
        if (version === this.article.version) { this.findings = findings; this.checked = true; this.render(true); }
      } catch { /* The next act says so. */ }
    }, 250);
  }

  async readQueue() {
    this.queueNote = null;
    try { this.queue = (await get(`article/${this.id}/queue`)).queue; } catch (error) { this.queue = []; this.queueNote = error.message; }
    this.at = Math.min(this.at, Math.max(this.queue.length - 1, 0));
  }

  addWords(role, replace = false) {
    const statement = this.statement(), chosen = this.text.chosen;
    if (!statement || !chosen) return say("Choose words and a statement first.");
    const places = replace ? [chosen] : [...statement[role], chosen].sort((one, two) => one[0] - two[0]);
    return this.act({ do: "spans", name: statement.name, role, places });
  }

  // Adds the words to the addressee that is chosen; the first one is looked up, where the words are not a mention.
  async addAddressee() {
    const statement = this.statement(), chosen = this.text.chosen;
    if (!statement || !chosen) return say("Choose words and a statement first.");
    const addressees = structuredClone(statement.addressees);
    if (addressees.length) (addressees[this.addressee] ?? addressees.at(-1)).at.push(chosen);
    else {
      const mention = this.article.mentions.find((each) => each.place[0] < chosen[1] && chosen[0] < each.place[1]);
      const entity = mention?.entity ?? await this.askEntity("Who is addressed?");
      if (!entity) return null;
      addressees.push({ entity, at: [chosen] });
    }
    return this.act({ do: "addressees", name: statement.name, addressees });
  }

  addCue(depth = this.step) {
    const statement = this.statement();
    if (!statement || !this.text.chosen) return say("Choose words and a statement first.");
    const chain = structuredClone(statement.chain);
    if (!chain[depth]) return say("The chain has no step yet: choose the words of its source and press s.");
    chain[depth].cue.push(this.text.chosen);
    return this.act({ do: "chain", name: statement.name, chain });
  }

  async addSource(depth = this.step) {
    const statement = this.statement(), chosen = this.text.chosen;
    if (!statement || !chosen) return say("Choose words and a statement first.");
    const chain = structuredClone(statement.chain);
    const step = chain[depth];
    if (step) { step.sources.at(-1).at.push(chosen); return this.act({ do: "chain", name: statement.name, chain }); }
    const mention = this.article.mentions.find((each) => each.place[0] < chosen[1] && chosen[0] < each.place[1]);
    const entity = mention?.entity ?? await this.askEntity("Who is this source?");
    if (!entity) return null;
    chain.push({ sources: [{ entity, label: null, account: this.accountOf(entity, chain.length), at: [chosen] }], cue: [] });
    this.step = chain.length - 1;
    return this.act({ do: "chain", name: statement.name, chain });
  }

  askEntity(title) {
    let done;
    const typed = this.text.chosen ? this.text.quote([this.text.chosen]) : "";
    const asked = ask(title, entityPicker(this.corpus, { label: "entity", typed, change: (id) => { done = id; document.querySelector("dialog[open] .first")?.click(); } }),
      [["Cancel", null], ["Take it", () => done ?? null, "first"]]);
    document.querySelector("dialog[open] input")?.dispatchEvent(new Event("input"));
    return asked;
  }

  newStatement() {
    const chosen = this.text.chosen;
    if (!chosen) return say("Choose the words of its content first.");
    const before = this.article.statements.filter((each) => each.content.length && each.content[0][0] <= chosen[0]).at(-1) ?? this.article.statements[0];
    const labels = {};
    for (const key of ["event", "form", "medium", "polarity", "certainty"]) if (before?.labels[key]) labels[key] = before.labels[key];
    if (!before) Object.assign(labels, { ...(this.corpus.events.length === 1 ? { event: this.corpus.events[0].id } : {}), form: "indirect", medium: "speech", polarity: "positive", certainty: "certain" });
    this.panel = "statement";
    this.step = 0;
    return this.act({ do: "add-statement", statement: { content: [chosen], labels, chain: [] } });
  }

  async mention() {
    const chosen = this.text.chosen;
    if (!chosen) return say("Choose the words first.");
    const entity = await this.askEntity("Who or what is mentioned?");
    return entity ? this.act({ do: "add-mention", entity, place: chosen }) : null;
  }

  confirm(statement) { return this.act({ do: "confirm", name: statement.name, on: statement.labels.review === "machine" || !statement.labels.review }); }

  async remove(statement) {
    if (await this.act({ do: "remove-statement", name: statement.name }, () => { this.selected = this.article.statements[0]?.name ?? null; })) say(`${statement.name} is deleted; z brings it back.`);
  }

  move(by) {
    const sorted = [...this.article.statements].sort((one, two) => (one.content[0]?.[0] ?? 0) - (two.content[0]?.[0] ?? 0));
    const now = sorted.findIndex((each) => each.name === this.selected);
    const next = sorted[Math.min(Math.max(now + by, 0), sorted.length - 1)];
    if (next) this.select(next.name);
  }

  // The queue

  async decide(answer) {
    const proposal = this.queue[this.at];
    if (!proposal || this.busy) return;
    this.busy = true;
    const here = this.at;
    try {
      if (answer === "reject") this.queue = (await post(`article/${this.id}/reject`, { proposal: proposal.id })).queue;
      else if (await this.act(proposal.act, () => { this.panel = answer === "change" && proposal.kind === "statement" ? "statement" : "queue"; })) await this.readQueue();
      this.at = Math.min(here, Math.max(this.queue.length - 1, 0));
      say(`${answer === "reject" ? "Rejected" : "Accepted"}; ${counted(this.queue.length, "proposal")} left.`);
    } finally { this.busy = false; }
    this.render();
    if (answer === "change") this.side.querySelector("textarea, select")?.focus();
  }

  key(event) {
    if (!this.text) return;
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) { event.preventDefault(); this.turn(event.shiftKey ? "redo" : "undo"); }
      return;
    }
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "radio") {
      if (event.key === "Escape") this.text.body.focus();
      return;
    }
    if (document.querySelector("dialog[open]")) return;
    const acts = {
      n: () => this.newStatement(), c: () => this.addWords("content"), r: () => this.addWords("content", true), q: () => this.addWords("quoted"),
      u: () => this.addCue(), s: () => this.addSource(), a: () => this.addAddressee(), m: () => this.mention(),
      j: () => this.move(1), k: () => this.move(-1), z: () => this.turn("undo"), Z: () => this.turn("redo"),
      v: () => this.statement() && this.confirm(this.statement()), "?": () => this.help(), t: () => this.text.body.focus(),
      f: () => { this.panel = "statement"; this.render(); this.side.querySelector("textarea")?.focus(); },
      y: () => this.decide("accept"), e: () => this.decide("change"), d: () => this.decide("reject"),
    };
    if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
  }

  help() { return ask("Keys", h("dl", { class: "keys" }, KEYS.map(([key, what]) => [h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)])), [["Close", null, "first"]]); }

  // What is shown

  // What comes by itself, such as findings, waits until nobody writes in the panel.
  typing() {
    const active = document.activeElement;
    return this.side.contains(active) && /^(INPUT|TEXTAREA)$/.test(active.tagName) && !["radio", "checkbox"].includes(active.type) && active.value !== active.defaultValue;
  }

  render(quiet = false) {
    if (quiet && this.typing()) {
      this.side.addEventListener("focusout", () => setTimeout(() => this.render(true)), { once: true });
      return;
    }
    const focus = this.remember();
    const errors = this.findings.filter((each) => each.severity !== "warning"), warnings = this.findings.length - errors.length;
    const wrong = new Set(errors.map((each) => each.statement));
    this.article.statements.forEach((each) => { each.wrong = wrong.has(each.name); });
    this.text.draw(this.article, this.selected);
    const proposal = this.panel === "queue" ? this.queue[this.at] : null;
    this.text.paint("proposed", proposal ? (proposal.act.statement?.content ?? [proposal.place]) : []);
    if (proposal) this.text.show(proposal.place);
    this.tools.replaceChildren(
      button("Undo", () => this.turn("undo"), { disabled: !this.article.undo, title: "Undo (z)" }),
      button("Redo", () => this.turn("redo"), { disabled: !this.article.redo, title: "Do again (Shift + Z)" }),
      h("span", { class: "quiet state" }, this.lost ? "The desk doesn’t answer" : this.article.drafted ? `Saved in ${this.article.draft}` : "No draft yet"),
      button("Anchor", () => this.anchor(), { disabled: !this.article.drafted, title: "Take the draft over into the article’s file" }),
      button("Keys", () => this.help(), { title: "?" }));
    const panels = [["statement", "Statement"], ...(this.corpus.proposals ? [["queue", `Queue ${this.queue.length}`]] : []),
      ["findings", `Findings ${this.checked ? errors.length : "…"}${warnings ? ` + ${warnings}` : ""}`, warnings ? counted(warnings, "warning") : null], ["mentions", "Mentions"], ["about", "Article"]];
    const body = { statement: () => this.statementPanel(), queue: () => this.queuePanel(), findings: () => this.findingsPanel(), mentions: () => this.mentionsPanel(), about: () => this.aboutPanel() }[this.panel]();
    const top = this.panel === this.shownPanel && this.selected === this.shownName ? this.side.querySelector(".body")?.scrollTop ?? 0 : 0;
    this.side.replaceChildren(
      h("nav", { class: "tabs", "aria-label": "Panels" }, panels.map(([key, name, title]) => button(name, () => { this.panel = key; this.render(); }, { title, "aria-current": this.panel === key ? "page" : null, "data-panel": key }))),
      ...(this.article.stale ? [h("div", { class: "finding error" }, h("p", {}, `${this.article.stale} Anchoring is refused until the changes of one are brought into the other.`), button("Begin with the article, and go through what the draft says otherwise", () => this.renew(), { class: "first" }))] : []),
      h("div", { class: "body", tabindex: "-1" }, body));
    this.side.querySelector(".body").scrollTop = top;
    this.shownPanel = this.panel;
    this.shownName = this.selected;
    this.restore(focus);
  }

  // After a change the same field has the focus again.
  remember() {
    const active = document.activeElement;
    if (!this.side.contains(active)) return null;
    return { key: active.dataset.key, label: active.getAttribute("aria-label") ?? active.textContent?.slice(0, 40), index: [...this.side.querySelectorAll("input, select, textarea, button, summary")].indexOf(active), tag: active.tagName, caret: active.tagName === "TEXTAREA" ? [active.selectionStart, active.selectionEnd] : null };
  }

  restore(focus) {
    if (!focus || document.querySelector("dialog[open]")) return;
    const all = [...this.side.querySelectorAll("input, select, textarea, button, summary")];
    const there = focus.key ? all.find((each) => each.dataset.key === focus.key) : all[focus.index];
    if (!there || there.tagName !== focus.tag) return;
    there.focus({ preventScroll: true });
    if (focus.caret) there.setSelectionRange(...focus.caret);
  }

  statementPanel() {
    const statement = this.statement();
    if (statement) return statementForm(this, statement);
    return h("section", {}, h("h2", {}, "No statement yet"), h("p", {}, "Choose the words that somebody says, with the mouse or with the arrow keys, then press ", h("kbd", {}, "n"), "."),
      button(["New statement ", h("kbd", {}, "n")], () => this.newStatement(), { class: "first needs-words", disabled: !this.text.chosen }));
  }

  queuePanel() {
    const proposal = this.queue[this.at];
    if (!proposal) return h("section", {}, h("h2", {}, "Nothing is left to decide"), h("p", {}, this.queueNote ?? "Every proposal was accepted or rejected, or the article already has it."));
    const name = (id) => this.corpus.entities[id]?.name ?? id;
    const made = proposal.act.statement;
    return h("section", { class: "form" },
      h("header", { class: "row" }, h("h2", {}, `${this.at + 1} of ${this.queue.length}: a ${proposal.kind}`), h("span", { class: "grow" }), h("span", { class: "quiet" }, `${proposal.rule}${proposal.confidence === null ? "" : ` · right ${Math.round(proposal.confidence * 100)} times in 100`}`)),
      h("blockquote", {}, made ? this.text.quote(made.content) : this.text.quote([proposal.place])),
      made ? h("dl", { class: "facts" },
        h("dt", {}, "who says so"), h("dd", {}, made.chain.map((step) => step.sources.map((source) => source.label ?? name(source.entity)).join(" + ") + (step.cue.length ? ` (“${this.text.quote(step.cue)}”)` : "")).join(" › ") || "nobody yet"),
        Object.entries(made.labels).map(([key, value]) => [h("dt", {}, words(key)), h("dd", {}, words(value))]))
        : h("p", {}, proposal.kind === "mention" ? `Mentions ${name(proposal.act.entity)}` : `Region: ${proposal.act.role}`),
      h("div", { class: "row" },
        button(["Accept ", h("kbd", {}, "y")], () => this.decide("accept"), { class: "first" }), button(["Change ", h("kbd", {}, "e")], () => this.decide("change")), button(["Reject ", h("kbd", {}, "d")], () => this.decide("reject"))),
      h("div", { class: "row" }, button("Earlier", () => { this.at = Math.max(this.at - 1, 0); this.render(); }, { class: "bare", disabled: !this.at }), button("Later", () => { this.at = Math.min(this.at + 1, this.queue.length - 1); this.render(); }, { class: "bare", disabled: this.at + 1 >= this.queue.length })));
  }

  findingsPanel() {
    if (!this.findings.length) return h("section", {}, h("h2", {}, this.checked ? "Nothing is wrong" : "Checking …"), h("p", { class: "quiet" }, "The draft was anchored, compiled and checked by the rules of the corpus in a folder of its own."));
    const warnings = this.findings.filter((each) => each.severity === "warning").length, errors = this.findings.length - warnings;
    const title = [errors ? counted(errors, "finding") : null, warnings ? counted(warnings, "warning") : null].filter(Boolean).join(" and ");
    return h("section", {}, h("h2", {}, title), errors ? null : h("p", { class: "quiet" }, "A warning keeps nothing from being anchored or built."), h("ul", { class: "plain" }, this.findings.map((each) => h("li", {}, findingNote(each),
      each.statement ? button(each.statement, () => this.select(each.statement), { class: "small" }) : h("span", { class: "quiet" }, each.source ? `${each.source.file}:${each.source.line}` : "")))));
  }

  mentionsPanel() {
    return h("section", {}, h("header", { class: "row" }, h("h2", {}, counted(this.article.mentions.length, "mention")), h("span", { class: "grow" }), button(["Mention ", h("kbd", {}, "m")], () => this.mention(), { class: "needs-words", disabled: !this.text.chosen })),
      h("ul", { class: "plain" }, this.article.mentions.map((each) => h("li", { class: "row" },
        button(this.text.quote([each.place]), () => { this.text.choose(each.place); this.text.show(each.place); }, { class: "bare" }), h("span", { class: "grow quiet" }, this.corpus.entities[each.entity]?.name ?? each.entity),
        button("×", () => this.act({ do: "remove-mention", entity: each.entity, place: each.place }), { class: "bare", "aria-label": `Remove the mention ${this.text.quote([each.place])}` })))),
      h("h2", {}, "Regions"),
      h("ul", { class: "plain" }, this.article.regions.map((each) => h("li", { class: "row" }, h("b", {}, each.role), h("span", { class: "grow quiet clip" }, this.text.quote([each.place])), button("×", () => this.act({ do: "remove-region", number: each.number }), { class: "bare", "aria-label": `Remove the region ${each.role}` })))),
      h("div", { class: "wrap" }, ["headline", "boilerplate", "caption"].map((role) => button(`Words are ${role}`, () => this.text.chosen && this.act({ do: "add-region", role, place: this.text.chosen }), { class: "small needs-words", disabled: !this.text.chosen }))),
      h("h2", {}, counted(this.article.relations.length, "relation")), this.relationsPart());
  }

  relationsPart() {
    const made = { predicate: "CONSULT", subject: null, object: null, mode: null };
    const name = (id) => this.corpus.entities[id]?.name ?? id ?? "";
    const predicates = Object.keys(this.corpus.predicates).map((value) => ({ value, name: value }));
    const event = this.statement()?.labels.event ?? this.article.statements[0]?.labels.event;
    const holder = h("div", { class: "form" });
    const show = () => {
      const modes = (this.corpus.predicates[made.predicate] ?? []).map((value) => ({ value }));
      holder.replaceChildren(
        entityPicker(this.corpus, { label: "who", value: made.subject, change: (id) => { made.subject = id; show(); } }),
        h("div", { class: "grid" }, field("does", choice(predicates, made.predicate, (to) => { made.predicate = to; made.mode = null; show(); }, { none: null })),
          modes.length ? field("mode", choice(modes, made.mode, (to) => { made.mode = to; }, { none: "none" })) : null),
        entityPicker(this.corpus, { label: "to whom", value: made.object, change: (id) => { made.object = id; show(); } }),
        button(`Add with the chosen words${this.selected ? `, asserted by ${this.selected}` : ""}`, () => this.text.chosen && made.subject && this.act({
          do: "add-relation", at: [this.text.chosen], values: { ...made, contexts: ["diplomatic"], status: "actual", fit: "exact", event, statement: this.selected } }), { class: "small needs-words", disabled: !this.text.chosen }));
    };
    show();
    return [h("ul", { class: "plain" }, this.article.relations.map((each) => h("li", { class: "row" }, h("span", { class: "grow" }, `${name(each.values.subject)} ${each.values.predicate}${each.values.mode ? `/${each.values.mode}` : ""} ${name(each.values.object)}`), h("span", { class: "quiet" }, each.values.statement?.split(".").pop() ?? ""), button("×", () => this.act({ do: "remove-relation", name: each.name }), { class: "bare", "aria-label": `Remove the relation ${each.name}` })))),
      h("details", {}, h("summary", {}, "Add a relation"), holder)];
  }

  aboutPanel() {
    const cells = this.article.cells;
    const set = (values) => this.act({ do: "article", values });
    const text = (key, label, column = key) => field(label, h("input", { type: "text", value: cells[column] ?? "", "data-key": `article-${key}`, onchange: (event) => set({ [key]: event.target.value.trim() || null }) }),
      this.findings.filter((each) => each.table === "articles" && each.field === column).map(findingNote));
    const carried = Object.fromEntries(this.article.carries.map((each) => [each.account_id, { completeness: each.completeness, is_translation: each.is_translation }]));
    const accounts = this.corpus.events.flatMap((event) => event.accounts).map((each) => ({ value: each.account_id, name: each.account_id }));
    const read = this.article.statements.length > 0 && this.article.statements.every((each) => each.labels.review && each.labels.review !== "machine");
    return h("section", { class: "form" }, h("header", { class: "row" }, h("h2", {}, this.id), h("span", { class: "grow" }), button(read ? "All confirmed" : "Confirm all of it", () => this.act({ do: "confirm", on: !read }), { "aria-pressed": String(read), class: read ? "on" : "" })),
      text("title", "title as published"),
      entityPicker(this.corpus, { label: "outlet", value: cells.outlet_id, change: (id) => set({ outlet: id }) }),
      h("div", { class: "grid" },
        field("kind", choice(this.corpus.labels["articles.kind"], cells.kind, (to) => set({ kind: to }), { none: cells.kind ? null : "choose" })),
        field("rights", choice(this.corpus.labels["articles.rights"], cells.rights, (to) => set({ rights: to }), { none: cells.rights ? null : "choose" })),
        text("published_on", "published on"), text("language", "language")),
      text("url", "address"), text("made_by", "made by"),
      h("h3", {}, "Accounts that it carries"),
      h("ul", { class: "plain" }, Object.entries(carried).map(([account, how]) => h("li", { class: "row" }, h("span", { class: "grow" }, account),
        choice(this.corpus.labels["carriages.completeness"], how.completeness, (to) => set({ carries: { ...carried, [account]: { ...how, completeness: to } } }), { none: null, properties: { "aria-label": `How completely ${account} is carried` } }),
        h("label", {}, h("input", { type: "checkbox", checked: how.is_translation === "true", onchange: (event) => set({ carries: { ...carried, [account]: { ...how, is_translation: String(event.target.checked) } } }) }), " translated")))),
      field("add an account", choice(accounts.filter((each) => !carried[each.value]), null, (to) => to && set({ carries: { ...carried, [to]: { completeness: cells.kind === "readout" ? "verbatim" : "reported", is_translation: "false" } } }), { none: "choose" })));
  }

  async renew() {
    try {
      await post(`article/${this.id}/renew`);
      location.hash = `#kept/${this.id}`;
    } catch (error) { await ask("Not done", h("p", {}, error.message), [["Close", null, "first"]]); }
  }

  async anchor() {
    try {
      const done = await post(`article/${this.id}/anchor`);
      this.article = done;
      this.findings = done.findings;
      if (!done.anchored) this.panel = "findings";
      this.render();
      if (done.anchored) { say("The article’s file has positions now, and the draft is gone."); this.check(); }
    } catch (error) { await ask("Not anchored", h("p", {}, error.message), [["Close", null, "first"]]); }
  }
}
