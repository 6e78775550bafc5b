// Keeping what is typed: in the draft on the server, and for a crash on this
// machine.
(function () {
  'use strict';

  var page = window.filingPage;
  if (!page) return;
  var form = page.form, say = page.say, byID = page.byID, known = page.known, clashed = page.clashed, placeOf = page.placeOf, textOf = page.textOf, fields = page.fields,
    changes = page.changes;

  /* ---- keeping: ask 400 ms after a change, save every 3 s at most ---- */

  var askAfter = 400, saveEvery = 3000;
  var version = Number(form.getAttribute('data-version'));
  var lastSave = 0, timer = 0, inFlight = false, again = false, failures = 0, halted = false, leaving = false;
  var untried = false; // changed since the server was last asked
  var afterFlight = null;
  var state = byID('saving');

  function tell(key, kind) {
    state.textContent = say.apply(null, [key].concat(Array.prototype.slice.call(arguments, 2)));
    state.className = 'saving' + (kind ? ' is-' + kind : '');
  }
  function later(ms) {
    window.clearTimeout(timer);
    timer = window.setTimeout(work, ms);
  }
  function changed() {
    untried = true;
    halted = false;
    if (!failures) tell('unsaved', '');
    keepLocally();
    later(askAfter);
  }
  function sees(now) { version = now; }
  function work() {
    if (inFlight) { again = true; return; }
    if (halted) return;
    var list = changes(), wait = lastSave + saveEvery - Date.now();
    if (list.count === 0) {
      untried = false;
      forgetLocally();
      return;
    }
    if (wait > 0 && !untried) { later(wait); return; }
    send(list, wait <= 0);
  }
  function send(list, save) {
    inFlight = true;
    untried = false;
    if (save) tell('saving', '');
    window.fetch(form.getAttribute('data-patch'), {
      method: 'POST', credentials: 'same-origin', headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      body: JSON.stringify({ version: version, save: save, cells: list.cells, prose: list.prose, explanations: list.explanations })
    }).then(function (answer) {
      return answer.json().then(function (body) { return { status: answer.status, body: body }; }, function () { return { status: answer.status >= 400 ? answer.status : 502, body: {} }; });
    }, function () { return { status: 0, body: {} }; }).then(function (answer) {
      inFlight = false;
      if (answer.status === 200) took(answer.body, list, save);
      else failed(answer);
      if (afterFlight) { var go = afterFlight; afterFlight = null; go(); }
    });
  }
  function took(body, list, save) {
    failures = 0;
    if (save) {
      lastSave = Date.now();
      version = body.version;
      form.elements.version.value = version;
      Object.keys(list.sent).forEach(function (place) { known[place] = list.sent[place]; });
      fields().forEach(function (field) {
        var place = placeOf(field);
        if (body.stands && place in body.stands && place in list.sent) {
          known[place] = body.stands[place];
          if (textOf(field) === list.sent[place]) field.value = body.stands[place];
        }
      });
    }
    (body.clashes || []).forEach(function (clash) { page.showClash(clash, list); });
    if (body.fresh) page.takeFresh(body.fresh, save ? body.version : 0);
    page.show(body);
    var left = changes();
    if (left.count === 0) {
      tell('saved', 'good', body.saved || '');
      forgetLocally();
      return;
    }
    tell('unsaved', '');
    keepLocally();
    later(again || untried ? askAfter : Math.max(askAfter, lastSave + saveEvery - Date.now()));
    again = false;
  }
  function failed(answer) {
    failures += 1;
    keepLocally();
    if (answer.status === 401) {
      tell('expired', 'bad');
      var link = document.createElement('a');
      link.href = '/sign-in';
      link.target = '_blank';
      link.rel = 'noopener';
      link.textContent = say('sign_in');
      state.appendChild(document.createTextNode(' '));
      state.appendChild(link);
      later(10000);
    } else if (answer.status === 0 || answer.status >= 500 || answer.status === 429) {
      tell('offline', 'bad');
      later(Math.min(60000, 1000 * Math.pow(2, failures)));
    } else { // refused: trying again by itself would not help
      halted = true;
      tell('refused', 'bad', answer.body.error || String(answer.status));
    }
  }
  window.addEventListener('online', function () { if (failures) later(0); });
  window.addEventListener('focus', function () { if (failures && !halted) later(0); });
  window.addEventListener('beforeunload', function (event) {
    if (leaving || (changes().count === 0 && !inFlight)) return;
    keepLocally();
    event.preventDefault();
    event.returnValue = say('leave');
  });

  /* ---- a copy on this machine, for a crash or an ended session ---- */

  var localKey = ['mingjing', form.getAttribute('data-account'), form.getAttribute('action')].join(' ');
  var localTimer = 0;
  var stored = !!(window.localStorage); // a last resort only
  function keepLocally() {
    if (!stored || localTimer) return;
    localTimer = window.setTimeout(function () {
      localTimer = 0;
      var places = {}, n = 0;
      fields().forEach(function (field) {
        var place = placeOf(field), now = textOf(field);
        if (now !== known[place]) { places[place] = [known[place], now]; n += 1; }
      });
      try {
        if (n) window.localStorage.setItem(localKey, JSON.stringify({ time: Date.now(), places: places }));
        else if (!offered) window.localStorage.removeItem(localKey);
      } catch (full) { stored = false; }
    }, 300);
  }
  function forgetLocally() {
    window.clearTimeout(localTimer);
    localTimer = 0;
    if (offered) return;
    try { window.localStorage.removeItem(localKey); } catch (none) { stored = false; }
  }
  var offered = false; // what was left over waits for an answer
  function offerLocal() {
    var left = null;
    try { left = JSON.parse(window.localStorage.getItem(localKey)); } catch (none) { stored = false; }
    if (!left || !left.places) return;
    var here = fields().filter(function (f) { var kept = left.places[placeOf(f)]; return kept && kept[1] !== textOf(f); });
    if (!here.length) { forgetLocally(); return; }
    offered = true;
    var when = new Date(left.time), box = document.createElement('div'), text = document.createElement('span');
    function two(n) { return (n < 10 ? '0' : '') + n; }
    box.className = 'banner to-correct';
    box.id = 'local-copy';
    text.textContent = say('local', when.getMonth() + 1 + '月' + when.getDate() + '日 ' + two(when.getHours()) + ':' + two(when.getMinutes()), here.length);
    box.appendChild(text);
    [['local_take', true], ['local_drop', false]].forEach(function (choice) {
      var button = document.createElement('button');
      button.type = 'button';
      button.className = 'btn';
      button.textContent = say(choice[0]);
      button.addEventListener('click', function () {
        offered = false;
        box.remove();
        if (!choice[1]) { forgetLocally(); return; }
        here.forEach(function (field) {
          var kept = left.places[placeOf(field)], theirs = known[placeOf(field)];
          field.value = kept[1];
          page.touched(field);
          if (theirs !== kept[0]) { // somebody wrote there meanwhile
            clashed[placeOf(field)] = true;
            page.addClash(field, { place: placeOf(field), label: field.getAttribute('aria-label') || '', theirs: theirs, by: '', when: '' });
          }
        });
        changed();
      });
      box.appendChild(button);
    });
    form.parentNode.insertBefore(box, form);
  }

  /* ---- handing on: what is on its way is waited for ---- */

  form.addEventListener('submit', function (event) {
    if (leaving) { event.preventDefault(); return; } // a second press
    if (inFlight) {
      var button = event.submitter;
      event.preventDefault();
      afterFlight = function () { form.requestSubmit(button); };
      return;
    }
    window.clearTimeout(timer);
    leaving = true;
    window.setTimeout(function () { leaving = false; }, 8000); // an answer that does not come must not lock the page
  });

  page.changed = changed;
  page.sees = sees;
  page.offerLocal = offerLocal;
}());
