// The original's text beside the tables: the cell in hand is shown where it was
// read. Both name the place in the same words, the reader's.
(function () {
  'use strict';

  var pane = document.getElementById('original');
  var page = document.getElementById('review');
  var text = document.getElementById('original-text');
  if (!pane || !page || !text) return;
  var said = document.getElementById('original-place');
  var links = Array.prototype.slice.call(pane.querySelectorAll('.original-files a'));
  var wanted = null; // the cell that was chosen last

  function here() {
    return Array.prototype.slice.call(text.querySelectorAll('.is-here'));
  }

  function place(element) {
    var outer = text.getBoundingClientRect(), inner = element.getBoundingClientRect();
    text.scrollTop += inner.top - outer.top - text.clientHeight / 4;
    if (inner.left < outer.left || inner.right > outer.right) text.scrollLeft += inner.left - outer.left - 40;
  }

  function show() {
    here().forEach(function (e) { e.classList.remove('is-here'); });
    if (!wanted) return;
    var at = wanted.getAttribute('data-at');
    if (!at) {
      said.textContent = pane.getAttribute('data-nowhere');
      return;
    }
    said.textContent = pane.getAttribute('data-place') + at;
    var marked = Array.prototype.filter.call(text.querySelectorAll('[data-at]'), function (e) { return e.getAttribute('data-at') === at; });
    marked.forEach(function (e) { e.classList.add('is-here'); });
    if (marked.length) place(marked[0]);
  }

  function turnTo(file) {
    text.setAttribute('data-file', file);
    links.forEach(function (l) {
      if (l.getAttribute('data-file') === file) l.setAttribute('aria-current', 'true');
      else l.removeAttribute('aria-current');
    });
  }

  function choose(cell) {
    wanted = cell;
    var file = cell.getAttribute('data-file');
    var link = links.filter(function (l) { return l.getAttribute('data-file') === file; })[0];
    if (link && file !== text.getAttribute('data-file')) {
      turnTo(file);
      window.htmx.ajax('GET', link.getAttribute('hx-get'), { target: '#original-text', select: '#as-read', swap: 'innerHTML' });
      return;
    }
    show();
  }

  ['focusin', 'click'].forEach(function (name) {
    page.addEventListener(name, function (event) {
      var cell = event.target.closest ? event.target.closest('td.fig') : null;
      if (cell && cell !== wanted) choose(cell);
    });
  });
  pane.addEventListener('click', function (event) {
    var link = event.target.closest ? event.target.closest('.original-files a') : null;
    if (!link) return;
    wanted = null;
    turnTo(link.getAttribute('data-file'));
  });
  document.addEventListener('htmx:afterSwap', function (event) {
    if (event.target === text || text.contains(event.target)) show();
  });
  ['htmx:responseError', 'htmx:sendError', 'htmx:timeout'].forEach(function (name) {
    document.addEventListener(name, function (event) {
      if (event.detail.target !== text) return;
      text.textContent = pane.getAttribute('data-failed');
    });
  });
  var hash = window.location.hash.slice(1), first = hash && document.getElementById(hash);
  if (first && first.classList.contains('fig')) wanted = first;
}());
