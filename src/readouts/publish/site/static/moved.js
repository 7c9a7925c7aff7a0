'use strict';
// The page of an id of the past leads on by itself; a script alone can take the place on the page along.
(() => {
  const target = document.querySelector('link[rel="canonical"]');
  if (target && window.location.hash) { window.location.replace(target.href + window.location.hash); }
})();
