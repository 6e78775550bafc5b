// Draws the charts that pages describe, keeps addresses short, and hands focus
// back after a part of the page was replaced. Pages work without it, but for
// the drawings, whose rows stand in tables too.
(function () {
  'use strict';

  var drawn = [];

  function draw(root) {
    var places = root.querySelectorAll('.chart[data-chart]');
    for (var i = 0; i < places.length; i++) drawOne(places[i]);
    document.body.setAttribute('data-ready', 'true');
  }

  function drawOne(place) {
    var source = document.getElementById(place.getAttribute('data-chart'));
    if (!source || place.getAttribute('data-drawn')) return;
    place.style.height = place.getAttribute('data-height') + 'px';
    var data = JSON.parse(source.textContent);
    var chart = window.echarts.init(place, null, { renderer: 'svg', locale: 'ZH' });
    data.option.animation = false;
    room(data.option, place.clientWidth);
    chart.setOption(data.option);
    chart.on('click', function (point) {
      if (point.componentType === 'markPoint') {
        if (point.data && point.data.href) window.location.href = point.data.href;
        return;
      }
      var series = data.links[point.seriesIndex] || [];
      if (series[point.dataIndex]) window.location.href = series[point.dataIndex];
    });
    place.setAttribute('data-drawn', 'true');
    drawn.push({ place: place, chart: chart });
  }

  // The legend takes as many lines as it needs; the drawing begins under it.
  function room(option, width) {
    var legend = option.legend, grid = option.grid && (option.grid[0] || option.grid);
    if (!legend || legend.show === false || !grid || !Array.isArray(option.series)) return;
    var used = 0, lines = 1;
    option.series.forEach(function (series) {
      var long = 36 + 13 * (series.name || '').length;
      if (used > 0 && used + long > width) { lines += 1; used = 0; }
      used += long;
    });
    grid.top = 34 + 21 * lines;
  }

  function tidy() {
    drawn = drawn.filter(function (d) {
      if (document.body.contains(d.place)) return true;
      d.chart.dispose();
      return false;
    });
  }

  function resize() {
    drawn.forEach(function (d) { d.chart.resize(); });
  }

  document.addEventListener('DOMContentLoaded', function () { draw(document); });

  var waiting = 0;
  window.addEventListener('resize', function () {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(resize, 120);
  });
  window.addEventListener('beforeprint', resize);
  window.addEventListener('afterprint', resize);
  document.addEventListener('toggle', resize, true);

  // Empty filters do not belong into the address.
  // a menu that scrolls sideways shows where one is
  var here = document.querySelector('.menu a[aria-current]');
  if (here && here.parentNode.scrollWidth > here.parentNode.clientWidth) {
    here.parentNode.scrollLeft = here.offsetLeft - here.parentNode.offsetLeft - 40;
  }

  document.addEventListener('htmx:configRequest', function (event) {
    var params = event.detail.parameters;
    Object.keys(params).forEach(function (key) { if (params[key] === '') delete params[key]; });
  });
  document.addEventListener('submit', function (event) {
    if (event.target.method !== 'get') return;
    Array.prototype.forEach.call(event.target.elements, function (field) {
      if (field.name && field.value === '') field.disabled = true;
    });
  });

  document.addEventListener('htmx:afterSettle', function () {
    tidy();
    draw(document);
    var title = document.querySelector('h1');
    var announce = document.getElementById('announce');
    if (title && announce) announce.textContent = title.textContent;
  });
  // An answer that is no page (an error, a proxy's page) is shown whole.
  document.addEventListener('htmx:responseError', function (event) {
    window.location.href = event.detail.pathInfo.finalRequestPath || window.location.href;
  });

  document.addEventListener('click', function (event) {
    if (event.target.closest && event.target.closest('[data-print]')) window.print();
  });

  // Escape closes the panel of a cell and gives focus back to the cell.
  document.addEventListener('keydown', function (event) {
    if (event.key !== 'Escape' || window.location.hash.length < 3) return;
    var cell = document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    if (!cell || !cell.classList.contains('fig')) return;
    window.location.hash = '#_';
    var link = cell.querySelector('a');
    if (link) link.focus({ preventScroll: true });
  });
}());
