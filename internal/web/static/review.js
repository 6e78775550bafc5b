// The reviewer's keyboard. Everything here can be done with the mouse and
// without scripts too: decisions open by their address (#do-approve), cells by
// theirs, and what is marked lies in fields of the return's form.
(function () {
  'use strict';

  var page = document.getElementById('review');

  function all(selector, root) {
    return Array.prototype.slice.call((root || document).querySelectorAll(selector));
  }

  // ---- the queue: how many are ticked ----
  function countPicks() {
    var form = document.getElementById('batch');
    if (!form) return;
    var boxes = all('input[name="pick"]', form);
    var send = document.getElementById('batch-send');
    var pickAll = document.getElementById('pick-all');
    if (!send) return;
    var n = boxes.filter(function (b) { return b.checked; }).length;
    document.getElementById('batch-count').textContent = n ? '(' + n + ')' : '';
    send.disabled = n === 0;
    pickAll.hidden = boxes.length < 2;
    pickAll.setAttribute('data-all', n === boxes.length ? 'yes' : 'no');
  }
  document.addEventListener('change', function (event) {
    if (event.target.name === 'pick') countPicks();
  });
  document.addEventListener('click', function (event) {
    if (event.target.id !== 'pick-all') return;
    var on = event.target.getAttribute('data-all') !== 'yes';
    all('#batch input[name="pick"]').forEach(function (b) { b.checked = on; });
    countPicks();
  });
  document.addEventListener('htmx:afterSettle', countPicks);
  countPicks();

  // A form that is on its way is not sent twice; the act's number makes a second
  // one harmless anyway.
  document.addEventListener('submit', function (event) {
    if (event.target.method !== 'post') return;
    if (event.target.getAttribute('data-sent')) { event.preventDefault(); return; }
    event.target.setAttribute('data-sent', 'yes');
  });
  window.addEventListener('pageshow', function () {
    all('form[data-sent]').forEach(function (f) { f.removeAttribute('data-sent'); });
  });

  if (!page) return;

  var notes = all('.notes > li', page);
  var current = -1;
  var shown = document.getElementById('show-all');
  if (shown) shown.addEventListener('change', function () { page.classList.toggle('show-all', shown.checked); });

  function open(id) {
    if (window.location.hash === '#' + id) window.location.hash = '#_';
    window.location.hash = '#' + id;
  }
  function close() { if (window.location.hash.length > 2) window.location.hash = '#_'; }
  function openAct() {
    var id = window.location.hash.slice(1);
    var section = id && document.getElementById(id);
    return section && section.classList.contains('act') ? section : null;
  }
  function cellOf(element) { return element && element.closest ? element.closest('td.fig') : null; }
  function linkOf(cell) { return cell ? cell.querySelector('a') : null; }

  function focusCell(cell) {
    var link = linkOf(cell);
    if (!link) return;
    link.focus({ preventScroll: true });
    cell.scrollIntoView({ block: 'center', inline: 'nearest' });
  }

  function goTo(i) {
    if (!notes.length) return;
    if (current >= 0) notes[current].classList.remove('is-current');
    current = (i + notes.length) % notes.length;
    var note = notes[current];
    note.classList.add('is-current');
    note.scrollIntoView({ block: 'nearest' });
    var cell = document.getElementById(note.getAttribute('data-first') || '_');
    if (cell) focusCell(cell); else note.focus();
  }

  // The cell that a key is about: the one in focus, else the finding's first.
  function cellInHand() {
    var cell = cellOf(document.activeElement);
    if (!cell && current >= 0) cell = document.getElementById(notes[current].getAttribute('data-first') || '_');
    return cell;
  }

  // The finding whose cell is in focus is lit in the list, so that j goes on from it.
  page.addEventListener('focusin', function (event) {
    var cell = cellOf(event.target);
    if (!cell || current >= 0 && notes[current].getAttribute('data-first') === cell.id) return;
    for (var i = 0; i < notes.length; i++) {
      if (notes[i].getAttribute('data-first') !== cell.id) continue;
      if (current >= 0) notes[current].classList.remove('is-current');
      current = i;
      notes[i].classList.add('is-current');
      return;
    }
  });

  // ---- marking cells for return ----
  function boxOf(cell) { return cell ? cell.querySelector('input.mark') : null; }
  function whyOf(cell) { return cell ? cell.querySelector('.why input') : null; }

  function mark(cell, on) {
    var box = boxOf(cell), why = whyOf(cell);
    if (!box) return;
    box.checked = on;
    if (on && !why.value) why.value = why.getAttribute('data-suggest') || '';
    list();
    if (!on) return;
    open(cell.id);
    why.focus();
    why.select();
  }

  function list() {
    var marks = all('input.mark:checked', page);
    all('td.fig.is-marked', page).forEach(function (c) { if (!boxOf(c).checked) c.classList.remove('is-marked'); });
    var target = document.getElementById('mark-list');
    if (!target) return;
    target.textContent = '';
    marks.forEach(function (box) {
      var cell = cellOf(box), why = whyOf(cell).value.trim();
      cell.classList.add('is-marked');
      var line = document.createElement('li');
      var what = document.createElement('a');
      what.className = 'what';
      what.href = '#' + cell.id;
      what.textContent = cell.querySelector('.panel-head strong').textContent;
      var said = document.createElement('span');
      said.className = why ? 'said' : 'said is-empty';
      said.textContent = why || '请写明理由';
      var off = document.createElement('button');
      off.type = 'button';
      off.className = 'link';
      off.textContent = '取消标记';
      off.addEventListener('click', function () { mark(cell, false); });
      line.appendChild(what);
      line.appendChild(said);
      line.appendChild(off);
      target.appendChild(line);
    });
    document.getElementById('no-marks').hidden = marks.length > 0;
    all('.marked-count', page).forEach(function (e) { e.textContent = marks.length ? marks.length + '格' : ''; });
  }

  page.addEventListener('change', function (event) {
    if (event.target.classList.contains('mark')) mark(cellOf(event.target), event.target.checked);
  });
  page.addEventListener('input', function (event) {
    var cell = cellOf(event.target);
    if (!cell || event.target !== whyOf(cell)) return;
    boxOf(cell).checked = event.target.value.trim() !== '';
    list();
  });
  // A standard reason goes into the field that is being written.
  page.addEventListener('click', function (event) {
    var say = event.target.getAttribute && event.target.getAttribute('data-say');
    if (!say) return;
    var field = event.target.closest('form').querySelector('textarea');
    field.value = field.value ? field.value.replace(/\s+$/, '') + '\n' + say : say;
    field.focus();
  });

  // ---- decisions ----
  function decide(key) {
    var button = page.querySelector('.decide-acts a[data-key="' + key + '"]');
    if (button) open(button.getAttribute('href').slice(1));
  }
  window.addEventListener('hashchange', function () {
    var section = openAct();
    if (!section) return;
    list();
    var empty = all('.marks .is-empty', section)[0];
    var first = section.querySelector('textarea[required]') || section.querySelector('.confirm') || section.querySelector('.cancel');
    if (section.querySelector('#marks') && !all('input.mark:checked', page).length) first = section.querySelector('textarea');
    if (empty) first = empty.parentNode.querySelector('a');
    if (first) first.focus();
  });

  function typing(element) {
    return element && (/^(TEXTAREA|SELECT)$/.test(element.tagName) || element.tagName === 'INPUT' && element.type !== 'checkbox' && element.type !== 'radio');
  }

  var standard = all('#standard-reasons option').map(function (o) { return o.value; });

  function inReason(event) {
    var field = event.target, cell = cellOf(field);
    if (!cell || field !== whyOf(cell)) return false;
    if (event.key === 'Enter') {
      event.preventDefault();
      close();
      focusCell(cell);
      return true;
    }
    // A digit chooses a standard reason while nothing else was typed.
    var n = parseInt(event.key, 10);
    var fresh = field.value === '' || field.selectionStart === 0 && field.selectionEnd === field.value.length;
    if (n >= 1 && n <= standard.length && fresh) {
      event.preventDefault();
      field.value = standard[n - 1];
      field.select();
      boxOf(cell).checked = true;
      list();
    }
    return true;
  }

  // Arrow keys move to the nearest cell in that direction.
  function move(from, dx, dy) {
    var table = from.closest('table'), a = from.getBoundingClientRect(), best = null, least = Infinity;
    all('td.fig', table).forEach(function (cell) {
      if (cell === from) return;
      var b = cell.getBoundingClientRect();
      var x = (b.left + b.right - a.left - a.right) / 2, y = (b.top + b.bottom - a.top - a.bottom) / 2;
      var along = x * dx + y * dy, off = Math.abs(x * dy) + Math.abs(y * dx);
      if (along < 4 || off > along * 2 && off > 40) return;
      if (along + 3 * off < least) { least = along + 3 * off; best = cell; }
    });
    if (best) focusCell(best);
  }
  var arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

  document.addEventListener('keydown', function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (inReason(event)) return;
    if (event.key === 'Escape') {
      var section = openAct();
      if (!section) return;
      close();
      var cell = cellInHand();
      if (cell) focusCell(cell);
      return;
    }
    if (typing(event.target)) return;
    var here = cellOf(event.target), way = arrows[event.key];
    if (here && way) {
      event.preventDefault();
      move(here, way[0], way[1]);
      return;
    }
    var next;
    switch (event.key) {
      case 'j': goTo(current + 1); break;
      case 'k': goTo(current < 0 ? notes.length - 1 : current - 1); break;
      case 'x':
        next = cellInHand();
        if (!next || !boxOf(next)) return;
        mark(next, !boxOf(next).checked);
        break;
      case 'a': case 'r': decide(event.key); break;
      case 'n':
        next = document.getElementById('next-report');
        if (!next) return;
        next.click();
        break;
      case 'q': document.getElementById('to-queue').click(); break;
      case '?': open('keys'); break;
      default: return;
    }
    event.preventDefault();
  });

  list();
  page.setAttribute('data-ready', 'true');
}());
