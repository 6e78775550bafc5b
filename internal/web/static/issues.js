// Chooses several issues at once, and takes an indicator's first level and marks
// over from the suggestions. Without it each is chosen and typed by hand.
(function () {
  'use strict';

  function boxes() {
    return Array.prototype.slice.call(document.querySelectorAll('#batch-form input[name="issue"]'));
  }

  function tell() {
    var all = boxes(), chosen = all.filter(function (b) { return b.checked; }).length;
    var count = document.getElementById('chosen-count'), every = document.getElementById('choose-all');
    var bar = document.querySelector('.batch-bar');
    if (count) count.textContent = count.getAttribute('data-say') + ' ' + chosen;
    if (bar && count) bar.classList.toggle('is-quiet', chosen === 0);
    if (every) {
      every.closest('.choose-all').hidden = all.length < 2;
      every.checked = chosen > 0 && chosen === all.length;
      every.indeterminate = chosen > 0 && chosen < all.length;
    }
  }

  // An indicator of the second level brings the first and its marks, unless
  // somebody wrote them already.
  function take(input) {
    var list = document.getElementById(input.getAttribute('list'));
    if (!list) return;
    Array.prototype.forEach.call(list.options, function (o) {
      if (o.value !== input.value) return;
      ['indicator1', 'points'].forEach(function (name) {
        var field = input.form.elements[name], value = o.getAttribute('data-' + name);
        if (field && !field.value && value) field.value = value;
      });
    });
  }

  document.addEventListener('change', function (event) {
    if (event.target.id === 'choose-all') boxes().forEach(function (b) { b.checked = event.target.checked; });
    if (event.target.id === 'choose-all' || event.target.name === 'issue') tell();
    if (event.target.name === 'indicator2') take(event.target);
  });
  document.addEventListener('DOMContentLoaded', tell);
  window.addEventListener('pageshow', tell);
  document.addEventListener('htmx:afterSettle', tell);
}());
