'use strict';
// The search page: asks the index, shows what is found, by kind, and offers a way on when nothing is.
(() => {
  const form = document.querySelector('[data-search]');
  if (!form) { return; }
  const search = window.readoutsIndex;
  const box = form.querySelector('input[type="search"]');
  const kinds = form.querySelector('[data-search-kinds]');
  const status = document.querySelector('[data-search-status]');
  const list = document.querySelector('[data-search-results]');
  const more = document.querySelector('[data-search-more]');
  const nothing = document.querySelector('[data-search-nothing]');
  const root = form.dataset.root || '';
  const STEP = 20;

  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) { made.className = className; }
    if (text !== undefined) { made.textContent = text; }
    return made;
  };

  const linkTo = (address, text, className = '') => {
    const link = element('a', className);
    link.href = address;
    link.append(element('bdi', '', text));
    return link;
  };
  const questionAddress = (text) => `#q=${encodeURIComponent(text)}`;

  const shown = ({ kind, title, detail, address, lists }) => {
    const item = element('li', 'result');
    item.append(element('span', 'result-kind', kind), linkTo(root + address, title, 'result-title'));
    if (detail) {
      const note = element('p', 'result-detail');
      note.append(element('bdi', '', detail));
      item.append(note);
    }
    if (lists) {
      const all = element('p', 'result-detail');
      const link = linkTo(questionAddress(lists), 'All that have it');
      link.setAttribute('aria-label', `All that have the label ${title}`);
      all.append(link);
      item.append(all);
    }
    return item;
  };

  let all = [];
  let found = [];
  let turn = 0;

  const showMore = async (number = STEP) => {
    const now = turn;
    const start = list.children.length;
    const next = await search.shown(found.slice(start, start + number));
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
    await ask(left?.shown);
    if (!left) { return; }
    links()[left.opened]?.focus({ preventScroll: true });
    window.scrollTo({ top: left.top, behavior: 'instant' });
  };

  const say = (text) => { status.textContent = text; };

  const number = (count) => count.toLocaleString('en');
  const boxes = () => [...kinds.querySelectorAll('input')];
  const chosen = () => boxes().filter((each) => each.checked).map((each) => each.value);

  // Every kind is there from the beginning, so that none loses the focus when others come and go.
  const makeKinds = () => {
    for (const group of search.groups()) {
      const choice = element('input');
      Object.assign(choice, { type: 'checkbox', name: 'kind', value: group });
      const label = element('label');
      label.append(choice, element('span', '', `${group[0].toUpperCase()}${group.slice(1)}`), element('span', 'count'));
      kinds.append(label);
    }
  };
  const countKinds = () => {
    const counts = new Map();
    for (const each of all) { counts.set(search.groupOf(each), (counts.get(search.groupOf(each)) ?? 0) + 1); }
    for (const each of boxes()) {
      const count = counts.get(each.value) ?? 0;
      each.parentElement.hidden = count === 0 && !each.checked;
      each.parentElement.querySelector('.count').textContent = number(count);
    }
    kinds.hidden = boxes().every((each) => each.parentElement.hidden);
  };

  // Shows what was found, as far as it is of the kinds that were chosen.
  const show = async (count) => {
    const wanted = new Set(chosen());
    found = wanted.size === 0 ? all : all.filter((each) => wanted.has(search.groupOf(each)));
    list.replaceChildren();
    more.hidden = true;
    const now = turn;
    await showMore(count);
    if (now !== turn) { return; }
    const results = all.length === 1 ? '1 result' : `${number(all.length)} results`;
    say(wanted.size === 0 ? results : `${number(found.length)} of ${results}: ${[...wanted].join(', ')}`);
  };

  const offer = async (text) => {
    const now = turn;
    const offers = await search.others(text);
    if (now !== turn) { return; }
    const lines = [['Did you mean', false], ['With fewer words', true]].flatMap(([heading, less]) => {
      const these = offers.filter(([, , each]) => each === less);
      if (these.length === 0) { return []; }
      const line = element('p', '', `${heading}: `);
      these.forEach(([asked, count], place) => {
        line.append(place > 0 ? ', ' : '', linkTo(questionAddress(asked), asked), ` (${number(count)})`);
      });
      return [line];
    });
    nothing.querySelector('[data-search-others]').replaceChildren(...lines);
    nothing.hidden = false;
    say(`Nothing is found for “${text}”.${lines.length > 0 ? ' There are suggestions.' : ''}`);
  };

  const ask = async (count = STEP) => {
    const now = ++turn;
    const text = box.value.trim();
    remember();
    try {
      const answer = await search.ask(text);
      if (now !== turn) { return; }
      all = answer;
      nothing.hidden = true;
      countKinds();
      if (all.length > 0) { await show(count); return; }
      found = [];
      list.replaceChildren();
      more.hidden = true;
      if (search.words(text).length === 0) { say(''); } else { await offer(text); }
    } catch {
      if (now === turn) { say('The index of the search could not be loaded. Reload the page to try again.'); }
    }
  };

  // The question and the kinds stand in the address, so that a search can be linked. They are read from either part of it
  // and kept in the fragment, which works on the local disk too, and which a browser sends to nobody.
  const asked = () => {
    const fragment = window.location.hash.slice(1);
    return new URLSearchParams(fragment.includes('=') ? fragment : window.location.search);
  };
  const remember = () => {
    const kept = new URLSearchParams(box.value.trim() ? { q: box.value.trim() } : {});
    for (const kind of chosen()) { kept.append('kind', kind); }
    const fragment = `#${String(kept).replaceAll('+', '%20')}`;
    if (window.location.hash !== fragment) { window.history.replaceState(null, '', fragment); }
  };
  const recall = () => {
    box.value = asked().get('q') ?? '';
    const wanted = asked().getAll('kind');
    for (const each of boxes()) { each.checked = wanted.includes(each.value); }
  };

  let waiting = 0;
  box.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => ask(), 120);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    ask();
  });
  kinds.addEventListener('change', () => {
    turn += 1;
    remember();
    countKinds();
    show();
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
    const before = [box.value.trim(), ...chosen()].join('\n');
    recall();
    if ([box.value.trim(), ...chosen()].join('\n') !== before) {
      ask();
      box.focus({ preventScroll: true });
      window.scrollTo({ top: 0, behavior: 'instant' });
    }
  });

  search.open(root).then(() => {
    form.hidden = false;
    document.querySelector('[data-search-wait]')?.remove();
    makeKinds();
    recall();
    box.focus();
    if (box.value) { comeBack(); }
  }, () => say('The index of the search could not be loaded. Reload the page to try again.'));
})();
