// Chooses several matters at once. Without it each is chosen by its own box.
(function () {
  'use strict';

  function boxes() {
    return Array.prototype.slice.call(document.querySelectorAll('#mark-form input[name="matter"]'));
  }

  function tell() {
    var all = boxes(), chosen = all.filter(function (b) { return b.checked; }).length;
    var count = document.getElementById('chosen-count'), every = document.getElementById('choose-all');
    var bar = document.querySelector('.mark-bar');
    if (count) count.textContent = count.getAttribute('data-say') + ' ' + chosen;
    if (bar) bar.classList.toggle('is-quiet', chosen === 0);
    if (every) {
      every.closest('.choose-all').hidden = all.length < 2;
      every.checked = chosen > 0 && chosen === all.length;
      every.indeterminate = chosen > 0 && chosen < all.length;
    }
  }

  document.addEventListener('change', function (event) {
    if (event.target.id === 'choose-all') boxes().forEach(function (b) { b.checked = event.target.checked; });
    if (event.target.id === 'choose-all' || event.target.name === 'matter') tell();
  });
  document.addEventListener('DOMContentLoaded', tell);
  window.addEventListener('pageshow', tell);
  document.addEventListener('htmx:afterSettle', tell);
}());
