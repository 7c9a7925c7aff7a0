'use strict';
// A table: its columns sort, and a box filters its rows. A table of several pages brings its rows as scripts, which are
// loaded when they are first needed; a table that is too large for that is sorted and filtered page by page, and says so.
(() => {
  const table = document.querySelector('table[data-rows]');
  if (!table) { return; }
  const body = table.tBodies[0];
  const form = document.querySelector('[data-table-form]');
  const box = form.querySelector('input[type="search"]');
  const status = form.querySelector('[data-table-status]');
  const reset = form.querySelector('[data-table-reset]');
  const whole = form.querySelector('[data-table-whole]');
  const more = document.querySelector('[data-table-more]');
  const pager = document.querySelectorAll('.pager');
  const total = Number(table.dataset.rows);
  const chunks = Number(table.dataset.chunks || 0);
  const heads = [...table.tHead.rows[0].cells];
  const columns = heads.map((head) => ({
    name: head.dataset.name, number: head.dataset.kind === 'number', link: head.dataset.link || '', kind: head.dataset.kind,
  }));
  const STEP = 500;
  const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
  const fold = (text) => text.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase().toLowerCase();

  // A row: its texts, and how it comes to be an element.
  const written = [...body.rows].map((row) => ({ texts: [...row.cells].map((cell) => cell.textContent), element: row }));
  let all = chunks === 0 ? written : null;
  const parts = new Map();
  window.readoutsRows = (number, rows) => parts.set(number, rows);

  const loadAll = async () => {
    await Promise.all(Array.from({ length: chunks }, (_, place) => new Promise((resolve, reject) => {
      if (parts.has(place + 1)) { resolve(); return; }
      const script = document.createElement('script');
      script.src = `${table.dataset.chunkBase}${place + 1}.js`;
      script.addEventListener('load', resolve);
      script.addEventListener('error', () => { script.remove(); reject(new Error(script.src)); });
      document.head.append(script);
    })));
    all = [];
    for (let place = 1; place <= chunks; place += 1) {
      for (const cells of parts.get(place)) {
        all.push({ texts: cells.map((cell) => (typeof cell === 'string' ? cell : cell[0])), cells, element: null });
      }
    }
  };

  const made = (cells) => {
    const row = document.createElement('tr');
    cells.forEach((cell, place) => {
      const data = document.createElement(place === 0 ? 'th' : 'td');
      if (place === 0) { data.scope = 'row'; }
      row.append(data);
      const column = columns[place];
      const text = typeof cell === 'string' ? cell : cell[0];
      const link = typeof cell === 'string' ? column.link.replace('{}', text) : cell[1];
      if (column.kind !== 'text') { data.className = column.kind; }
      if (link && text) {
        const anchor = document.createElement('a');
        anchor.href = link;
        anchor.textContent = text;
        data.append(anchor);
      } else {
        data.textContent = text;
      }
    });
    return row;
  };
  const elementOf = (row) => row.element || (row.element = made(row.cells));

  let sorted = -1;
  let descending = false;
  let shown = written;

  const compare = (one, other) => {
    const first = one.texts[sorted], second = other.texts[sorted];
    // What is missing stands at the end, in either order.
    if (first === '' || second === '') { return (first === '') - (second === ''); }
    const order = columns[sorted].number ? Number(first) - Number(second) : collator.compare(first, second);
    return descending ? -order : order;
  };

  const number = (count) => count.toLocaleString('en');
  const rowsOf = (count) => `${number(count)} ${count === 1 ? 'row' : 'rows'}`;

  const show = async () => {
    const asked = fold(box.value).split(/\s+/).filter((word) => word);
    const idle = asked.length === 0 && sorted < 0;
    remember();
    if (!idle && all === null) {
      status.textContent = `Loading all ${rowsOf(total)} …`;
      try {
        await loadAll();
      } catch {
        status.textContent = 'The rows could not be loaded. Reload the page to try again.';
        return;
      }
    }
    const source = idle ? written : all;
    shown = asked.length === 0 ? [...source] : source.filter((row) => {
      const text = fold(row.texts.join('\n'));
      return asked.every((word) => text.includes(word));
    });
    if (sorted >= 0) { shown.sort(compare); }
    const most = chunks === 0 ? shown.length : idle ? shown.length : STEP;
    body.replaceChildren(...shown.slice(0, most).map(elementOf));
    more.hidden = most >= shown.length;
    pager.forEach((each) => { each.hidden = chunks > 0 && !idle; });
    reset.hidden = idle;
    heads.forEach((head, place) => {
      if (place === sorted) {
        head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      } else {
        head.removeAttribute('aria-sort');
      }
    });
    status.textContent = idle ? '' : said(asked.length > 0);
  };

  const said = (filtered) => {
    const where = chunks === 0 && total > written.length ? ' on this page' : '';
    const count = filtered ? `${number(shown.length)} of ${rowsOf(all.length)}${where} with “${box.value.trim()}”` : `${rowsOf(all.length)}${where}`;
    return sorted < 0 ? count : `${count}, by ${columns[sorted].name}, ${descending ? 'descending' : 'ascending'}`;
  };

  // What is sorted and filtered stands in the address, so that it can be linked.
  const remember = () => {
    const state = new URLSearchParams();
    if (box.value.trim()) { state.set('filter', box.value.trim()); }
    if (sorted >= 0) { state.set('sort', columns[sorted].name); }
    if (sorted >= 0 && descending) { state.set('order', 'descending'); }
    const fragment = `#${state}`;
    const now = window.location.hash;
    if (fragment === '#' && !now.includes('=')) { return; }
    if (now !== fragment) { window.history.replaceState(null, '', fragment); }
  };
  const recall = () => {
    const state = new URLSearchParams(window.location.hash.slice(1));
    box.value = state.get('filter') || '';
    sorted = columns.findIndex((column) => column.name === state.get('sort'));
    descending = state.get('order') === 'descending';
    return box.value !== '' || sorted >= 0;
  };

  heads.forEach((head, place) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'sort';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      if (sorted !== place) { sorted = place; descending = false; } else if (!descending) { descending = true; } else { sorted = -1; descending = false; }
      show();
    });
  });

  let waiting = 0;
  box.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 120);
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    show();
  });
  reset.addEventListener('click', () => {
    box.value = '';
    sorted = -1;
    descending = false;
    show();
    box.focus();
  });
  more.addEventListener('click', () => {
    const start = body.rows.length;
    body.append(...shown.slice(start, start + STEP).map(elementOf));
    more.hidden = body.rows.length >= shown.length;
    const first = body.rows[start];
    first.tabIndex = -1;
    first.focus();
    status.textContent = `${rowsOf(body.rows.length)} of ${number(shown.length)} shown`;
  });
  whole?.addEventListener('click', () => {
    whole.setAttribute('aria-pressed', String(table.classList.toggle('whole')));
  });
  // The name of a place on the page has no equals sign, and asks for nothing of the table.
  window.addEventListener('hashchange', () => {
    const fragment = window.location.hash.slice(1);
    if (fragment && !fragment.includes('=')) { return; }
    recall();
    show();
  });

  // The first column stays in sight: what gets the focus must come to lie beside it.
  new ResizeObserver(() => {
    table.parentElement.style.setProperty('--first-column', `${heads[0].offsetWidth}px`);
  }).observe(heads[0]);
  // A browser is content with a part of it; a pointer's press must not move what it presses.
  body.addEventListener('focusin', ({ target }) => {
    if (target.matches('td :focus-visible')) { target.scrollIntoView({ block: 'nearest', inline: 'nearest' }); }
  });

  form.hidden = false;
  if (recall()) { show(); }
})();
