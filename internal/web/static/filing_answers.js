// What the server says of what is typed, and what it says when two people wrote
// in one place.
(function () {
  'use strict';

  var page = window.filingPage;
  if (!page) return;
  var say = page.say, byID = page.byID, all = page.all, known = page.known, clashed = page.clashed, placeOf = page.placeOf, isCell = page.isCell, textOf = page.textOf,
    fields = page.fields, learn = page.learn, changed = page.changed;

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
    page.showHere();
    page.settle();
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
    var zeros = byID('zeros'), totals = page.takeable().length;
    if (zeros) zeros.textContent = all('td.cell > input').filter(function (i) { return /^T[34]_/.test(i.id) && textOf(i) === ''; }).length;
    byID('take-all').hidden = totals === 0;
  }
  function takeFresh(fresh, now) {
    if (now) page.sees(now);
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
      byID('saving').parentNode.insertBefore(link, byID('saving').nextSibling);
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

  page.show = show;
  page.setKind = setKind;
  page.showCounts = showCounts;
  page.takeFresh = takeFresh;
  page.announce = announce;
  page.showClash = showClash;
  page.addClash = addClash;
}());
