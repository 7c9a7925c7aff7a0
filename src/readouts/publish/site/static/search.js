'use strict';
// The search page: asks the index, which is scripts, so that it also works from the local disk.
(() => {
  const form = document.querySelector('[data-search]');
  if (!form) { return; }
  const box = form.querySelector('input[type="search"]');
  const status = document.querySelector('[data-search-status]');
  const list = document.querySelector('[data-search-results]');
  const more = document.querySelector('[data-search-more]');
  const root = form.dataset.root || '';
  const STEP = 20;
  // What a match of a question's word counts: a name or a text has it whole, or as a beginning.
  const NAME_WHOLE = 8, NAME_BEGINNING = 4, TEXT_WHOLE = 2, TEXT_BEGINNING = 1;
  const STROKES = { 'ø': 'o', 'ł': 'l', 'đ': 'd', 'ħ': 'h', 'ŧ': 't', 'ı': 'i', 'ð': 'd', 'þ': 'th', 'æ': 'ae', 'œ': 'oe' };

  // A run of a script without spaces between words, or of others: the same as in Python.
  const UNSPACED = '\u0e00-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u1b00-\u1b7f\u3005-\u3007\u3031-\u312f\u31a0-\u31bf'
    + '\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua980-\ua9ff\uaa60-\uaadf\uf900-\ufaff\uff66-\uff9f'
    + '\u{1b000}-\u{1b16f}\u{20000}-\u{3ffff}';
  const RUN = new RegExp(`([${UNSPACED}]+)|[^${UNSPACED}]+`, 'gu');

  let index = null;
  const wordFiles = new Map();
  const entryFiles = new Map();

  // The scripts of the index call this.
  window.readoutsSearch = (part, number, content) => {
    if (part === 'index') { index = content; } else { (part === 'words' ? wordFiles : entryFiles).set(number, content); }
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
  window.readoutsWords = words;

  const decoded = (text) => {
    let last = 0;
    return text === '' ? [] : text.split(' ').map((part) => (last += parseInt(part, 36)));
  };

  // The files whose range of words has some that begin so.
  const filesOf = (word) => {
    const found = [];
    index.words.forEach((first, place) => {
      const next = index.words[place + 1];
      const beginsBefore = first <= word || first.startsWith(word);
      if (beginsBefore && (next === undefined || next >= word)) { found.push(place + 1); }
    });
    return found;
  };

  const pointsOf = (word) => {
    const points = new Map();
    const raise = (numbers, count) => {
      for (const number of numbers) { if ((points.get(number) || 0) < count) { points.set(number, count); } }
    };
    for (const file of filesOf(word)) {
      for (const [each, named, told] of wordFiles.get(file)) {
        if (each.startsWith(word)) {
          raise(decoded(named), each === word ? NAME_WHOLE : NAME_BEGINNING);
          raise(decoded(told), each === word ? TEXT_WHOLE : TEXT_BEGINNING);
        }
      }
    }
    return points;
  };

  const ask = async (asked) => {
    await Promise.all([...new Set(asked.flatMap(filesOf))].map((file) => load(`words-${file}`)));
    const each = asked.map(pointsOf).sort((one, other) => one.size - other.size);
    const found = [];
    for (const [number, points] of each[0]) {
      const others = each.slice(1).map((one) => one.get(number));
      if (others.every((one) => one !== undefined)) {
        found.push([number, others.reduce((sum, one) => sum + one, points)]);
      }
    }
    return found.sort((one, other) => other[1] - one[1] || one[0] - other[0]).map(([number]) => number);
  };

  const fileOf = (number) => {
    let low = 0, high = index.entries.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (index.entries[middle] <= number) { low = middle; } else { high = middle - 1; }
    }
    return low + 1;
  };

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) { made.className = className; }
    if (text !== undefined) { made.textContent = text; }
    return made;
  };

  const shown = (number) => {
    const file = fileOf(number);
    const [kind, title, detail, address] = entryFiles.get(file)[number - index.entries[file - 1]];
    const item = element('li', 'result');
    const link = element('a', 'result-title');
    link.href = root + address;
    const name = element('bdi', '', title);
    link.append(name);
    item.append(element('span', 'result-kind', index.kinds[kind]), link);
    if (detail) {
      const note = element('p', 'result-detail');
      note.append(element('bdi', '', detail));
      item.append(note);
    }
    return item;
  };

  let found = [];
  let turn = 0;

  const showMore = async (number = STEP) => {
    const now = turn;
    const start = list.children.length;
    const next = found.slice(start, start + number);
    await Promise.all([...new Set(next.map(fileOf))].map((file) => load(`entries-${file}`)));
    if (now !== turn) { return; }
    list.append(...next.map(shown));
    more.hidden = list.children.length >= found.length;
    if (start > 0) {
      list.children[start].querySelector('a').focus();
      keep();
    }
  };

  // How far a reader has come stands beside the address, for who opens a result and comes back.
  const keep = () => {
    const opened = links().indexOf(document.activeElement);
    window.history.replaceState({ shown: list.children.length, opened, top: window.scrollY }, '');
  };
  const comeBack = async () => {
    const left = window.history.state;
    await search(left?.shown);
    if (!left) { return; }
    links()[left.opened]?.focus({ preventScroll: true });
    window.scrollTo({ top: left.top, behavior: 'instant' });
  };

  const say = (text) => { status.textContent = text; };

  const search = async (number = STEP) => {
    const now = ++turn;
    const text = box.value.trim();
    const asked = words(text);
    remember(text);
    if (asked.length === 0) {
      found = [];
      list.replaceChildren();
      more.hidden = true;
      say('');
      return;
    }
    try {
      const answer = await ask(asked);
      if (now !== turn) { return; }
      found = answer;
      list.replaceChildren();
      await showMore(number);
      if (now !== turn) { return; }
      const count = found.length.toLocaleString('en');
      say(found.length === 0 ? `Nothing is found for “${text}”.` : found.length === 1 ? '1 result' : `${count} results`);
    } catch {
      if (now === turn) { say('The index of the search could not be loaded. Reload the page to try again.'); }
    }
  };

  // The question stands in the address, so that a search can be linked; a fragment works on the local disk too.
  const remember = (text) => {
    const fragment = text ? `#q=${encodeURIComponent(text)}` : '#';
    if (window.location.hash !== fragment) { window.history.replaceState(null, '', fragment); }
  };
  const remembered = () => {
    const given = new URLSearchParams(window.location.hash.slice(1)).get('q');
    return given ?? new URLSearchParams(window.location.search).get('q') ?? '';
  };

  let waiting = 0;
  box.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => search(), 120);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    search();
  });
  more.addEventListener('click', () => showMore());
  document.addEventListener('click', (event) => {
    if (event.target.closest('a') && list.children.length > 0) { keep(); }
  });

  // Arrow keys go from the box to the results and back; Tab does as well.
  const links = () => [...list.querySelectorAll('a')];
  form.parentElement.addEventListener('keydown', (event) => {
    if (!['ArrowDown', 'ArrowUp'].includes(event.key)) { return; }
    const all = [box, ...links()];
    const place = all.indexOf(document.activeElement);
    const next = all[place + (event.key === 'ArrowDown' ? 1 : -1)];
    if (place >= 0 && next) {
      event.preventDefault();
      next.focus();
    }
  });

  window.addEventListener('hashchange', () => {
    // The name of a place on the page has no equals sign, and asks nothing.
    const fragment = window.location.hash.slice(1);
    if (fragment && !fragment.includes('=')) { return; }
    if (remembered() !== box.value.trim()) {
      box.value = remembered();
      search();
    }
  });

  load('index').then(() => {
    form.hidden = false;
    document.querySelector('[data-search-wait]')?.remove();
    box.value = remembered();
    box.focus();
    if (box.value) { comeBack(); }
  }, () => say('The index of the search could not be loaded. Reload the page to try again.'));
})();
