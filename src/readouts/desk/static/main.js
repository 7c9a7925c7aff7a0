// The desk's page: which view is shown follows from the address behind #.
import { get, takeToken } from "./api.js";
import { ArticleDesk } from "./article.js";
import { CurationDesk } from "./curate.js";
import { h } from "./dom.js";
import { EventDesk } from "./event.js";
import { home } from "./home.js";

const main = document.getElementById("main");
const masthead = document.getElementById("masthead");
const VIEWS = { article: ArticleDesk, event: EventDesk, curate: CurationDesk, kept: CurationDesk };
let view = null;

async function show() {
  takeToken();
  view?.leave();
  view = null;
  const [kind, id] = location.hash.slice(1).split("/");
  const tools = h("div", { class: "tools" });
  try {
    const corpus = await get("corpus");
    const article = corpus.articles.find((each) => each.id === id), event = corpus.events.find((each) => each.id === id);
    const near = article ? corpus.events.filter((each) => article.events.includes(each.id)) : event ? corpus.articles.filter((each) => each.events.includes(id)) : [];
    masthead.replaceChildren(h("a", { href: "#", class: "brand" }, "Desk"), h("span", { class: "where" }, article?.title ?? event?.title ?? id ?? ""),
      h("nav", { "aria-label": "Near this" }, near.slice(0, 3).map((each) => h("a", { href: `#${article ? "event" : "article"}/${each.id}` }, article ? (near.length > 1 ? `Align ${each.date ?? each.id}` : "Align") : each.id)),
        article && corpus.against && kind !== "curate" ? h("a", { href: `#curate/${id}` }, "Compare") : null,
        article?.kept && kind !== "kept" ? h("a", { href: `#kept/${id}` }, "Earlier draft") : null), tools);
    document.title = id ? `${id} – the desk` : "The desk";
    if (VIEWS[kind] && id) { view = new VIEWS[kind](corpus, id, main, tools, kind); await view.open(); }
    else home(corpus, main);
  } catch (error) {
    main.replaceChildren(h("div", { class: "page" }, h("h1", {}, "This can’t be shown"), h("p", { role: "alert" }, error.message)));
  }
  // Somebody may be at work already while the rest is loaded.
  if (!main.contains(document.activeElement)) main.focus({ preventScroll: true });
}

addEventListener("hashchange", show);
show();
