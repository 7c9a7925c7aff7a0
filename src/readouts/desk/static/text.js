// The text, with everything annotated drawn over it by the CSS Custom Highlight API: one text node, no markup inside.
import { h, say } from "./dom.js";

const LAYERS = ["uncovered", "third", "both", "a", "b", "over", "quoted", "source", "addressee", "cue", "mention", "region", "proposed", "current", "current-cue", "current-source", "chosen"];

export class TextView {
  // `pick(start, end)` is told what is chosen, in characters; `open(name)` which statement is clicked.
  constructor(text, { label, chosen, open }) {
    this.text = text;
    this.node = document.createTextNode(text);
    this.chosenCallback = chosen;
    this.open = open;
    this.units = Array.from(text).length === text.length ? null : unitTable(text);
    this.words = [...new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)]
      .filter((each) => each.isWordLike).flatMap((each) => edges(each.index, each.segment));
    this.anchor = this.focus = -1;
    this.chosen = null;
    this.body = h("div", { class: "text", tabindex: "0", role: "textbox", "aria-readonly": "true", "aria-multiline": "true", "aria-label": label }, this.node);
    this.left = h("div", { class: "gutter left" });
    this.right = h("div", { class: "gutter right" });
    this.element = h("div", { class: "sheet" }, this.left, this.body, this.right);
    this.body.addEventListener("mouseup", () => setTimeout(() => this.fromMouse()));
    this.body.addEventListener("keydown", (event) => this.key(event));
    this.observer = new ResizeObserver(() => this.layTags());
    this.observer.observe(this.body);
  }

  // Characters as the files count them, to and from the units of JavaScript's strings.
  unit(point) { return this.units ? this.units[point] ?? this.text.length : point; }
  point(unit) { return this.units ? lower(this.units, unit) : unit; }

  range([start, end]) {
    const range = new StaticRange({ startContainer: this.node, startOffset: this.unit(start), endContainer: this.node, endOffset: Math.min(this.unit(end), this.text.length) });
    return range;
  }

  quote(places) { return places.map(([start, end]) => this.text.slice(this.unit(start), this.unit(end))).join(" … "); }

  paint(name, places) {
    if (!globalThis.CSS?.highlights) return;
    const key = `desk-${name}`;
    if (!places.length) { CSS.highlights.delete(key); return; }
    const highlight = new Highlight(...places.map((place) => this.range(place)));
    highlight.priority = LAYERS.indexOf(name);
    CSS.highlights.set(key, highlight);
  }

  clear() { LAYERS.forEach((name) => globalThis.CSS?.highlights?.delete(`desk-${name}`)); this.observer.disconnect(); }

  // What is annotated is drawn when it changes; which statement is worked on, whenever that does.
  draw(article, current) {
    const wrong = article.statements.filter((each) => each.wrong).map((each) => each.name).join();
    if (this.drawn !== article || this.drawnWrong !== wrong) {
      this.drawn = article;
      this.drawnWrong = wrong;
      this.current = current;
      this.drawAll(article);
    } else if (this.current !== current) {
      this.current = current;
      for (const tag of this.element.querySelectorAll(".tag")) {
        if (tag.textContent === current) tag.setAttribute("aria-current", "true");
        else tag.removeAttribute("aria-current");
      }
    }
    const now = article.statements.find((each) => each.name === current);
    this.paint("current", now ? now.content : []);
    this.paint("current-cue", now ? now.chain.flatMap((step) => step.cue) : []);
    this.paint("current-source", now ? now.chain.flatMap((step) => step.sources.flatMap((source) => source.at)) : []);
  }

  drawAll(article) {
    const by = { a: [], b: [], both: [], third: [] };
    const all = { cue: [], source: [], addressee: [], quoted: [] };
    const covered = [];
    for (const each of article.statements) {
      by[each.side]?.push(...each.content);
      covered.push(...each.content);
      all.quoted.push(...each.quoted);
      all.addressee.push(...each.addressees.flatMap((one) => one.at));
      for (const step of each.chain) {
        all.cue.push(...step.cue);
        for (const source of step.sources) all.source.push(...source.at);
      }
    }
    const contents = article.statements.flatMap((each) => each.content);
    for (const side of Object.keys(by)) this.paint(side, by[side]);
    this.paint("over", overlaps(contents));
    for (const [name, places] of Object.entries(all)) { this.paint(name, places); covered.push(...places); }
    const mentions = article.mentions.map((each) => each.place);
    const regions = article.regions.filter((each) => each.role !== "readout").map((each) => each.place);
    this.paint("mention", mentions);
    this.paint("region", regions);
    this.paint("uncovered", this.gaps([...covered, ...regions]));
    this.tags = article.statements;
    // Where there are more statements than lines, tags stand in two columns.
    const lines = [...this.text].reduce((sum, character) => sum + (character >= "\u2e80" ? 2 : 1), 0) / 72;
    for (const side of ["left", "right"]) this.element.classList.toggle(`crowded-${side}`, this.tags.filter((each) => edge(each) === side).length > lines * 1.2);
    this.layTags();
  }

  gaps(places) {
    const found = [];
    let reach = 0;
    const add = (start, end) => {
      for (const match of this.text.slice(this.unit(start), this.unit(end)).matchAll(/[\p{L}\p{N}][^\n]*/gu)) {
        // A word or two between spans, such as the "that" behind a cue, would only hide what is really left out.
        if ((match[0].match(/[\p{L}\p{N}]+/gu) ?? []).length < 3 && !/[\p{Script=Han}]{6}/u.test(match[0])) continue;
        const from = this.unit(start) + match.index;
        found.push([this.point(from), this.point(from + match[0].trimEnd().length)]);
      }
    };
    for (const [start, end] of [...places].sort((one, two) => one[0] - two[0])) {
      if (start > reach) add(reach, start);
      reach = Math.max(reach, end);
    }
    add(reach, this.point(this.text.length));
    return found;
  }

  top(point) {
    const range = document.createRange();
    const unit = this.unit(point);
    range.setStart(this.node, Math.min(unit, this.text.length));
    range.setEnd(this.node, Math.min(unit + 1, this.text.length));
    return range.getBoundingClientRect().top - this.element.getBoundingClientRect().top;
  }

  layTags() {
    if (!this.tags || !this.element.isConnected) return;
    const sides = { left: [], right: [] };
    for (const each of this.tags) {
      if (!each.content.length) continue;
      const place = Math.min(...each.content.map((span) => span[0]));
      sides[edge(each)].push([this.top(place), each]);
    }
    for (const [side, tags] of Object.entries(sides)) {
      const reach = this.element.classList.contains(`crowded-${side}`) ? [0, 0] : [0];
      this[side].replaceChildren(...tags.sort((one, two) => one[0] - two[0]).map(([top, each]) => {
        const tag = h("button", {
          type: "button", class: `tag side-${each.side}${each.wrong ? " wrong" : ""}${each.labels.review !== "machine" ? " read" : ""}`,
          "aria-current": each.name === this.current ? "true" : null,
          title: each.labels.summary ?? "", onclick: () => this.open(each.name),
        }, each.name);
        const column = reach.length > 1 && reach[0] > top && reach[1] < reach[0] ? 1 : 0;
        const there = Math.max(top, reach[column]);
        reach[column] = there + 24;
        tag.classList.toggle("second", column === 1);
        tag.style.setProperty("top", `${there}px`);
        return tag;
      }));
    }
  }

  fromMouse() {
    const selection = getSelection();
    if (!selection.rangeCount || !this.body.contains(selection.anchorNode)) return;
    const range = selection.getRangeAt(0);
    if (range.collapsed) {
      this.choose(null);
      this.atPoint(this.point(range.startOffset));
      const near = this.words.findIndex(([, end]) => end >= range.startOffset);
      this.anchor = this.focus = Math.max(near, 0);
      return;
    }
    const start = range.startContainer === this.node ? range.startOffset : 0;
    const end = range.endContainer === this.node ? range.endOffset : this.text.length;
    const first = this.words.findIndex((word) => word[1] > start);
    let last = -1;
    this.words.forEach((word, number) => { if (word[0] < end) last = number; });
    if (first < 0 || last < first) return;
    this.anchor = first;
    this.focus = last;
    this.chooseWords();
  }

  atPoint(point) {
    const here = (this.tags ?? []).filter((each) => each.content.some(([start, end]) => start <= point && point < end));
    const size = (each) => each.content.reduce((sum, [start, end]) => sum + end - start, 0);
    here.sort((one, two) => size(one) - size(two));
    const now = here.findIndex((each) => each.name === this.current);
    if (here.length) this.open(here[(now + 1) % here.length].name, true);
  }

  chooseWords() {
    const [first, last] = [Math.min(this.anchor, this.focus), Math.max(this.anchor, this.focus)];
    const [start, end] = [this.words[first][0], this.words[last][1]];
    this.choose([this.point(start), this.point(end)]);
    const selection = getSelection();
    selection.setBaseAndExtent(this.node, start, this.node, end);
    say(this.text.slice(start, end));
  }

  choose(place) {
    this.chosen = place;
    this.paint("chosen", place ? [place] : []);
    this.chosenCallback(place);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.words.length) return;
    const moves = { ArrowRight: 1, ArrowLeft: -1 };
    let to;
    if (event.key in moves) to = this.focus + moves[event.key];
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") to = this.vertical(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Home") to = 0;
    else if (event.key === "End") to = this.words.length - 1;
    else if (event.key === "Escape") { this.choose(null); getSelection().removeAllRanges(); return; }
    else return;
    event.preventDefault();
    this.focus = Math.min(Math.max(to, 0), this.words.length - 1);
    if (!event.shiftKey || this.anchor < 0) this.anchor = this.focus;
    this.chooseWords();
    this.show(this.chosen);
  }

  vertical(direction) {
    if (this.focus < 0) return 0;
    const box = (number) => {
      const range = document.createRange();
      range.setStart(this.node, this.words[number][0]);
      range.setEnd(this.node, this.words[number][1]);
      return range.getClientRects()[0];
    };
    const here = box(this.focus);
    let line = null, best = this.focus, nearest = Infinity;
    for (let number = this.focus + direction; number >= 0 && number < this.words.length; number += direction) {
      const there = box(number);
      if (Math.abs(there.top - here.top) < here.height / 2) continue;
      line ??= there.top;
      if (Math.abs(there.top - line) > here.height / 2) break;
      const far = Math.abs(there.left - here.left);
      if (far < nearest) { nearest = far; best = number; }
    }
    return best;
  }

  show(place) {
    if (!place) return;
    const pane = this.element.closest(".scroll");
    if (!pane) return;
    const top = this.top(place[0]);
    if (top < pane.scrollTop + 40 || top > pane.scrollTop + pane.clientHeight - 80) pane.scrollTop = top - pane.clientHeight / 3;
  }
}

