// The form of the yearly report: moving about, selecting and pasting as in a
// spreadsheet, and keeping what is typed. What is right or wrong is said by the
// server alone, which is asked while somebody types.
(function () {
  'use strict';

  var form = document.getElementById('filing');
  if (!form || form.getAttribute('data-typing') !== 'true') return;

  var words = JSON.parse(document.getElementById('filing-words').textContent);
  function say(key) {
    var args = Array.prototype.slice.call(arguments, 1);
    return words[key].replace(/%s/g, function () { return args.shift(); });
  }
  function byID(id) { return document.getElementById(id); }
  function all(selector, root) { return Array.prototype.slice.call((root || form).querySelectorAll(selector)); }

  /* ---- places: what is typed where, and what the server has there ---- */

  var known = {}; // place -> text as the server keeps it
  var clashed = {}; // place -> true while a person has to choose
  var stored = !!(window.localStorage); // a last resort only

  function isSpace(c) { return /[\s\u00a0\u3000\u2002\u2003\u2009\u202f\ufeff\u200b\u00ad]/.test(c); }
  function trimmed(text) {
    var from = 0, to = text.length;
    while (from < to && isSpace(text[from])) from += 1;
    while (to > from && isSpace(text[to - 1])) to -= 1;
    return text.slice(from, to);
  }
  function placeOf(field) {
    if (field.hasAttribute('data-rule')) return 'e ' + field.getAttribute('data-rule') + '\n' + field.getAttribute('data-aspect') + '\n' + field.getAttribute('data-codes');
    if (field.hasAttribute('data-part')) return 'part' + field.getAttribute('data-part');
    return field.id;
  }
  function isCell(field) { return field.parentNode.classList.contains('cell'); }
  function textOf(field) { return isCell(field) ? trimmed(field.value) : field.value.replace(/\r\n/g, '\n'); }
  function fields() { return all('td.cell > input, textarea[data-part], textarea[data-rule]'); }
  function learn(field) {
    var place = placeOf(field);
    if (!(place in known)) known[place] = textOf(field);
  }
  fields().forEach(learn);

  function changes() {
    var out = { cells: [], prose: [], explanations: [], count: 0, sent: {} };
    fields().forEach(function (field) {
      var place = placeOf(field), now = textOf(field), was = known[place];
      if (now === was || clashed[place]) return;
      out.count += 1;
      out.sent[place] = now;
      if (field.hasAttribute('data-rule')) {
        var codes = field.getAttribute('data-codes');
        out.explanations.push({ rule: field.getAttribute('data-rule'), aspect: field.getAttribute('data-aspect'), codes: codes ? codes.split(' ') : [], was: was, now: now });
      } else if (field.hasAttribute('data-part')) {
        out.prose.push({ part: Number(field.getAttribute('data-part')), was: was, now: now });
      } else {
        out.cells.push({ code: field.id, was: was, now: now });
      }
    });
    return out;
  }

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
    (body.clashes || []).forEach(function (clash) { showClash(clash, list); });
    if (body.fresh) takeFresh(body.fresh, save ? body.version : 0);
    show(body);
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

  /* ---- what the server says ---- */

  function show(body) {
    byID('summary').firstElementChild.textContent = body.summary;
    byID('state').textContent = body.state;
    all('td.cell > input').forEach(function (input) {
      var cell = input.parentNode, mark = body.marks[input.id] || '';
      cell.classList.toggle('has-error', mark === 'error');
      cell.classList.toggle('has-explain', mark === 'explain');
      if (body.kinds && body.kinds[input.id]) setKind(cell, body.kinds[input.id]);
      showTotal(cell, body.totals[input.id]);
    });
    showFindings(body);
    showCounts();
    showHere();
    settle();
  }
  function setKind(cell, kind) {
    ['number', 'blank', 'slash', 'unread'].forEach(function (k) { cell.classList.toggle('is-' + k, k === kind); });
  }
  function showTotal(cell, total) {
    var button = cell.querySelector('.take');
    button.hidden = !total;
    button.setAttribute('data-total', total ? total.v : '');
    button.setAttribute('data-state', total ? total.s : '');
    button.textContent = !total ? '' : total.s === 'same' ? '✓' : say('computed', total.v);
  }
  function piece(html) {
    var holder = document.createElement('template');
    holder.innerHTML = html;
    return holder.content.firstElementChild;
  }
  // The list is renewed around what somebody is writing: that text and its
  // caret stay.
  function showFindings(body) {
    var list = byID('finding-list'), old = {};
    all('li[data-key]', list).forEach(function (li) { old[li.getAttribute('data-key')] = li; });
    var at = null;
    body.findings.forEach(function (f) {
      var li = piece(f.html), kept = old[f.key];
      var text = li.querySelector('textarea'), keptText = kept && kept.querySelector('textarea');
      if (text) {
        learn(text);
        if (keptText && textOf(keptText) !== known[placeOf(text)]) text.value = keptText.value;
      }
      if (kept && keptText && keptText === document.activeElement) {
        kept.querySelector('.what').replaceWith(li.querySelector('.what'));
        li = kept;
      } else if (kept) {
        kept.replaceWith(li);
      }
      delete old[f.key];
      var next = at ? at.nextElementSibling : list.firstElementChild;
      if (li !== next) list.insertBefore(li, next);
      at = li;
    });
    Object.keys(old).forEach(function (key) { old[key].remove(); });
    byID('finding-more').textContent = body.more || '';
    byID('no-findings').hidden = body.findings.length > 0;
  }
  function showCounts() {
    var zeros = byID('zeros'), totals = takeable().length;
    if (zeros) zeros.textContent = all('td.cell > input').filter(function (i) { return /^T[34]_/.test(i.id) && textOf(i) === ''; }).length;
    byID('take-all').hidden = totals === 0;
  }
  function takeFresh(fresh, now) {
    if (now) version = now;
    fields().forEach(function (field) {
      var place = placeOf(field), theirs;
      if (field.hasAttribute('data-rule')) {
        theirs = '';
        (fresh.explanations || []).forEach(function (e) {
          if ('e ' + e.rule + '\n' + e.aspect + '\n' + (e.codes || []).join(' ') === place) theirs = e.now;
        });
      } else if (field.hasAttribute('data-part')) theirs = fresh.prose[field.getAttribute('data-part')] || '';
      else theirs = fresh.cells[field.id] || '';
      if (theirs === known[place] || textOf(field) !== known[place]) return; // what is being changed here is compared when it is saved
      field.value = theirs;
      known[place] = theirs;
      if (isCell(field)) {
        setKind(field.parentNode, fresh.kinds[field.id] || 'blank');
        field.parentNode.classList.add('is-fresh');
      }
    });
    announce(say('fresh', fresh.by));
  }
  function announce(text) {
    var place = byID('announce');
    if (place) place.textContent = text;
    var toast = byID('filing-toast');
    if (!toast) {
      toast = document.createElement('p');
      toast.id = 'filing-toast';
      toast.className = 'toast-line';
      document.querySelector('.bar-acts').appendChild(toast);
    }
    toast.textContent = text;
  }

  /* ---- two people in one place: both texts stay in sight ---- */

  function fieldAt(place) {
    return fields().filter(function (f) {
      var p = placeOf(f);
      return p === place || (p.slice(0, 2) === 'e ' && p.slice(2).replace(/\n/g, ' ').trim() === place.trim());
    })[0];
  }
  function showClash(clash, list) {
    var field = fieldAt(clash.place);
    if (!field) return;
    var place = placeOf(field);
    known[place] = clash.theirs;
    if (textOf(field) === clash.theirs) return;
    clashed[place] = true;
    delete list.sent[place];
    addClash(field, clash);
  }
  function addClash(field, clash) {
    var box = byID('clashes'), place = placeOf(field);
    var li = document.createElement('li'), name = document.createElement('strong'), versus = document.createElement('dl');
    all('li', box).forEach(function (other) { if (other.getAttribute('data-place') === clash.place) other.remove(); });
    li.setAttribute('data-place', clash.place);
    name.textContent = clash.label;
    versus.className = 'versus';
    function side(title, when, text, button, choose) {
      var div = document.createElement('div'), dt = document.createElement('dt'), dd = document.createElement('dd'), b = document.createElement('button');
      dt.textContent = title + (when ? ' ' + when : '');
      dd.textContent = text === '' ? say('blank') : text;
      b.type = 'button';
      b.className = 'btn';
      b.textContent = button;
      b.addEventListener('click', function () {
        choose();
        delete clashed[place];
        li.remove();
        if (isCell(field)) field.parentNode.classList.remove('is-clashed');
        tellClashes();
        field.focus();
        changed();
      });
      div.appendChild(dt); div.appendChild(dd); div.appendChild(b);
      versus.appendChild(div);
    }
    side(say('theirs', clash.by || ''), clash.when, clash.theirs, say('use_theirs'), function () { field.value = clash.theirs; known[place] = clash.theirs; });
    side(say('yours'), '', textOf(field), say('use_yours'), function () { known[place] = clash.theirs; });
    li.appendChild(name); li.appendChild(versus);
    box.querySelector('ul').appendChild(li);
    box.hidden = false;
    if (isCell(field)) field.parentNode.classList.add('is-clashed');
    tellClashes();
  }
  // The list may be out of sight: the line that stays says how many wait.
  function tellClashes() {
    var n = all('#clashes li').length, link = byID('to-clashes');
    byID('clashes').hidden = n === 0;
    if (!link) {
      link = document.createElement('a');
      link.id = 'to-clashes';
      link.href = '#clashes';
      link.className = 'to-clashes';
      state.parentNode.insertBefore(link, state.nextSibling);
    }
    link.hidden = n === 0;
    link.textContent = say('clashed', n);
  }
  all('#clashes li').forEach(function (li) { // those that came with the page
    var field = fieldAt(li.getAttribute('data-place'));
    if (!field) return;
    field.value = li.getAttribute('data-yours');
    var dt = li.querySelector('dt');
    clashed[placeOf(field)] = true;
    addClash(field, { place: li.getAttribute('data-place'), label: li.querySelector('strong').textContent, theirs: li.getAttribute('data-theirs'), by: dt ? dt.textContent.replace(/ 写的.*/, '') : '', when: '' });
  });

  /* ---- a copy on this machine, for a crash or an ended session ---- */

  var localKey = ['mingjing', form.getAttribute('data-account'), form.getAttribute('action')].join(' ');
  var localTimer = 0;
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
          touched(field);
          if (theirs !== kept[0]) { // somebody wrote there meanwhile
            clashed[placeOf(field)] = true;
            addClash(field, { place: placeOf(field), label: field.getAttribute('aria-label') || '', theirs: theirs, by: '', when: '' });
          }
        });
        changed();
      });
      box.appendChild(button);
    });
    form.parentNode.insertBefore(box, form);
  }

  /* ---- the grid: moving about ---- */

  var grids = all('table.sheet').map(function (table) {
    return all('tr', table).map(function (tr) { return all('td.cell > input', tr); }).filter(function (row) { return row.length; });
  });
  function spotOf(input) {
    for (var g = 0; g < grids.length; g++) for (var r = 0; r < grids[g].length; r++) {
      var c = grids[g][r].indexOf(input);
      if (c >= 0) return { g: g, r: r, c: c };
    }
    return null;
  }
  function inputAt(g, r, c) {
    var row = grids[g] && grids[g][r];
    return row ? row[Math.min(c, row.length - 1)] : null;
  }
  var anchor = null, head = null; // of the selection, in one grid
  var editing = false, before = ''; // the cell's own caret is in use; its text before

  function current() {
    var input = document.activeElement;
    return input && input.tagName === 'INPUT' && isCell(input) ? input : null;
  }
  function selected() {
    if (!anchor || !head || anchor.g !== head.g) return [];
    var out = [], rows = grids[anchor.g];
    for (var r = Math.min(anchor.r, head.r); r <= Math.max(anchor.r, head.r); r++) {
      var line = [];
      for (var c = Math.min(anchor.c, head.c); c <= Math.max(anchor.c, head.c); c++) if (rows[r][c]) line.push(rows[r][c]);
      out.push(line);
    }
    return out;
  }
  function flat(rows) { return rows.reduce(function (list, row) { return list.concat(row); }, []); }
  function paint() {
    var chosen = flat(selected());
    all('td.is-chosen').forEach(function (cell) { cell.classList.remove('is-chosen'); });
    if (chosen.length > 1) chosen.forEach(function (input) { input.parentNode.classList.add('is-chosen'); });
  }
  function goTo(input, extend) {
    if (!input) return;
    var spot = spotOf(input);
    if (extend && anchor && anchor.g === spot.g) {
      head = spot;
      paint();
      input.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      return;
    }
    input.focus();
    input.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }
  function step(dr, dc, extend) {
    var from = extend && head ? head : spotOf(current());
    if (!from) return;
    var r = from.r + dr, c = from.c + dc, rows = grids[from.g];
    if (c < 0 || (dc && c >= rows[from.r].length)) return;
    if (r < 0 || r >= rows.length) return;
    goTo(inputAt(from.g, r, c), extend);
  }
  form.addEventListener('focusin', function (event) {
    var input = event.target;
    if (input.tagName !== 'INPUT' || !isCell(input)) { showHere(); return; }
    anchor = head = spotOf(input);
    before = input.value;
    editing = false;
    input.select();
    paint();
    showHere();
  });
  var dragging = false;
  form.addEventListener('mousedown', function (event) {
    var input = event.target;
    if (input.tagName !== 'INPUT' || !isCell(input)) return;
    if (event.shiftKey && current()) {
      event.preventDefault();
      goTo(input, true);
      return;
    }
    if (input === document.activeElement) { editing = true; return; } // a second click sets the caret
    event.preventDefault();
    input.focus();
    dragging = true;
  });
  form.addEventListener('mouseover', function (event) {
    if (dragging && event.target.tagName === 'INPUT' && isCell(event.target)) goTo(event.target, true);
  });
  document.addEventListener('mouseup', function () { dragging = false; });

  form.addEventListener('keydown', function (event) {
    var input = event.target;
    if (input.tagName !== 'INPUT' || !isCell(input) || event.isComposing || event.altKey) return;
    var key = event.key, ctrl = event.ctrlKey || event.metaKey;
    if (ctrl && (key === 'z' || key === 'Z') && undoBlock()) { event.preventDefault(); return; }
    if (ctrl && (key === 'c' || key === 'x') && flat(selected()).length > 1) return; // see copy
    if (ctrl) return;
    var caret = input.selectionStart === input.selectionEnd ? input.selectionStart : -1;
    var moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    if (moves[key]) {
      var sideways = moves[key][1] !== 0;
      if (sideways && editing && !event.shiftKey && !(caret === 0 && key === 'ArrowLeft') && !(caret === input.value.length && key === 'ArrowRight')) return;
      if (sideways && editing && event.shiftKey) return;
      event.preventDefault();
      step(moves[key][0], moves[key][1], event.shiftKey);
    } else if (key === 'Enter') {
      event.preventDefault();
      step(event.shiftKey ? -1 : 1, 0, false);
    } else if (key === 'F2') {
      event.preventDefault();
      editing = true;
      input.setSelectionRange(input.value.length, input.value.length);
    } else if (key === 'F9') {
      event.preventDefault();
      take(flat(selected()));
    } else if (key === 'Escape') {
      event.preventDefault();
      if (input.value !== before) { input.value = before; touched(input); changed(); }
      editing = false;
      anchor = head = spotOf(input);
      paint();
      input.select();
    } else if ((key === 'Delete' || key === 'Backspace') && flat(selected()).length > 1) {
      event.preventDefault();
      fill(flat(selected()).map(function (i) { return [i, '']; }));
    } else if ((key === 'Home' || key === 'End') && !editing) {
      event.preventDefault();
      var spot = spotOf(input);
      goTo(inputAt(spot.g, spot.r, key === 'Home' ? 0 : grids[spot.g][spot.r].length - 1), event.shiftKey);
    } else if (key.length === 1) {
      editing = true;
    }
  });

  // Enter in a cell never sends the form, whatever sends the key.
  form.addEventListener('keypress', function (event) {
    if (event.key === 'Enter' && event.target.tagName === 'INPUT') event.preventDefault();
  });

  /* ---- changing many cells at once, and taking it back ---- */

  var undo = [];
  function fill(pairs) {
    var back = [];
    pairs.forEach(function (pair) {
      if (pair[0].value === pair[1]) return;
      back.push([pair[0], pair[0].value, pair[1]]);
      pair[0].value = pair[1];
      touched(pair[0]);
    });
    if (!back.length) return 0;
    undo.push(back);
    changed();
    return back.length;
  }
  // A block is taken back as long as nothing else was typed into it; what is
  // typed into one cell is the browser's own to take back.
  function undoBlock() {
    var last = undo[undo.length - 1], input = current();
    if (!last || (input && input.value !== before && !last.some(function (b) { return b[0] === input && b[2] === input.value; }))) return false;
    undo.pop();
    last.slice().reverse().forEach(function (b) {
      if (b[0].value !== b[2]) return;
      b[0].value = b[1];
      touched(b[0]);
    });
    if (input) { before = input.value; input.select(); }
    changed();
    return true;
  }
  // One cell is filled as if it had been typed, so that the browser can take it back.
  function type(input, text) {
    input.focus();
    input.select();
    if (!document.execCommand('insertText', false, text)) {
      input.value = text;
      touched(input);
      changed();
    }
    editing = false;
  }
  function takeable() {
    return all('.take').filter(function (b) { return !b.hidden && b.getAttribute('data-state') !== 'same'; }).map(function (b) { return b.closest('td').querySelector('input'); });
  }
  function totalOf(input) {
    var button = input.parentNode.querySelector('.take');
    return button.hidden || button.getAttribute('data-state') === 'same' ? null : button.getAttribute('data-total');
  }
  function take(inputs) {
    var pairs = inputs.filter(function (i) { return totalOf(i) !== null; }).map(function (i) { return [i, totalOf(i)]; });
    if (pairs.length === 1) type(pairs[0][0], pairs[0][1]);
    else if (pairs.length) announce(say('taken', fill(pairs)));
  }
  // Totals are sums of totals: each answer of the server may bring new ones to
  // take, until nothing changes. All of them are taken back together. The number
  // of rounds is bounded, for rules of a local form may contradict one another.
  var settling = null;
  function settle() {
    if (!settling || changes().count > 0) return; // the answer to what was taken is still to come
    var pairs = takeable().filter(function (i) { return /^(blank|differs)$/.test(i.parentNode.querySelector('.take').getAttribute('data-state')); })
      .map(function (i) { return [i, totalOf(i)]; });
    if (!pairs.length || settling.rounds-- === 0) { settling = null; return; }
    var first = settling.taken === 0, n = fill(pairs);
    if (n && !first && undo.length > 1) undo.push(undo.splice(-2).reduce(function (a, b) { return a.concat(b); }, []));
    settling.taken += n;
    announce(say('taken', settling.taken));
    if (!n) settling = null;
  }
  form.addEventListener('click', function (event) {
    var button = event.target.closest('button');
    if (!button) return;
    if (button.classList.contains('take')) take([button.closest('td').querySelector('input')]);
    else if (button.classList.contains('offer')) {
      var cell = button.closest('td').querySelector('input');
      type(cell, cell.getAttribute('data-offer'));
    } else if (button.hasAttribute('data-offer-row')) {
      fill(all('input[data-offer]', button.closest('tr')).map(function (i) { return [i, i.getAttribute('data-offer')]; }));
    } else if (button.id === 'take-all') {
      settling = { rounds: 6, taken: 0 };
      settle();
    }
  });

  form.addEventListener('paste', function (event) {
    var input = event.target, text = event.clipboardData ? event.clipboardData.getData('text/plain') : '';
    if (input.tagName !== 'INPUT' || !isCell(input)) return;
    text = text.replace(/\r\n?/g, '\n').replace(/\n$/, '');
    if (!/[\t\n]/.test(text)) return; // one value: the browser's own paste
    event.preventDefault();
    var at = anchor && head ? { g: anchor.g, r: Math.min(anchor.r, head.r), c: Math.min(anchor.c, head.c) } : spotOf(input);
    var pairs = [], beyond = 0;
    text.split('\n').forEach(function (line, r) {
      line.split('\t').forEach(function (value, c) {
        var row = grids[at.g][at.r + r], target = row && row[at.c + c];
        if (!target) { if (trimmed(value) !== '') beyond += 1; return; }
        pairs.push([target, trimmed(value.replace(/^"(.*)"$/, '$1'))]);
      });
    });
    fill(pairs);
    if (pairs.length) {
      var last = spotOf(pairs[pairs.length - 1][0]);
      anchor = at;
      head = last;
      paint();
    }
    announce(beyond ? say('pasted_beyond', pairs.length, beyond) : say('pasted', pairs.length));
  });
  form.addEventListener('copy', function (event) {
    var rows = selected();
    if (flat(rows).length < 2 || !current()) return;
    event.preventDefault();
    event.clipboardData.setData('text/plain', rows.map(function (row) { return row.map(function (i) { return i.value; }).join('\t'); }).join('\n'));
  });
  form.addEventListener('cut', function (event) {
    if (flat(selected()).length < 2 || !current()) return;
    event.preventDefault();
    event.clipboardData.setData('text/plain', selected().map(function (row) { return row.map(function (i) { return i.value; }).join('\t'); }).join('\n'));
    fill(flat(selected()).map(function (i) { return [i, '']; }));
  });

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

  all('td.cell').forEach(showOffer);
  showCounts();
  offerLocal();
  follow();
  document.body.setAttribute('data-filing', 'ready');
}());
