// What there is to work on, and new articles and events.
import { post } from "./api.js";
import { ask, button, choice, counted, field, h } from "./dom.js";

export function home(corpus, main) {
  const row = (each) => h("tr", {},
    h("th", { scope: "row" }, h("a", { href: `#article/${each.id}` }, each.title ?? each.id), h("div", { class: "quiet" }, `${each.id}${each.text ? "" : " · its text is not in the folder under this name"}`)),
    h("td", {}, each.kind ?? ""), h("td", {}, each.language ?? ""), h("td", { class: "number" }, String(each.statements)), h("td", { class: "number" }, String(each.confirmed)),
    h("td", {}, each.draft ? h("span", { class: "chip" }, "draft") : "", corpus.against ? h("a", { href: `#curate/${each.id}` }, "Compare") : ""));
  const input = (name, type = "text") => h("input", { type, "data-name": name });
  const values = (form) => Object.fromEntries([...form.querySelectorAll("[data-name]")].map((each) => [each.dataset.name, each.value.trim()]));
  const select = (name, labels, value, none) => { const made = choice(labels, value, () => {}, { none }); made.dataset.name = name; return made; };
  const make = async (title, path, form, go) => {
    const answer = await ask(title, form, [["Cancel", null], ["Make it", () => values(form), "first"]]);
    if (!answer) return;
    try { const { id } = await post(path, answer); location.hash = `#${go}/${id}`; }
    catch (error) { await ask("Not made", h("p", {}, error.message), [["Close", null, "first"]]); }
  };
  const newArticle = () => make("New article", "new/article", h("div", { class: "form" },
    field("id, such as gazette-2032-03-05; the text is this id with .txt", input("id")), field("title as published", input("title")),
    field("kind", select("kind", corpus.labels["articles.kind"], "press", null)), field("language", input("language")),
    field("event", select("event", corpus.events.map((each) => ({ value: each.id, name: each.title ?? each.id })), null, "none"))), "article");
  const newEvent = () => make("New event", "new/event", h("div", { class: "form" },
    field("id, such as call-2032-03-04", input("id")), field("title", input("title")), field("kind", select("kind", corpus.labels["events.kind"], "call", null)), field("date", input("date"))), "event");
  main.replaceChildren(h("div", { class: "page" },
    h("header", { class: "row" }, h("h1", {}, "The desk"), h("span", { class: "grow" }), button("New event", newEvent), button("New article", newArticle, { class: "first" })),
    h("p", { class: "quiet" }, `You work as ${corpus.person}${corpus.contributor ? "" : ", who is not a contributor in corpus.yaml and can’t confirm"}. Texts and drafts stay on this computer.`),
    h("h2", {}, counted(corpus.articles.length, "article")),
    h("table", { class: "wide" }, h("thead", {}, h("tr", {}, ["Article", "Kind", "Language", "Statements", "Confirmed", ""].map((name) => h(name ? "th" : "td", name ? { scope: "col" } : {}, name)))), h("tbody", {}, corpus.articles.map(row))),
    h("h2", {}, counted(corpus.events.length, "event")),
    h("ul", { class: "plain" }, corpus.events.map((each) => h("li", {}, h("a", { href: `#event/${each.id}` }, each.title ?? each.id), h("span", { class: "quiet" }, ` ${each.date ?? ""} · ${counted(each.accounts.length, "account")}`))))));
}
