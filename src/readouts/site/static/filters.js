'use strict';
// The filters of an event: of each kind, nothing chosen means everything; what is chosen stands in the address.
(() => {
  const form = document.querySelector('[data-filters]');
  if (!form) { return; }
  const statements = [...document.querySelectorAll('[data-topic]')];
  // What a filter leaves empty goes as well: a column, a line, a topic.
  const groups = document.querySelectorAll('[data-group], [data-row], [data-pair], [data-row] .left, [data-row] .right, .joint');
  const boxes = [...form.querySelectorAll('input[type="checkbox"]')];
  const names = [...new Set(boxes.map((box) => box.name))];
  const status = form.querySelector('[data-filters-status]');
  const empty = document.querySelector('[data-filters-empty]');
  const reset = form.querySelector('[type="reset"]');

  const chosen = (name) => boxes.filter((box) => box.name === name && box.checked).map((box) => box.value);
  const all = statements.filter((statement) => statement.id).length;
  const number = (count) => count.toLocaleString('en');

  const show = () => {
    const wanted = names.map((name) => [name, chosen(name)]).filter(([, values]) => values.length > 0);
    let count = 0;
    for (const statement of statements) {
      const fits = wanted.every(([name, values]) => values.includes(statement.dataset[name]));
      statement.hidden = !fits;
      // A statement that stands on the page once more counts once; only the first has a name to link to.
      count += fits && statement.id ? 1 : 0;
    }
    for (const group of groups) {
      group.hidden = wanted.length > 0 && !group.querySelector('[data-topic]:not([hidden])');
    }
    status.textContent = wanted.length === 0
      ? `All ${number(all)} statements are shown.`
      : `${number(count)} of ${number(all)} statements ${count === 1 ? 'is' : 'are'} shown.`;
    empty.hidden = count > 0;
    reset.disabled = wanted.length === 0;
  };

  const remember = () => {
    const state = new URLSearchParams();
    for (const name of names) { for (const value of chosen(name)) { state.append(name, value); } }
    window.history.replaceState(null, '', `#${state}`);
  };

  // The name of a place on the page has no equals sign: a link to one shows everything.
  const recall = () => {
    const state = new URLSearchParams(window.location.hash.slice(1));
    for (const box of boxes) { box.checked = state.getAll(box.name).includes(box.value); }
  };

  form.addEventListener('change', () => { remember(); show(); });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', (event) => {
    event.preventDefault();
    for (const box of boxes) { box.checked = false; }
    // A button that is about to be disabled would lose the focus to nowhere.
    boxes[0].focus();
    remember();
    show();
  });
  window.addEventListener('hashchange', () => {
    recall();
    show();
    document.getElementById(window.location.hash.slice(1))?.scrollIntoView();
  });

  form.hidden = false;
  recall();
  show();
})();
