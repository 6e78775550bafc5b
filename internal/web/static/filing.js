// While somebody types: what a cell shows at once, and the boot of the page.
(function () {
  'use strict';

  var page = window.filingPage;
  if (!page) return;
  var form = page.form, words = page.words, say = page.say, byID = page.byID, all = page.all, known = page.known, isCell = page.isCell, textOf = page.textOf,
    learn = page.learn, changed = page.changed, setKind = page.setKind, showCounts = page.showCounts, current = page.current;

  /* ---- while somebody types ---- */

  function touched(field) {
    if (isCell(field)) {
      var text = textOf(field), cell = field.parentNode;
      if (text === '') setKind(cell, 'blank');
      else if (cell.classList.contains('is-blank')) setKind(cell, 'number');
      cell.classList.remove('is-fresh');
      showOffer(cell);
    } else if (field.hasAttribute('data-part')) showLength(field);
  }
  function showOffer(cell) {
    var button = cell.querySelector('.offer'), input = cell.querySelector('input');
    if (button) button.hidden = textOf(input) === input.getAttribute('data-offer');
  }
  function showLength(area) {
    var n = Array.from(area.value).length, limit = Number(area.getAttribute('data-limit'));
    var place = byID('len-' + area.getAttribute('data-part')).querySelector('.count');
    place.textContent = limit ? say('length_of', n, limit) : say('length', n);
    place.classList.toggle('caution', limit > 0 && n > limit);
  }
  form.addEventListener('input', function (event) {
    var field = event.target;
    if (field.matches('td.cell > input, textarea[data-part], textarea[data-rule]')) {
      learn(field);
      touched(field);
      changed();
    }
  });
  // What is known of the cell in use.
  function showHere() {
    var box = byID('here'), input = current();
    box.hidden = !input;
    if (!input) return;
    var place = input.closest('tr').querySelector('.note-q div') || input.closest('table').querySelector('#note-' + input.id);
    byID('here-label').textContent = input.getAttribute('aria-label');
    byID('here-last').textContent = input.hasAttribute('data-last') ? say('last', words.year, input.getAttribute('data-last')) : '';
    byID('here-reason').textContent = input.getAttribute('data-reason') || '';
    byID('here-note').textContent = place ? place.textContent : '';
  }
  // One note is open at a time, and Escape closes it.
  form.addEventListener('toggle', function (event) {
    if (!event.target.open || !event.target.matches('details.note-q, details.ask')) return;
    all('details.note-q[open], details.ask[open]').forEach(function (d) { if (d !== event.target) d.open = false; });
  }, true);
  form.addEventListener('keydown', function (event) {
    var open = event.target.closest('details.note-q[open], details.ask[open]');
    if (event.key !== 'Escape' || !open) return;
    open.open = false;
    open.querySelector('summary').focus();
  });
  // A finding's link, or an address with a cell in it, leads into the cell.
  function follow() {
    var field = window.location.hash.length > 1 && byID(decodeURIComponent(window.location.hash.slice(1)));
    if (field && field.matches('input, textarea')) {
      field.focus();
      field.scrollIntoView({ block: 'center', inline: 'nearest' });
    }
  }
  window.addEventListener('hashchange', follow);
  document.addEventListener('click', function (event) {
    var link = event.target.closest('a[href^="#"]');
    if (link && link.getAttribute('href') === window.location.hash) follow(); // the same cell once more
  });

  page.touched = touched;
  page.showHere = showHere;

  all('td.cell').forEach(showOffer);
  showCounts();
  page.offerLocal();
  follow();
  document.body.setAttribute('data-filing', 'ready');
}());
