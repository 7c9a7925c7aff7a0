'use strict';
// The index of a long page: it is closed where it would take the screen, and shows which section is being read.
(() => {
  const narrow = window.matchMedia('(max-width: 72rem)');
  const index = document.querySelector('[data-index]');
  if (!index) { return; }
  const fold = () => { index.open = !narrow.matches; };
  narrow.addEventListener('change', fold);
  fold();
  const links = [...index.querySelectorAll('a[href^="#"]')];
  const sections = links.map((link) => document.getElementById(link.hash.slice(1))?.closest('section'));
  // On a phone the open index would hide what was chosen of it.
  index.addEventListener('click', (event) => {
    if (narrow.matches && event.target.closest('a')) { index.open = false; }
  });
  const mark = () => {
    let current = -1;
    for (const [place, section] of sections.entries()) {
      if (section && !section.closest('[hidden]') && section.getBoundingClientRect().top < 140) { current = place; }
    }
    for (const [place, link] of links.entries()) {
      if (place === current) { link.setAttribute('aria-current', 'true'); } else { link.removeAttribute('aria-current'); }
    }
  };
  let asked = false;
  window.addEventListener('scroll', () => {
    if (asked) { return; }
    asked = true;
    window.requestAnimationFrame(() => { asked = false; mark(); });
  }, { passive: true });
  mark();
})();