const edge = (statement) => (statement.side === "b" || statement.side === "third" ? "right" : "left");

export function sideName(corpus, article, side) {
  const event = article?.statements.find((each) => each.labels.event)?.labels.event;
  const named = corpus.events.find((each) => each.id === event);
  const name = (key) => corpus.entities[named?.[`side_${key}`]]?.name;
  if (side === "a" || side === "b") return name(side) ?? `side ${side}`;
  return side === "both" ? "both sides" : "third";
}

// What the colours and lines of the text mean.
export const legend = (corpus, article, more = []) =>
  h("p", { class: "legend" }, [["a", sideName(corpus, article, "a")], ["b", sideName(corpus, article, "b")], ["both", "both"], ["third", "third"], ["cue", "cue"], ["source", "source"], ["mention", "mention"], ["uncovered", "covered by nothing"], ...more]
    .map(([key, name]) => h("span", { class: `key key-${key}` }, name)));

export function overlaps(places) {
  const edges = places.flatMap(([start, end]) => [[start, 1], [end, -1]]).sort((one, two) => one[0] - two[0] || one[1] - two[1]);
  const found = [];
  let depth = 0, since = 0;
  for (const [at, change] of edges) {
    if (depth < 2 && depth + change >= 2) since = at;
    else if (depth >= 2 && depth + change < 2 && at > since) found.push([since, at]);
    depth += change;
  }
  return found;
}

// Where words begin and end: in Chinese each character, since one of them may be a name of its own.
function edges(index, segment) {
  if (!/\p{Script=Han}/u.test(segment)) return [[index, index + segment.length]];
  let at = index;
  return [...segment].map((character) => [at, (at += character.length)]);
}

function unitTable(text) {
  const table = [];
  let unit = 0;
  for (const character of text) { table.push(unit); unit += character.length; }
  table.push(unit);
  return table;
}

function lower(table, unit) {
  let low = 0, high = table.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (table[middle] < unit) low = middle + 1; else high = middle;
  }
  return low;
}
