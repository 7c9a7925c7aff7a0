'use strict';
// The index of the search, as pages ask it. It is scripts, so that it also works from the local disk.
(() => {
  // What a match of a question's word counts: a name or a text has it whole, or as a beginning.
  const NAME_WHOLE = 8, NAME_BEGINNING = 4, LABELLED = 3, TEXT_WHOLE = 2, TEXT_BEGINNING = 1;
  // A question that is a phrase for an entry means that one first of all.
  const MEANT = 1000;
  const LONGEST_PHRASE = 12;
  const MOST_OFFERS = 8;
  const STROKES = { 'ø': 'o', 'ł': 'l', 'đ': 'd', 'ħ': 'h', 'ŧ': 't', 'ı': 'i', 'ð': 'd', 'þ': 'th', 'æ': 'ae', 'œ': 'oe' };

  // A run of a script without spaces between words, or of others: the same as in Python.
  const UNSPACED = '\u0e00-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u1b00-\u1b7f\u3005-\u3007\u3031-\u312f\u31a0-\u31bf'
    + '\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua980-\ua9ff\uaa60-\uaadf\uf900-\ufaff\uff66-\uff9f'
    + '\u{1b000}-\u{1b16f}\u{20000}-\u{3ffff}';
  const RUN = new RegExp(`([${UNSPACED}]+)|[^${UNSPACED}]+`, 'gu');

  const IDLE = new Set(['a', 'an', 'the', 'of', 'by', 'is', 'are', 'was', 'were']);
  const CYRILLIC_ENDINGS = new RegExp('(?<=[\\u0400-\\u04ff]{3})(?:иями|ями|ами|иеи|иям|ием|иях|ого|его|ому|ему|ыми|ими|ови|еві|ові|'
    + 'ях|ах|ов|ев|еи|ои|ыи|ии|ая|яя|ое|ее|ые|ие|ую|юю|ом|ем|ам|ям|ым|им|ых|их|ою|ею|ию|ью|ия|ья|ів|а|я|о|е|ы|и|у|ю|ь|і)$', 'u');
  const ENDINGS = [/(?<=[a-z]{4})(?:ions?|ings?|ed|es|e|s)$/u, CYRILLIC_ENDINGS, CYRILLIC_ENDINGS];
  const CYRILLIC = /[\u0400-\u04ff]/u;
  // Cyrillic letters as names are usually written in Latin ones.
  const LATIN = new Map('a b v g d e zh z i i k l m n o p r s t u f kh ts ch sh shch  y  e iu ia i i ie g'.split(' ')
    .map((latin, place) => ['абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ'[place], latin]));
  const LABEL = /^[a-z_]+:\S+$/;

  const files = { index: new Map(), words: new Map(), phrases: new Map(), spelling: new Map(), entries: new Map() };
  let index = null;
  let root = '';

  // The scripts of the index call this.
  window.readoutsSearch = (part, number, content) => {
    files[part].set(number, content);
    if (part === 'index') { index = content; }
  };

  const loading = new Map();
  const load = (name) => {
    if (!loading.has(name)) {
      loading.set(name, new Promise((resolve, reject) => {
        const script = document.createElement('script');
        script.src = `${root}search/${name}.js`;
        script.addEventListener('load', () => resolve());
        script.addEventListener('error', () => { loading.delete(name); reject(new Error(name)); });
        document.head.append(script);
      }));
    }
    return loading.get(name);
  };

  const words = (text) => text
    .replace(/\p{M}/gu, '')
    .split(/[^\p{L}\p{N}]+/u)
    .map((part) => [...part.normalize('NFKD')]
      .map((letter) => letter.toLowerCase().toUpperCase().toLowerCase().normalize('NFKD'))
      .map((letter) => [...letter].map((each) => STROKES[each] || each).join(''))
      .join('').replace(/[^\p{L}\p{N}]/gu, ''))
    .flatMap((part) => [...part.matchAll(RUN)])
    .flatMap(([run, unspaced]) => {
      const letters = [...run];
      return unspaced ? letters.map((letter, place) => letter + (letters[place + 1] ?? '')) : [run];
    });

  const stem = (word) => ENDINGS.reduce((left, ending) => left.replace(ending, ''), word);
  const phrase = (found) => found.filter((word) => !IDLE.has(word)).map(stem).join(' ');

  const decoded = (text) => {
    let last = 0;
    return text === '' ? [] : text.split(' ').flatMap((part) => {
      const [gap, count] = part.split('*').map((each) => parseInt(each, 36));
      return Array.from({ length: count ?? 1 }, () => (last += gap));
    });
  };

  // Numbers of the files that have what begins so, or is so: each has the first of what is in it.
  const filesOf = (part, word, exact = false) => {
    const firsts = index[part];
    let low = 0, high = firsts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (firsts[middle] < word) { low = middle + 1; } else { high = middle; }
    }
    let end = low;
    while (end < firsts.length && (exact ? firsts[end] === word : firsts[end].startsWith(word))) { end += 1; }
    return Array.from({ length: end - Math.max(low - 1, 0) }, (_, place) => Math.max(low - 1, 0) + place + 1);
  };
  const rowsOf = async (part, word, exact = false) => {
    const numbers = filesOf(part, word, exact);
    await Promise.all(numbers.map((number) => load(`${part}-${number}`)));
    const fits = exact ? (each) => each === word : (each) => each.startsWith(word);
    return numbers.flatMap((number) => files[part].get(number).filter(([each]) => fits(each)));
  };

  const raise = (points, numbers, count) => {
    for (const number of numbers) { if ((points.get(number) ?? 0) < count) { points.set(number, count); } }
  };

  // What has a word, or a label.
  const pointsOf = async (word) => {
    const points = new Map();
    const label = word.startsWith('=');
    for (const [each, named, told] of await rowsOf('words', word, label)) {
      raise(points, decoded(named), each === word ? NAME_WHOLE : NAME_BEGINNING);
      raise(points, decoded(told), label ? LABELLED : each === word ? TEXT_WHOLE : TEXT_BEGINNING);
    }
    const stemmed = label ? word : stem(word);
    if (stemmed !== word && (points.size === 0 || CYRILLIC.test(word))) {
      for (const [, named, told] of await rowsOf('words', stemmed)) {
        for (const numbers of [named, told]) { raise(points, decoded(numbers), TEXT_BEGINNING); }
      }
    }
    return points;
  };

  // What a phrase stands for: all that has a label, or one of some names.
  const pointsOfPhrase = async (meanings) => {
    const points = new Map();
    for (const meaning of meanings) {
      if (meaning.startsWith('=')) {
        raise(points, (await pointsOf(meaning)).keys(), LABELLED);
      } else {
        const rows = await Promise.all(meaning.split(' ').map((word) => rowsOf('words', word, true)));
        const each = rows.map((found) => new Set(found.flatMap(([, named, told]) => [...decoded(named), ...decoded(told)])));
        raise(points, [...each[0]].filter((number) => each.every((one) => one.has(number))), LABELLED);
      }
    }
    return points;
  };

  // The words of a question, with the part of it that each is of, and the labels in it.
  const taken = async (text) => {
    const units = [];
    for (const [part, each] of text.split(/\s+/).filter(Boolean).entries()) {
      const label = LABEL.test(each) && (await rowsOf('words', `=${each}`, true)).length > 0;
      units.push(...(label ? [`=${each}`] : words(each)).map((word) => ({ word, part })));
    }
    return units;
  };

  // The numbers of what is found, the best first.
  const ask = async (text) => {
    const units = await taken(text);
    if (units.length === 0) { return []; }
    const each = await Promise.all(units.map(({ word }) => pointsOf(word)));
    const meant = [];
    for (let start = 0; start < units.length; start += 1) {
      for (let end = start + 1; end <= Math.min(units.length, start + LONGEST_PHRASE); end += 1) {
        const asked = phrase(units.slice(start, end).map(({ word }) => word));
        for (const [, entries, meanings] of asked ? await rowsOf('phrases', asked, true) : []) {
          const points = await pointsOfPhrase(meanings);
          for (let place = start; place < end; place += 1) {
            for (const [number, count] of points) { raise(each[place], [number], count); }
          }
          if (start === 0 && end === units.length) { meant.push(...decoded(entries)); }
        }
      }
    }
    const [rarest, ...others] = each.sort((one, other) => one.size - other.size);
    const found = new Map(meant.map((number) => [number, MEANT]));
    for (const [number, points] of rarest) {
      if (others.every((one) => one.has(number))) {
        found.set(number, others.reduce((sum, one) => sum + one.get(number), points) + (found.get(number) ?? 0));
      }
    }
    return [...found].sort((one, other) => other[1] - one[1] || one[0] - other[0]).map(([number]) => number);
  };

  // How many letters are to be changed, put in, left out or exchanged with the next one; more than `most` don't matter.
  const distance = (one, other, most) => {
    if (Math.abs(one.length - other.length) > most) { return most + 1; }
    let before = [], last = Array.from({ length: other.length + 1 }, (_, place) => place);
    for (let i = 1; i <= one.length; i += 1) {
      const row = [i];
      for (let j = 1; j <= other.length; j += 1) {
        const same = one[i - 1] === other[j - 1];
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
          row[j] = Math.min(row[j], before[j - 2] + 1);
        }
      }
      if (Math.min(...row) > most) { return most + 1; }
      before = last;
      last = row;
    }
    return last[other.length];
  };

  // The nearest words of the index, the most frequent first among equally near ones.
  const nearest = async (word) => {
    await load('spelling-1');
    const latin = [...word].map((letter) => LATIN.get(letter) ?? letter).join('');
    const most = word.length < 5 ? 1 : word.length < 9 ? 2 : 3;
    return files.spelling.get(1).split(' ')
      .filter((each) => each && each !== word)
      .map((each) => [each, Math.min(distance(word, each, most), distance(latin, each, most))])
      .filter(([, far]) => far <= most)
      .sort((one, other) => one[1] - other[1])
      .slice(0, 4)
      .map(([each]) => each);
  };

  // Beginnings and ends that are found of a word that isn't: of characters without spaces between them.
  const partsOf = async (part) => {
    const letters = [...part];
    for (let length = letters.length - 1; length > 0; length -= 1) {
      const found = [];
      for (const each of new Set([letters.slice(0, length).join(''), letters.slice(-length).join('')])) {
        if ((await ask(each)).length > 0) { found.push(each); }
      }
      if (found.length > 0) { return found; }
    }
    return [];
  };

  // Other questions for one that finds nothing, each with what it finds: [question, how many, whether it asks for less].
  const others = async (text) => {
    const parts = text.split(/[\s\p{P}]+/u).filter(Boolean);
    const spelt = [];
    for (const part of parts) {
      const asked = words(part);
      if (asked.length === 0 || (await ask(part)).length > 0) { spelt.push(null); } else {
        spelt.push(asked.length === 1 ? await nearest(asked[0]) : await partsOf(part));
      }
    }
    const candidates = [];
    const add = (found, less) => { if (found.length > 0) { candidates.push([found.join(' '), less]); } };
    for (const [place, choices] of spelt.entries()) {
      for (const choice of choices ?? []) {
        const found = parts.map((part, each) => (each === place ? choice : spelt[each] === null ? part : spelt[each][0]));
        add(found.filter(Boolean), found.includes(undefined) || words(parts[place]).length > 1);
      }
    }
    add(parts.filter((_, each) => spelt[each] === null), true);
    parts.forEach((_, place) => add(parts.filter((_, each) => each !== place), true));
    parts.forEach((part) => add([part], true));
    const found = new Map();
    for (const [asked, less] of candidates) {
      if (!found.has(asked)) { found.set(asked, [asked, (await ask(asked)).length, less]); }
    }
    return [...found.values()].filter(([, count]) => count > 0).slice(0, MOST_OFFERS);
  };

  // The last place whose value isn't larger.
  const placeOf = (starts, number) => {
    let low = 0, high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= number) { low = middle; } else { high = middle - 1; }
    }
    return low;
  };

  // What results show of entries.
  const shown = async (numbers) => {
    const fileOf = (number) => placeOf(index.entries, number) + 1;
    await Promise.all([...new Set(numbers.map(fileOf))].map((file) => load(`entries-${file}`)));
    return numbers.map((number) => {
      const file = fileOf(number);
      const [kind, title, detail, address, lists] = files.entries.get(file)[number - index.entries[file - 1]];
      return { kind: index.kinds[kind], title, detail, address, lists };
    });
  };

  const groupOf = (number) => index.groups[placeOf(index.groups.map(([, start]) => start), number)][0];

  window.readoutsIndex = {
    // Load the index of the site that lies there.
    open: async (folder) => { root = folder; await load('index'); },
    groups: () => [...new Set(index.groups.map(([group]) => group))],
    ask, groupOf, others, phrase, shown, words,
  };
})();
