// Called by Go: draws an option as SVG. There are no timers and no animation.
function draw(text, width, height, font) {
  var chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: width, height: height, locale: 'ZH' });
  try {
    var option = JSON.parse(text);
    option.animation = false;
    option.backgroundColor = option.backgroundColor || '#fff';
    option.textStyle = Object.assign({}, option.textStyle, { fontFamily: font });
    delete option.toolbox;
    delete option.tooltip;
    room(option, width);
    chart.setOption(option);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}

// The legend takes as many lines as it needs; the drawing begins under it, as on
// the pages (static/app.js).
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
