// Two annotations of one text: their differences one by one, each kept as it is or taken from the other.
import { act, get, post } from "./api.js";
import { ask, button, counted, h, say, words } from "./dom.js";
import { findingNote } from "./form.js";
import { TextView, legend } from "./text.js";

const KINDS = { "only-mine": "Only I have this statement", "only-other": "Only the other has this statement", labels: "Another label", content: "Other words as content", quoted: "Other quoted words", chain: "Another chain", words: "Other words", addressee: "Another addressee", mention: "A mention", region: "A region", relation: "A relation" };
const PARTS = { content: "Content", quoted: "Quoted", chain: "Who says so" };

// The words of some places that none of others has.
function minus(places, others) {
  let left = places;
  for (const [from, to] of others) left = left.flatMap(([start, end]) => (end <= from || to <= start ? [[start, end]] : [[start, from], [to, end]].filter(([one, two]) => one < two)));
  return left;
}

export class CurationDesk {
  constructor(corpus, id, main, tools, kind) {
    const kept = kind === "kept";
    Object.assign(this, { source: kept ? "kept" : "against", other: kept ? "Earlier draft" : corpus.against, corpus, id, main, tools, at: 0, total: 0, done: [] });
    this.onkey = (event) => this.key(event);
    document.addEventListener("keydown", this.onkey);
  }

  leave() { document.removeEventListener("keydown", this.onkey); this.text?.clear(); }

  async open() {
    this.article = await get(`article/${this.id}`);
    this.text = new TextView(this.article.text, { label: `Text of ${this.id}`, chosen: () => {}, open: () => {} });
    this.side = h("div", { class: "panel" });
    this.scroll = h("div", { class: "scroll" }, this.text.element);
    this.main.replaceChildren(h("div", { class: "workbench" }, h("section", { class: "reading", "aria-label": "Text" }, legend(this.corpus, this.article, [["proposed", "in one only"]]), this.scroll), this.side));
    await this.read();
  }

  async read() {
    const found = await get(`article/${this.id}/${this.source}`);
    this.version = found.version;
    this.differences = found.differences;
    this.total = Math.max(this.total, this.differences.length);
    this.at = Math.min(this.at, Math.max(this.open_().length - 1, 0));
    if (this.open_().length) this.findings = null;
    else this.findings = (await get(`article/${this.id}/findings`)).findings;
    this.render();
  }

  open_() { return this.differences.filter((each) => !each.kept); }

  async decide(who) {
    const each = this.open_()[this.at];
    if (!each || this.busy) return;
    if (who === "other" && this.lacking(each)) { say(this.lacking(each)); return; }
    this.busy = true;
    try {
      if (who === "mine") await post(`article/${this.id}/reject`, { proposal: each.id });
      else this.article = await act(`article/${this.id}`, this.version, each.act);
      this.done.push(who === "mine" ? each.id : null);
      await this.read();
      say(`${who === "mine" ? "Kept mine" : "Took the other"}; ${counted(this.open_().length, "difference")} left.`);
    } catch (error) { await ask("Not done", h("p", {}, error.message), [["Close", null, "first"]]); }
    finally { this.busy = false; }
  }

