// Bundles the panel in the notebook: one file, served by the extension's static handler.
import { build } from 'esbuild';

const prod = process.argv.includes('--prod');

await build({
  entryPoints: { widget: 'src/widget/index.tsx' },
  outdir: '../jupyter_aichat/static',
  bundle: true,
  format: 'esm',
  target: 'es2020',
  charset: 'utf8',
  jsx: 'automatic',
  minify: prod,
  legalComments: prod ? 'eof' : 'inline',
  sourcemap: prod ? false : 'inline',
  define: { 'process.env.NODE_ENV': prod ? '"production"' : '"development"' },
  // The formulas' own entry, without the parser of chemical equations: a tenth of the whole file
  alias: { temml: './node_modules/temml/temml.js' },
  loader: { '.svg': 'text' },
  logLevel: 'info'
});
