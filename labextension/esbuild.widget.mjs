// Bundles the panel in the notebook: one file, served by the extension's static handler.
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** Of temml only what turns a formula into MathML: no chemical equations, no search through a page. */
const onlyFormulas = {
  name: 'only-formulas',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^temml$/ }, () => ({ path: fileURLToPath(new URL(TEMML, import.meta.url)) }));
    onResolve({ filter: /^\.\/src\/(auto-render|postProcess)$/ }, ({ path }) => ({
      path,
      namespace: 'nothing'
    }));
    onLoad({ filter: /./, namespace: 'nothing' }, () => ({
      contents: 'export const renderMathInElement = undefined, postProcess = undefined, version = "";'
    }));
  }
};
const TEMML = './node_modules/temml/temml.js';

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
  plugins: [onlyFormulas],
  loader: { '.svg': 'text' },
  logLevel: 'info'
});
