// Builds the third-party files that the binary embeds, out of node_modules, into
// internal/web/static/vendor (what browsers get) and
// internal/bulletin/picture/files/vendor (what draws charts without one). The floor is Chromium 86: esbuild lowers what it
// can, and what it cannot lower (`:has`, `aspect-ratio`) is taken out of Tabler
// here and replaced, where a page needs it, in static/app.css.
import { build, transform } from 'esbuild';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, '../../..');
const modules = join(root, 'node_modules');
const out = resolve(here, '../static/vendor');
const target = 'chrome86';

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });

await build({
  entryPoints: [join(here, 'echarts.js')],
  bundle: true, minify: true, target, format: 'iife', globalName: 'echarts',
  legalComments: 'eof', nodePaths: [modules], outfile: join(out, 'echarts.js'),
  define: { 'process.env.NODE_ENV': '"production"' },
});

const htmx = await readFile(join(modules, 'htmx.org/dist/htmx.js'), 'utf8');
await writeFile(join(out, 'htmx.js'), (await transform(htmx, { target, minify: true, loader: 'js' })).code);

const tabler = await readFile(join(modules, '@tabler/core/dist/css/tabler.css'), 'utf8');
const lowered = (await transform(tabler, { target, loader: 'css' })).code;
const plain = withoutRules(lowered, /:has\(|\[data-bs-theme=["']?dark/).replace(/^\s*aspect-ratio:[^;]*;\n/gm, '');
await writeFile(join(out, 'tabler.css'), (await transform(plain, { target, minify: true, loader: 'css' })).code);

await writeFile(join(out, 'licences.txt'), await licences(['@tabler/core', 'echarts', 'htmx.org', 'tslib', 'zrender']));

// Charts for documents: all of ECharts (the pages' build has what they draw with),
// the painter of SVG, and a font for machines that have none.
const pictures = resolve(root, 'internal/bulletin/picture/files/vendor');
await rm(pictures, { recursive: true, force: true });
await mkdir(pictures, { recursive: true });
for (const [from, to] of [
  ['echarts/dist/echarts.min.js', 'echarts.js'],
  ['@resvg/resvg-wasm/index_bg.wasm', 'resvg.wasm'],
  ['@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-400-normal.woff2', 'noto-sans-sc-chinese.woff2'],
  ['@fontsource/noto-sans-sc/files/noto-sans-sc-latin-400-normal.woff2', 'noto-sans-sc-latin.woff2'],
]) await copyFile(join(modules, from), join(pictures, to));
await writeFile(join(pictures, 'licences.txt'), await licences(['@fontsource/noto-sans-sc', '@resvg/resvg-wasm', 'echarts', 'zrender']));

// withoutRules drops every plain rule whose selector matches; esbuild's
// unminified output puts a selector list before "{" and the end on a line "}".
function withoutRules(css, unwanted) {
  return css.replace(/^([ \t]*)([^\s@}][^{}]*)\{[^{}]*\}\n/gm, (rule, _indent, selector) => {
    const kept = selector.split(/,\s*(?![^(]*\))/).filter((s) => !unwanted.test(s));
    return kept.length === 0 ? '' : rule.replace(selector, kept.join(', ').trim() + ' ');
  });
}

async function licences(names) {
  const parts = [];
  for (const name of names) {
    const dir = join(modules, name);
    const about = JSON.parse(await readFile(join(dir, 'package.json'), 'utf8'));
    parts.push(`${name} ${about.version} (${about.license})`);
    for (const file of (await readdir(dir)).filter((f) => /^(licen[sc]e|notice|copyright)/i.test(f)).sort()) {
      const stat = await readFile(join(dir, file), 'utf8').catch(() => '');
      if (stat) parts.push(stat.trim());
    }
    parts.push('-'.repeat(72));
  }
  return parts.join('\n\n') + '\n';
}
