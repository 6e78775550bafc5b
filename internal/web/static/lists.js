// Lists and imports: shows rows of one kind, picks many units at once, and
// keeps a form from being sent twice. Pages work without it.
(function () {
  'use strict';

  function each(list, what) { Array.prototype.forEach.call(list, what); }

  function rowFilter() {
    var bar = document.querySelector('[data-row-filter]');
    if (!bar) return;
    bar.hidden = false;
    bar.addEventListener('click', function (event) {
      var button = event.target.closest ? event.target.closest('button[data-show]') : null;
      if (!button) return;
      var wanted = button.getAttribute('data-show');
      each(bar.querySelectorAll('button'), function (b) { b.setAttribute('aria-pressed', String(b === button)); });
      each(document.querySelectorAll('tr[data-kinds]'), function (row) {
        row.hidden = wanted !== '' && (' ' + row.getAttribute('data-kinds') + ' ').indexOf(' ' + wanted + ' ') < 0;
      });
    });
  }

  function pickMany() {
    each(document.querySelectorAll('[data-picks]'), function (picks) {
      var bar = picks.querySelector('[data-pick-all]');
      if (!bar) return;
      bar.hidden = false;
      bar.addEventListener('click', function (event) {
        var all = event.target.getAttribute('data-pick');
        if (!all) return;
        each(picks.querySelectorAll('input[type="checkbox"]'), function (box) { box.checked = all === 'all'; });
      });
    });
  }

  // A second press within some seconds is not sent; the server takes it for the
  // same act in any case.
  function once() {
    each(document.querySelectorAll('form[data-once]'), function (form) {
      form.addEventListener('submit', function (event) {
        if (form.getAttribute('data-sent')) { event.preventDefault(); return; }
        form.setAttribute('data-sent', 'true');
        window.setTimeout(function () { form.removeAttribute('data-sent'); }, 8000);
      });
    });
    window.addEventListener('pageshow', function () {
      each(document.querySelectorAll('form[data-once]'), function (form) { form.removeAttribute('data-sent'); });
    });
  }

  document.addEventListener('DOMContentLoaded', function () { rowFilter(); pickMany(); once(); });
}());
