'use strict';
document.addEventListener('DOMContentLoaded', () => {
  const ways = document.querySelector('[data-ways]');
  const folders = ways.dataset.folders.split(' ');
  const parts = window.location.pathname.split('/').slice(1);
  const below = parts.flatMap((part, place) => (folders.includes(part) && place < parts.length - 1 ? [place] : []));
  const kind = below.length > 0 ? parts[below[0]] : (parts.at(-1) || parts.at(-2) || '').replace(/(--\d+)?\.html$/, '');
  // The root is before the first folder of a site; without one, any folder of the address may be it.
  const roots = (below.length > 0 ? below : parts.map((_, place) => place).reverse())
    .map((place) => `/${parts.slice(0, place).map((part) => `${part}/`).join('')}`);

  let name = parts.filter(Boolean).at(-1) || '';
  try { name = decodeURIComponent(name); } catch { /* It stays as it is. */ }
  name = name.replace(/(--\d+)?\.(html?|csv|js|json)$/, '');
  const known = name && name !== '404' && !folders.includes(name);

  const lead = (root) => {
    for (const link of ways.querySelectorAll('a[data-path]')) { link.href = root + link.dataset.path; }
    const search = ways.querySelector('[data-search]');
    search.href = root + search.dataset.path + (known ? `#q=${encodeURIComponent(name)}` : '');
    search.textContent = known ? `Search for \u201c${name}\u201d` : 'Search';
    const own = ways.querySelector(`[data-kind="${CSS.escape(kind)}"]`);
    if (own) { ways.querySelector('[data-first]').append(own); }
    document.querySelector('[data-plain]').hidden = true;
    ways.hidden = false;
  };

  const load = (root) => new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = `${root}static/search_index.js`;
    script.addEventListener('load', resolve);
    script.addEventListener('error', reject);
    document.head.append(script);
  });

  const suggest = async (root) => {
    const index = window.readoutsIndex;
    await index.open(root);
    let found = await index.ask(name);
    if (found.length === 0) {
      const others = (await index.others(name)).slice(0, 3);
      found = [...new Set((await Promise.all(others.map(([asked]) => index.ask(asked)))).flat())];
    }
    const alike = (number) => (index.groupOf(number) === kind ? 0 : 1);
    const first = found.slice(0, 500).sort((one, other) => alike(one) - alike(other)).slice(0, 5);
    for (const { kind: what, title, address } of await index.shown(first)) {
      const item = document.createElement('li');
      const link = document.createElement('a');
      const text = document.createElement('bdi');
      const id = document.createElement('code');
      link.href = root + address;
      text.textContent = title;
      link.append(text);
      id.textContent = address.replace(/^.*\/|\.html|^[^/]*#/g, '');
      item.append(link, ` ${what} `, id);
      ways.querySelector('[data-nearest]').append(item);
    }
    ways.querySelector('[data-nearest-heading]').hidden = first.length === 0;
  };

  const start = async () => {
    lead(roots[0]);
    for (const root of roots) {
      try { await load(root); } catch { continue; }
      lead(root);
      if (known) { await suggest(root); }
      return;
    }
  };
  start().catch(() => { /* The links hold without the index. */ });
});