  key(event) {
    if (!this.differences || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const acts = { 1: () => this.decide("mine"), 2: () => this.decide("other"), j: () => this.move(1), k: () => this.move(-1), z: () => this.undo() };
    if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
  }

  // Takes back the last decision, whichever it was.
  async undo() {
    if (this.busy || !this.done.length) return;
    this.busy = true;
    try {
      const kept = this.done.at(-1);
      if (kept) await post(`article/${this.id}/reject`, { proposal: kept, on: false });
      else this.article = await post(`article/${this.id}/undo`);
      this.done.pop();
      const before = new Set(this.open_().map((each) => each.id));
      await this.read();
      this.at = Math.max(this.open_().findIndex((each) => !before.has(each.id)), 0);
      this.render();
      say("Taken back.");
    } catch (error) { await ask("Not done", h("p", {}, error.message), [["Close", null, "first"]]); }
    finally { this.busy = false; }
  }

  async anchor() {
    try {
      const done = await post(`article/${this.id}/anchor`);
      this.done = [];
      this.article = done;
      this.findings = done.findings;
      this.anchored = done.anchored;
      await this.read();
      if (done.anchored) say("The article’s file has positions now, and the draft is gone.");
    } catch (error) { await ask("Not anchored", h("p", {}, error.message), [["Close", null, "first"]]); }
  }

  // Why what the other says can't be taken yet.
  lacking(each) {
    if (each.lacks) return `It is asserted by ${each.lacks} of the other, which isn’t in mine.`;
    return each.unknown?.length ? `It names ${each.unknown.join(", ")}, which isn’t in my annotations: add it there first.` : null;
  }

  move(by) { this.at = Math.min(Math.max(this.at + by, 0), this.open_().length - 1); this.render(); }

  name(id) { return this.corpus.entities[id]?.name ?? id ?? "nobody"; }

  // Words in the text, those that only this side has marked.
  marked(places, others) {
    const only = minus(places, others);
    return places.map((place, number) => {
      const own = only.filter(([start, end]) => place[0] <= start && end <= place[1]);
      const pieces = [];
      let at = place[0];
      for (const [start, end] of own) { pieces.push(this.text.quote([[at, start]]), h("mark", {}, this.text.quote([[start, end]]))); at = end; }
      return [number ? " … " : "", h("q", {}, pieces, this.text.quote([[at, place[1]]]))];
    });
  }

  chain(steps, withWords) {
    return steps.length ? h("ol", { class: "plain" }, steps.map((step) => h("li", {}, h("b", {}, step.sources.map((source) => source.label ?? this.name(source.entity)).join(" + ")),
      withWords ? [step.sources.flatMap((source) => source.at).map((place) => [" ", h("q", {}, this.text.quote([place]))]), step.cue.map((place) => [" · ", h("q", { class: "cue" }, this.text.quote([place]))])] : null))) : h("p", {}, "Nobody");
  }

  shown(each, who) {
    const there = each[who], against = each[who === "mine" ? "other" : "mine"];
    if (!there) return h("p", { class: "quiet" }, "Not here");
    if (each.kind === "mention") return h("p", { class: "big" }, this.name(there.entity));
    if (each.kind === "region") return [h("p", { class: "big" }, there.role), h("p", { class: "quiet" }, there.account ?? "")];
    if (each.kind === "relation") {
      const { subject, predicate, object, mode, contexts = [], status, fit, statement } = there.values;
      const more = [mode, ...contexts, status, fit].filter(Boolean).map(words).join(" · ");
      return [h("p", { class: "big" }, `${this.name(subject)} ${predicate} ${object ? this.name(object) : ""}`), h("p", { class: "quiet" }, more),
        h("p", { class: "quiet" }, statement || each.lacks ? `asserted by ${statement?.split(".").pop() ?? each.lacks}` : "in the outlet’s own voice"), h("p", {}, this.marked(there.at, against?.at ?? there.at))];
    }
    if (each.kind === "labels") return [h("p", { class: "big" }, words(this.corpus.events.find((event) => event.id === there.labels[each.key])?.title ?? there.labels[each.key] ?? "none")), h("p", { class: "meaning" }, this.corpus.labels[`statements.${each.key}`]?.find((label) => label.value === there.labels[each.key])?.meaning ?? "")];
    if (each.kind === "addressee") return there.addressees.length ? there.addressees.map((one) => h("p", {}, h("b", {}, one.entity ? this.name(one.entity) : "Words only"), one.at.map((place) => [" ", h("q", {}, this.text.quote([place]))]))) : h("p", {}, "Nobody");
    if (each.parts) return each.parts.map((part) => [each.parts.length > 1 ? h("h4", {}, PARTS[part]) : null,
      part === "chain" ? this.chain(there.chain, true) : there[part].length ? h("p", {}, this.marked(there[part], against[part])) : h("p", { class: "quiet" }, "No words")]);
    return [h("p", { class: "big" }, there.labels.summary ?? ""), this.chain(there.chain, false), h("p", { class: "quiet" }, ["act", "modality", "topic"].map((key) => words(there.labels[key])).join(" · "))];
  }

  // The words in the text that it is about: where both have words, those that only one has.
  about(each) {
    const all = (side) => {
      if (each.parts) return each.parts.flatMap((part) => (part === "chain" ? side.chain.flatMap((step) => [...step.cue, ...step.sources.flatMap((source) => source.at)]) : side[part]));
      return side.content ?? side.at ?? [side.place];
    };
    const { mine, other } = each;
    if (!mine || !other) return all(mine ?? other);
    const apart = [...minus(all(mine), all(other)), ...minus(all(other), all(mine))];
    return apart.length ? apart : all(mine);
  }

  render() {
    const left = this.open_();
    const each = left[this.at];
    const here = each?.mine ?? each?.other;
    this.text.draw(this.article, here?.content ? each.mine?.name ?? null : null);
    const places = each ? this.about(each) : [];
    this.text.paint("proposed", places);
    if (each) this.text.show([Math.min(each.place[0], ...places.map((place) => place[0])), each.place[1]]);
    this.tools.replaceChildren(
      button("Undo", () => this.undo(), { disabled: !this.done.length, title: "Take back the last decision (z)" }),
      h("span", { class: "quiet state whole" }, `${counted(left.length, "difference")} left of ${this.total}`), h("a", { href: `#article/${this.id}` }, "Annotate"));
    this.side.replaceChildren(h("div", { class: "body", tabindex: "-1" }, each ? h("section", { class: "form" },
      h("progress", { max: this.total, value: this.total - left.length, "aria-label": "Decided" }),
      h("header", {}, h("p", { class: "quiet" }, `${this.at + 1} of ${left.length}${here.content ? ` · ${here.name}` : ""}`), h("h2", {}, `${KINDS[each.kind]}${each.key ? `: ${words(each.key)}` : ""}`)),
      here.content && !each.kind.startsWith("only") ? h("p", {}, here.labels.summary) : null,
      each.parts?.includes("content") ? null : h("blockquote", {}, this.text.quote(here.content ?? here.at ?? [each.place])),
      h("div", { class: "halves" },
        h("section", { class: "half" }, h("h3", {}, "Mine"), h("div", { class: "grow" }, this.shown(each, "mine")), button([each.mine ? "Keep mine " : "Leave it out ", h("kbd", {}, "1")], () => this.decide("mine"))),
        h("section", { class: "half" }, h("h3", {}, this.other), h("div", { class: "grow" }, this.shown(each, "other")), button([each.other ? "Take this " : "Delete mine too ", h("kbd", {}, "2")], () => this.decide("other"), { disabled: Boolean(this.lacking(each)) }))),
      each.aligned?.length ? h("p", { class: "finding warning" }, `In ${counted(each.aligned.length, "alignment")} (${each.aligned.join(", ")}). Align the other statement in its place if you delete this one.`) : null,
      this.lacking(each) ? h("p", { class: "finding warning" }, this.lacking(each)) : null,
      h("div", { class: "row" }, button(["Earlier ", h("kbd", {}, "k")], () => this.move(-1), { class: "bare", disabled: !this.at }), button(["Later ", h("kbd", {}, "j")], () => this.move(1), { class: "bare", disabled: this.at + 1 >= left.length })))
      : this.finished()));
  }

  finished() {
    const { drafted, draft } = this.article, wrong = (this.findings ?? []).filter((one) => one.severity !== "warning");
    return h("section", { class: "form" }, h("h2", {}, "No difference is left"),
      h("p", {}, this.anchored && !drafted ? "The article’s file has what was decided, with positions." : drafted ? `What was decided is in ${draft}.` : "Nothing was changed."),
      wrong.length ? [h("h3", {}, `${counted(wrong.length, "finding")} to settle in the article`), h("ul", { class: "plain" }, wrong.map((one) => h("li", {}, findingNote(one), h("span", { class: "quiet" }, one.statement ?? (one.source ? `${one.source.file}:${one.source.line}` : "")))))] : h("p", { class: "quiet" }, "Nothing is wrong with it."),
      h("div", { class: "row" }, button("Anchor", () => this.anchor(), { disabled: !drafted, class: wrong.length ? "" : "first", title: "Take the draft over into the article’s file" }), h("a", { href: `#article/${this.id}` }, "To the article")));
  }
}
