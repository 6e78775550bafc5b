// The form of the yearly report, in five scripts that load in this order and
// share one object, window.filingPage: filing_places.js (what is typed where),
// filing_keep.js (keeping it), filing_answers.js (what the server says),
// filing_grid.js (moving about, selecting and pasting as in a spreadsheet) and
// filing.js (while somebody types). What is right or wrong is said by the server
// alone, which is asked while somebody types.
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

  window.filingPage = { form: form, words: words, say: say, byID: byID, all: all, known: known, clashed: clashed, trimmed: trimmed,
    placeOf: placeOf, isCell: isCell, textOf: textOf, fields: fields, learn: learn, changes: changes };
}());
