'use strict';
// "Copy link": the address of a statement into the clipboard. Where that can't be done, the link leads to its place, and
// the address bar has it.
(() => {
  let status = null;
  // Read out where it can't be seen: a region that is there before its words change.
  const announce = (words) => {
    if (!status) {
      status = document.createElement('p');
      status.setAttribute('role', 'status');
      status.className = 'visually-hidden';
      document.body.append(status);
    }
    window.setTimeout(() => { status.textContent = words; }, 50);
  };

  // From the disk and over plain HTTP a browser may have no Clipboard API: the older way needs text that is selected.
  const selected = (text) => {
    const field = document.createElement('textarea');
    field.value = text;
    field.className = 'visually-hidden';
    document.body.append(field);
    field.select();
    try { return document.execCommand('copy'); } catch { return false; } finally { field.remove(); }
  };
  const copied = async (text) => {
    try {
      await window.navigator.clipboard.writeText(text);
      return true;
    } catch {
      return selected(text);
    }
  };

  document.addEventListener('click', async (event) => {
    const link = event.target.closest?.('a.copy');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    event.preventDefault();
    const done = await copied(link.href);
    link.focus();
    if (!done) { window.location.assign(link.href); }
    const words = done ? 'Link copied' : 'Copy it from the address bar';
    link.dataset.words ??= link.textContent;
    link.textContent = words;
    announce(words);
    window.setTimeout(() => { link.textContent = link.dataset.words; }, 3000);
  });
})();
