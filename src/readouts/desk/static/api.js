// What the page asks of the desk. The token comes with the address and goes into a header of every request.
import { ask, h } from "./dom.js";

const KEPT = "readouts-token";

export function takeToken() {
  const found = /^#token=([\w-]+)&?(.*)$/.exec(location.hash);
  if (!found) return;
  localStorage.setItem(KEPT, found[1]);
  history.replaceState(null, "", found[2] ? `#${found[2]}` : "#");
}

export class Refused extends Error {
  constructor(status, answer) {
    super(answer.error ?? `The desk answered with ${status}.`);
    this.status = status;
    this.conflicts = answer.conflicts ?? [];
  }
}

async function asked(path, options = {}) {
  let response;
  try {
    response = await fetch(`/api/${path}`, {
      ...options,
      headers: { "X-Readouts-Token": localStorage.getItem(KEPT) ?? "", ...options.headers },
    });
  } catch {
    throw new Refused(0, { error: "The desk doesn't answer. Start it again and open the address that it prints: everything up to your last act is in the draft." });
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(response.status, answer);
  return answer;
}

export const get = (path) => asked(path);
export const post = (path, body = {}) =>
  asked(path, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" } });

// An act on a version of a file. Where somebody else changed the same, both versions are shown.
export async function act(path, version, wanted) {
  try {
    return await post(path, { version, act: wanted });
  } catch (error) {
    if (error.status !== 409) throw error;
    const mine = await ask("Changed by somebody else meanwhile", conflictTable(error), [
      ["Keep theirs", false], ["Take mine", true, "first"]]);
    return mine ? post(path, { version, act: wanted, mine: true }) : get(path);
  }
}

export function conflictTable(error) {
  const shown = (text) => h("td", {}, text ?? h("i", {}, "nothing"));
  return [h("p", {}, error.message), error.conflicts.length ? h("table", {},
    h("thead", {}, h("tr", {}, ["What", "Before", "Theirs", "Mine"].map((name) => h("th", { scope: "col" }, name)))),
    h("tbody", {}, error.conflicts.map((each) => h("tr", {},
      h("th", { scope: "row" }, each.message), shown(each.before), shown(each.theirs), shown(each.yours))))) : null];
}
