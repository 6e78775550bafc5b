// Beside an explanation that is being written stands whether it says anything
// yet: letters that differ are counted, as the server does when it is sent.
(function () {
  'use strict';

  function letters(text) {
    var seen = {};
    (text.toLowerCase().match(new RegExp('\\p{L}', 'gu')) || []).forEach(function (l) { seen[l] = true; });
    return Object.keys(seen).length;
  }

  document.addEventListener('input', function (event) {
    var field = event.target, least = field.getAttribute && field.getAttribute('data-least');
    if (!least) return;
    var said = field.parentNode.querySelector('.too-short');
    if (!said) return;
    var text = field.value.trim(), short = text !== '' && letters(text) < Number(least);
    said.textContent = short ? said.getAttribute('data-said') : '';
    field.setAttribute('aria-invalid', short ? 'true' : 'false');
  });
}());
