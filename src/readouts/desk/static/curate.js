// Two annotations of one text: their differences one by one, each kept as it is or taken from the other.
import { act, get, post } from "./api.js";
import { ask, button, counted, h, say, words } from "./dom.js";
import { TextView } from "./text.js";

const KINDS = { "only-mine": "Only I have this statement", "only-other": "Only the other has this statement", labels: "Another label", content: "Other words as content", chain: "Another chain", mention: "A mention" };

export class CurationDesk {
  constructor(corpus, id, main, tools) {
    Object.assign(this, { corpus, id, main, tools, at: 0 });
    this.onkey = (event) => this.key(event);
    document.addEventListener("keydown", this.onkey);
  }

  leave() { document.removeEventListener("keydown", this.onkey); this.text?.clear(); }

  async open() {
    this.article = await get(`article/${this.id}`);
    this.text = new TextView(this.article.text, { label: `Text of ${this.id}`, chosen: () => {}, open: () => {} });
    this.side = h("div", { class: "panel" });
    this.scroll = h("div", { class: "scroll" }, this.text.element);
    this.main.replaceChildren(h("div", { class: "workbench" }, h("section", { class: "reading", "aria-label": "Text" }, this.scroll), this.side));
    await this.read();
  }

  async read() {
    const found = await get(`article/${this.id}/against`);
    this.version = found.version;
    this.differences = found.differences;
    this.at = Math.min(this.at, Math.max(this.open_().length - 1, 0));
    this.render();
  }

  open_() { return this.differences.filter((each) => !each.kept); }

  wanted(each) {
    const { mine, other } = each;
    if (each.kind === "only-mine") return { do: "remove-statement", name: mine.name };
    if (each.kind === "only-other") {
      const { event, form, medium, act: acted, topic, polarity, certainty, modality, summary, addressee } = other.labels;
      return { do: "add-statement", statement: { content: other.content, quoted: other.quoted, addressee_at: other.addressee_at, chain: other.chain, labels: { event, addressee, form, medium, act: acted, topic, polarity, certainty, modality, summary } } };
    }
    if (each.kind === "labels") return { do: "set", name: mine.name, values: { [each.key]: other.labels[each.key] } };
    if (each.kind === "content") return { do: "spans", name: mine.name, role: "content", places: other.content };
    if (each.kind === "chain") return { do: "chain", name: mine.name, chain: other.chain };
    return mine ? { do: "remove-mention", ...mine } : { do: "add-mention", ...other };
  }

  async decide(who) {
    const each = this.open_()[this.at];
    if (!each || this.busy) return;
    this.busy = true;
    try {
      if (who === "mine") await post(`article/${this.id}/reject`, { proposal: each.id });
      else this.article = await act(`article/${this.id}`, this.version, this.wanted(each));
      await this.read();
      say(`${who === "mine" ? "Kept mine" : "Took the other"}; ${counted(this.open_().length, "difference")} left.`);
    } catch (error) { await ask("Not done", h("p", {}, error.message), [["Close", null, "first"]]); }
    finally { this.busy = false; }
  }

  key(event) {
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const acts = { 1: () => this.decide("mine"), 2: () => this.decide("other"), j: () => this.move(1), k: () => this.move(-1), z: async () => { try { this.article = await post(`article/${this.id}/undo`); await this.read(); } catch (error) { say(error.message); } } };
    if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
  }

  move(by) { this.at = Math.min(Math.max(this.at + by, 0), this.open_().length - 1); this.render(); }

  shown(each, who) {
    const there = each[who];
    if (!there) return h("p", { class: "quiet" }, "Nothing here.");
    const name = (id) => this.corpus.entities[id]?.name ?? id;
    if (each.kind === "mention") return h("p", {}, name(there.entity));
    const chain = there.chain.map((step) => step.sources.map((source) => source.label ?? name(source.entity)).join(" + ")).join(" › ");
    if (each.kind === "labels") return [h("p", { class: "big" }, words(this.corpus.entities[there.labels[each.key]]?.name ?? there.labels[each.key] ?? "none")), h("p", { class: "meaning" }, this.corpus.labels[`statements.${each.key}`]?.find((label) => label.value === there.labels[each.key])?.meaning ?? "")];
    if (each.kind === "content") return h("q", {}, this.text.quote(there.content));
    if (each.kind === "chain") return h("p", {}, chain || "nobody");
    return [h("p", { class: "big" }, there.labels.summary ?? ""), h("p", {}, chain), h("p", { class: "quiet" }, ["act", "modality", "topic"].map((key) => words(there.labels[key])).join(" · "))];
  }

  render() {
    const left = this.open_();
    const each = left[this.at];
    this.text.draw(this.article, each?.mine?.name ?? null);
    this.text.paint("proposed", each ? (each.mine ?? each.other).content ?? [each.place] : []);
    if (each) this.text.show(each.place);
    this.tools.replaceChildren(h("span", { class: "quiet state" }, `${counted(left.length, "difference")} left of ${this.differences.length}`), h("a", { href: `#article/${this.id}` }, "Annotate"));
    const statement = each?.mine?.name ?? each?.other?.name;
    this.side.replaceChildren(h("div", { class: "body", tabindex: "-1" }, each ? h("section", { class: "form" },
      h("header", { class: "row" }, h("h2", {}, `${this.at + 1} of ${left.length}: ${KINDS[each.kind]}${each.key ? ` (${words(each.key)})` : ""}`)),
      h("blockquote", {}, this.text.quote((each.mine ?? each.other).content ?? [each.place])),
      each.kind !== "mention" && statement ? h("p", {}, (each.mine ?? each.other).labels.summary) : null,
      h("div", { class: "halves" },
        h("section", { class: "half" }, h("h3", {}, "Mine"), this.shown(each, "mine"), button(["Keep mine ", h("kbd", {}, "1")], () => this.decide("mine"))),
        h("section", { class: "half" }, h("h3", {}, this.corpus.against), this.shown(each, "other"), button([each.kind === "only-mine" ? "Delete mine too " : "Take the other’s ", h("kbd", {}, "2")], () => this.decide("other"), { class: "first" }))),
      h("div", { class: "row" }, button("Earlier", () => this.move(-1), { class: "bare", disabled: !this.at }), button("Later", () => this.move(1), { class: "bare", disabled: this.at + 1 >= left.length })))
      : h("section", {}, h("h2", {}, "No difference is left"), h("p", {}, "Every difference was decided. Anchor the article when you are done."), h("a", { href: `#article/${this.id}` }, "To the article"))));
  }
}
