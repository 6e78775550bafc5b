// Uploads with progress and a size checked before anything is sent, dropping
// files, previews that wait for the reader, and printing. All pages work
// without it.
(function () {
  'use strict';

  function each(list, what) { Array.prototype.forEach.call(list, what); }

  function total(form) {
    var bytes = 0;
    each(form.querySelectorAll('input[type="file"]'), function (input) {
      each(input.files, function (file) { bytes += file.size; });
    });
    return bytes;
  }

  function wrong(form, sentence) {
    var place = form.querySelector('[data-wrong]');
    place.hidden = !sentence;
    place.textContent = sentence;
  }

  function send(form) {
    var line = form.querySelector('.progress-line'), bar = line.querySelector('progress'), said = line.querySelector('[data-said]');
    var button = form.querySelector('button:not([type="button"])');
    var request = new XMLHttpRequest();
    line.hidden = false;
    button.disabled = true;
    request.open('POST', form.action);
    request.setRequestHeader('Accept', 'text/html');
    request.upload.addEventListener('progress', function (event) {
      if (!event.lengthComputable) return;
      var share = Math.floor(100 * event.loaded / event.total);
      bar.value = share;
      said.textContent = form.getAttribute('data-sending').replace('%s', share);
    });
    request.upload.addEventListener('load', function () {
      bar.removeAttribute('value');
      said.textContent = form.getAttribute('data-reading');
    });
    request.addEventListener('load', function () {
      var asked = form.action.split('#')[0];
      if (request.status < 400 && request.responseURL && request.responseURL !== asked) { window.location.href = request.responseURL; return; }
      // The same page once more, with what the server has to say on top.
      var page = new DOMParser().parseFromString(request.responseText, 'text/html');
      var main = page.getElementById('main'), place = document.getElementById('main');
      if (!main) { wrong(form, form.getAttribute('data-broken')); line.hidden = true; button.disabled = false; return; }
      place.innerHTML = main.innerHTML;
      start();
      window.scrollTo(0, 0);
      place.focus();
    });
    request.addEventListener('error', function () {
      line.hidden = true;
      button.disabled = false;
      wrong(form, form.getAttribute('data-broken'));
    });
    request.send(new FormData(form));
  }

  function start() {
    each(document.querySelectorAll('form[data-upload]'), function (form) {
      form.addEventListener('submit', function (event) {
        wrong(form, '');
        if (total(form) > Number(form.getAttribute('data-largest'))) {
          event.preventDefault();
          wrong(form, form.getAttribute('data-too-large'));
          return;
        }
        event.preventDefault();
        send(form);
      });
      var place = form.querySelector('.drop'), input = place && place.querySelector('input');
      if (!place) return;
      ['dragenter', 'dragover'].forEach(function (kind) {
        place.addEventListener(kind, function (event) { event.preventDefault(); place.classList.add('is-over'); });
      });
      ['dragleave', 'drop'].forEach(function (kind) {
        place.addEventListener(kind, function () { place.classList.remove('is-over'); });
      });
      place.addEventListener('drop', function (event) {
        event.preventDefault();
        if (event.dataTransfer && event.dataTransfer.files.length) input.files = event.dataTransfer.files;
      });
    });

    // A page about a file that is still being read looks again by itself.
    if (document.querySelector('[data-wait]')) {
      window.setTimeout(function () {
        var busy = document.activeElement && /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
        if (!busy) window.location.reload();
      }, 2000);
    }

    each(document.querySelectorAll('[data-choose]'), function (button) {
      button.addEventListener('click', function () {
        each(document.querySelectorAll('table.differs input[value="' + button.getAttribute('data-choose') + '"]'), function (radio) { radio.checked = true; });
      });
    });

    // What is typed settles the cell; an empty one is ticked as such.
    each(document.querySelectorAll('table.settle input.form-control'), function (input) {
      var tick = input.parentNode.querySelector('input[type="checkbox"]');
      input.addEventListener('input', function () { if (input.value) tick.checked = false; });
      tick.addEventListener('change', function () { if (tick.checked) input.value = ''; });
    });

    function tick(ending, on) {
      each(document.querySelectorAll('input[name="take"]'), function (box) {
        if (box.value.slice(-ending.length) === ending || !ending) box.checked = on;
      });
    }
    each(document.querySelectorAll('[data-tick]'), function (button) {
      button.addEventListener('click', function () {
        var ending = button.getAttribute('data-tick');
        if (ending) tick('', false);
        tick(ending, true);
      });
    });
    each(document.querySelectorAll('[data-untick]'), function (button) {
      button.addEventListener('click', function () { tick('', false); });
    });

    each(document.querySelectorAll('[data-print]'), function (button) {
      button.addEventListener('click', function () { window.print(); });
    });
  }

  start();
}());
