/** Colours for code: the languages that analysts write, bundled; everything else stays plain. */
import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import diff from 'highlight.js/lib/languages/diff';
import json from 'highlight.js/lib/languages/json';
import julia from 'highlight.js/lib/languages/julia';
import markdown from 'highlight.js/lib/languages/markdown';
import plaintext from 'highlight.js/lib/languages/plaintext';
import python from 'highlight.js/lib/languages/python';
import r from 'highlight.js/lib/languages/r';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import yaml from 'highlight.js/lib/languages/yaml';

const LANGUAGES = {
  bash,
  diff,
  json,
  julia,
  markdown,
  plaintext,
  python,
  r,
  sql,
  typescript,
  yaml
};
/** Names that models and notebooks use beside those that highlight.js knows itself (py, sh, js, ts, yml, jl, …). */
const ALIASES: Record<string, readonly string[]> = {
  bash: ['shell', 'console'],
  json: ['jsonl', 'ndjson', 'ipynb'],
  python: ['python3', 'py3', 'ipython', 'ipython3'],
  sql: ['postgresql', 'postgres', 'sqlite', 'mysql', 'duckdb', 'bigquery'],
  typescript: ['javascript', 'js', 'jsx', 'mjs', 'cjs'] // whose grammar is a part of it
};

for (const [name, language] of Object.entries(LANGUAGES)) {
  hljs.registerLanguage(name, language);
  hljs.registerAliases([...(ALIASES[name] ?? [])], { languageName: name });
}

/** Longer code, in characters, stays plain: colouring it would hold the page up. */
export const MAX_HIGHLIGHT = 50_000;
/** Up to here, code that still grows is coloured at each frame. */
const SMALL = 10_000;

/** The code as HTML: escaped, with spans of class `hljs-…` where the language is known. */
export function highlight(source: string, language: string): string {
  if (source.length > MAX_HIGHLIGHT || !hljs.getLanguage(language)) {
    return escapeHtml(source);
  }
  return hljs.highlight(source, { language, ignoreIllegals: true }).value;
}

/** Code that grows. In a long one the newest lines stay plain until a tenth has been added, so that the work stays linear. */
export class GrowingCode {
  private language = '';
  private done = '';
  private html = '';

  highlight(source: string, language: string): string {
    const fresh = source.length - this.done.length;
    const usable = language === this.language && source.startsWith(this.done);
    if (usable && fresh === 0) {
      return this.html;
    }
    if (usable && this.done.length > SMALL && fresh < this.done.length / 10) {
      return this.html + escapeHtml(source.slice(this.done.length));
    }
    this.language = language;
    this.done = source;
    this.html = highlight(source, language);
    return this.html;
  }
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#x27;'
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, character => ENTITIES[character] ?? character);
}
