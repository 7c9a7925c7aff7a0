'use strict';
// Light, dark, or as the system has it. Runs before the page is drawn, so that it doesn't flash.
(() => {
  const KEY = 'readouts-theme';
  const THEMES = ['system', 'light', 'dark'];
  // Where the browser keeps nothing, as it may for pages from the local disk, the choice holds for the page.
  const kept = () => {
    try { return window.localStorage.getItem(KEY); } catch { return null; }
  };
  const keep = (theme) => {
    try { window.localStorage.setItem(KEY, theme); } catch { /* nothing is kept */ }
  };
  let theme = THEMES.includes(kept()) ? kept() : 'system';
  const apply = () => {
    if (theme === 'system') { delete document.documentElement.dataset.theme; } else { document.documentElement.dataset.theme = theme; }
  };
  apply();

  document.addEventListener('DOMContentLoaded', () => {
    for (const button of document.querySelectorAll('[data-theme-switch]')) {
      const say = () => { button.textContent = `Theme: ${theme}`; };
      button.addEventListener('click', () => {
        theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
        keep(theme);
        apply();
        say();
      });
      say();
      button.hidden = false;
    }
  });
})();
