// The tables as a spreadsheet: moving about, selecting, pasting, and changing
// many cells at once.
(function () {
  'use strict';

  var page = window.filingPage;
  if (!page) return;
  var form = page.form, say = page.say, all = page.all, trimmed = page.trimmed, isCell = page.isCell, changes = page.changes, changed = page.changed,
    announce = page.announce;

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
    if (input.tagName !== 'INPUT' || !isCell(input)) { page.showHere(); return; }
    anchor = head = spotOf(input);
    before = input.value;
    editing = false;
    input.select();
    paint();
    page.showHere();
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
      if (input.value !== before) { input.value = before; page.touched(input); changed(); }
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
      page.touched(pair[0]);
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
      page.touched(b[0]);
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
      page.touched(input);
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

  page.current = current;
  page.takeable = takeable;
  page.settle = settle;
}());
