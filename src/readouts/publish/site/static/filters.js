'use strict';
// The filters of an event: of each kind, nothing chosen means everything; what is chosen stands in the address.
(() => {
  const form = document.querySelector('[data-filters]');
  if (!form) { return; }
  const statements = [...document.querySelectorAll('[data-topic]')];
  const further = new Set(statements.filter((statement) => statement.classList.contains('further')));
  // The statements of one claim stand in one element. A claim is shown with those that it stands against.
  const claims = new Map();
  for (const statement of statements) {
    const claim = statement.parentElement;
    claims.set(claim, [...(claims.get(claim) ?? []), statement]);
  }
  // What a claim stands against: in a line of pairs the claim of the other side, in another all in the line.
  const rows = new Map();
  for (const claim of claims.keys()) {
    const row = claim.closest('[data-row]');
    rows.set(row, [...(rows.get(row) ?? []), claim]);
  }
  const against = (claim) => rows.get(claim.closest('[data-row]'))
    .filter((other) => other !== claim && !(claim.closest('[data-pair]') && other.closest('[data-pair]')));
  const groups = document.querySelectorAll('[data-section], [data-row], [data-pair], .alone > *');
  const boxes = [...form.querySelectorAll('input[type="checkbox"]')];
  const names = [...new Set(boxes.map((box) => box.name))];
  const folded = form.querySelector('details');
  const status = form.querySelector('[data-filters-status]');
  const elsewhere = form.querySelector('[data-filters-pages]');
  const empty = document.querySelector('[data-filters-empty]');
  const reset = form.querySelector('[type="reset"]');
  const pagers = [...document.querySelectorAll('.pager a'), ...(elsewhere?.querySelectorAll('a') ?? [])];
  // The parts of the bar of groups: each chooses its group, or lets go of it.
  const parts = [...document.querySelectorAll('[data-choose]')]
    .map((link) => [link, boxes.find((box) => box.name === 'group' && box.value === link.dataset.choose)]);
  // What the index of the page leads to: nothing leads to a section of which nothing is shown.
  const indexed = [...document.querySelectorAll('.index a[href^="#"]')]
    .map((link) => [link.parentElement, document.getElementById(link.hash.slice(1))?.closest('[data-section]')]);
  const targets = new Map(pagers.map((link) => [link, link.getAttribute('href')]));

  const chosen = (name) => boxes.filter((box) => box.name === name && box.checked);
  const all = statements.filter((statement) => statement.id).length;
  const number = (count) => count.toLocaleString('en');

  const state = () => {
    const found = new URLSearchParams();
    for (const box of boxes) { if (box.checked) { found.append(box.name, box.value); } }
    return found.toString();
  };

  // Shows what fits of each claim, its first one in full, and tells which claims have something.
  const fitting = (wanted) => {
    const fits = (statement) => wanted.every(([name, values]) => values.includes(statement.dataset[name]));
    const found = new Set();
    for (const [claim, told] of claims) {
      const kept = told.filter(fits);
      if (kept.length > 0) { found.add(claim); }
      for (const statement of told) {
        statement.hidden = !kept.includes(statement);
        statement.classList.toggle('further', statement === kept[0] ? further.has(told[0]) : further.has(statement));
      }
    }
    return found;
  };

  // What stands against a claim that fits is shown as well, in pale: a verdict needs both.
  const beside = (found) => {
    for (const [claim, told] of claims) {
      const aside = !found.has(claim) && against(claim).some((other) => found.has(other));
      claim.toggleAttribute('data-aside', aside);
      if (aside) { told[0].hidden = false; }
      claim.hidden = !aside && !found.has(claim);
    }
  };

  // The pages of an event that have what is chosen of each kind; whether one statement has it all shows there.
  const pages = () => names.map(chosen).filter((found) => found.length > 0)
    .map((found) => new Set(found.flatMap((box) => box.dataset.pages.split(' '))));

  const show = () => {
    const wanted = names.map((name) => [name, chosen(name).map((box) => box.value)]).filter(([, values]) => values.length > 0);
    const found = fitting(wanted);
    beside(found);
    for (const group of groups) { group.hidden = !group.querySelector('[data-topic]:not([hidden])'); }
    for (const [entry, section] of indexed) { entry.hidden = section?.hidden ?? false; }
    for (const [link, box] of parts) {
      link.toggleAttribute('data-chosen', box.checked);
      if (link.getAttribute('role') === 'button') { link.setAttribute('aria-pressed', String(box.checked)); }
    }
    // A statement that stands on the page once more counts once; only the first has a name to link to.
    const count = [...found].flatMap((claim) => claims.get(claim))
      .filter((statement) => statement.id && !statement.hidden).length;
    const where = elsewhere ? ' of this page' : '';
    status.textContent = wanted.length === 0
      ? `All ${number(all)} statements${where} are shown.`
      : `${number(count)} of ${number(all)} statements${where} ${count === 1 ? 'is' : 'are'} shown.`;
    empty.hidden = count > 0;
    reset.disabled = wanted.length === 0;
    const chosenNow = state();
    for (const [link, target] of targets) { link.href = chosenNow ? `${target}#${chosenNow}` : target; }
    if (elsewhere) {
      const having = pages();
      const links = [...elsewhere.querySelectorAll('a')];
      for (const link of links) { link.hidden = !having.every((each) => each.has(link.dataset.page)); }
      elsewhere.hidden = wanted.length === 0 || links.every((link) => link.hidden);
    }
  };

  const remember = () => { window.history.replaceState(null, '', `#${state()}`); };

  const recall = () => {
    const found = new URLSearchParams(window.location.hash.slice(1));
    for (const box of boxes) { box.checked = found.getAll(box.name).includes(box.value); }
    // What is chosen is in sight; the bar shows which groups are.
    if (boxes.some((box) => box.checked && box.name !== 'group')) { folded.open = true; }
  };

  for (const [link, box] of parts) {
    if (link.tabIndex >= 0) { link.setAttribute('role', 'button'); }
    link.addEventListener('click', (event) => {
      event.preventDefault();
      box.checked = !box.checked;
      const here = statements.some((statement) => statement.id && statement.dataset.group === box.value);
      if (box.checked && !here) {
        // Another page of the event has the claims of this group: there the link leads.
        const place = link.getAttribute('href').split('#')[0];
        const chosenThere = state();
        box.checked = false;
        window.location.assign(`${place}#${chosenThere}`);
        return;
      }
      remember();
      show();
    });
    link.addEventListener('keydown', (event) => {
      if (event.key === ' ') { event.preventDefault(); link.click(); }
    });
  }
  form.addEventListener('change', () => { remember(); show(); });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    for (const box of boxes) { box.checked = false; }
    // A button that is about to be disabled would lose the focus to nowhere.
    folded.querySelector('summary').focus();
    remember();
    show();
  });
  window.addEventListener('hashchange', () => {
    const place = window.location.hash.slice(1);
    // The name of a place on the page has no equals sign: only a link to what isn't shown lets go of the choice.
    const target = place.includes('=') ? null : document.getElementById(place);
    if (place && !place.includes('=') && !target?.closest('[hidden]')) { return; }
    recall();
    show();
    target?.scrollIntoView();
  });

  form.hidden = false;
  recall();
  show();
})();
