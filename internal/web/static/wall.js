'use strict';
// The supervisor's desk: picking all lines, printing, copying a text. Pages work
// without it.
(function () {
  function lines(box) {
    var form = box.closest('form');
    return form ? Array.prototype.slice.call(form.querySelectorAll('input[name="unit"]')) : [];
  }
  document.addEventListener('change', function (e) {
    var t = e.target;
    if (t.matches && t.matches('[data-pick-all]')) {
      lines(t).forEach(function (i) { i.checked = t.checked; });
    } else if (t.matches && t.matches('input[name="unit"]')) {
      var all = t.closest('form').querySelector('[data-pick-all]');
      if (all) { all.checked = lines(all).every(function (i) { return i.checked; }); }
    }
  });
  function say(text) {
    var place = document.getElementById('announce');
    if (place) { place.textContent = text; }
  }
  document.addEventListener('click', function (e) {
    var t = e.target.closest ? e.target.closest('[data-print],[data-copy]') : null;
    if (!t) { return; }
    if (t.hasAttribute('data-print')) {
      window.print();
      return;
    }
    var from = document.getElementById(t.getAttribute('data-copy'));
    if (!from) { return; }
    from.focus();
    from.select();
    var done = function () { t.textContent = t.getAttribute('data-done'); say(t.getAttribute('data-done')); };
    // Plain HTTP has no clipboard interface: the old command copies what is selected.
    if (navigator.clipboard && window.isSecureContext) {
      navigator.clipboard.writeText(from.value).then(done, function () { document.execCommand('copy'); done(); });
    } else if (document.execCommand('copy')) {
      done();
    }
  });
}());
