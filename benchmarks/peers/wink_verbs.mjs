// wink-nlp with its model for English: what follows a verb of speech is said by the noun phrase before it.
//
// Reads texts, each with its language, from the JSON file of the first argument, and the packages from the folder of the
// second; prints what was found of each English text.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const [input, folder] = process.argv.slice(2);
const require = createRequire(join(folder, "package.json"));
const nlp = require("wink-nlp")(require("wink-eng-lite-web-model"));
const { its, as } = nlp;
const here = dirname(fileURLToPath(import.meta.url));
const verbs = new Set(JSON.parse(readFileSync(join(here, "verbs_of_speech.json"), "utf8")).en);
const NOMINAL = new Set(["NOUN", "PROPN", "PRON", "DET", "ADJ", "ADP"]);
const INTRODUCES = new Set(["that", ",", ":", "to"]);

// The place of each token, found in the text in order; JavaScript counts UTF-16 units, and Python code points.
function places(text, tokens) {
  const found = [];
  let at = 0;
  let points = 0;
  for (const token of tokens) {
    const start = text.indexOf(token.value, at);
    points += [...text.slice(at, start)].length;
    const length = [...token.value].length;
    found.push([points, points + length]);
    points += length;
    at = start + token.value.length;
  }
  return found;
}

function statements(text) {
  const doc = nlp.readDoc(text);
  const tokens = [];
  doc.tokens().each((token) => {
    tokens.push({ value: token.out(), pos: token.out(its.pos), lemma: token.out(its.lemma), type: token.out(its.type) });
  });
  const at = places(text, tokens);
  const found = [];
  for (const [first, last] of doc.sentences().out(its.span, as.array)) {
    for (let verb = first; verb <= last; verb++) {
      if (tokens[verb].pos !== "VERB" || !verbs.has(tokens[verb].lemma)) continue;
      let start = verb + 1;
      while (start <= last && INTRODUCES.has(tokens[start].value.toLowerCase())) start++;
      let end = last;
      while (end >= start && tokens[end].type === "punctuation") end--;
      let source = verb;
      while (source > first && NOMINAL.has(tokens[source - 1].pos)) source--;
      if (end > start) {
        const one = { content: [[at[start][0], at[end][1]]], cue: [at[verb]] };
        if (source < verb) one.source = [[at[source][0], at[verb - 1][1]]];
        found.push(one);
      }
      break;
    }
  }
  return found;
}

const texts = JSON.parse(readFileSync(input, "utf8"));
const found = {};
for (const [name, text] of Object.entries(texts)) if (text.language === "en") found[name] = statements(text.text);
process.stdout.write(JSON.stringify(found));
