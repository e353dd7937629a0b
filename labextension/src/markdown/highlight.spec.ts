import { describe, expect, it } from 'vitest';
import { escapeHtml, GrowingCode, highlight, MAX_HIGHLIGHT } from './highlight';

const plain = (html: string) =>
  html
    .replace(/<[^>]*>/g, '')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#x27;/g, "'")
    .replace(/&amp;/g, '&');

describe('highlighting', () => {
  it.each([
    ['python', 'def f(): return 1'],
    ['py', 'import pandas as pd'],
    ['ipython3', 'x = None'],
    ['r', 'x <- function(a) TRUE'],
    ['sql', 'SELECT 1 FROM t'],
    ['duckdb', 'select 1'],
    ['bash', 'for x in *; do echo "$x"; done'],
    ['console', 'echo "x"'],
    ['json', '{"a": 1}'],
    ['yaml', 'a: 1'],
    ['js', 'const a = 1'],
    ['typescript', 'let a: number = 1'],
    ['julia', 'function f() end'],
    ['markdown', '# Title'],
    ['diff', '+ added']
  ])('knows %s, and changes no character', (language, source) => {
    const html = highlight(source, language);
    expect(html).toContain('<span class="hljs-');
    expect(plain(html)).toBe(source);
  });

  it('leaves plain what it does not know or what is too long, escaped', () => {
    expect(highlight('<b>', 'klingon')).toBe('&lt;b&gt;');
    expect(highlight('<b>', '')).toBe('&lt;b&gt;');
    expect(highlight('1'.repeat(MAX_HIGHLIGHT + 1), 'python')).not.toContain('<');
    expect(escapeHtml(`<a href="x" title='y'>&`)).toBe(
      '&lt;a href=&quot;x&quot; title=&#x27;y&#x27;&gt;&amp;'
    );
  });
});

describe('code that grows', () => {
  it('is coloured at each step while it is small', () => {
    const growing = new GrowingCode();
    const source = 'def f(x):\n    """Doc\n    """\n    return "x"\n';
    for (let end = 1; end <= source.length; end++) {
      expect(growing.highlight(source.slice(0, end), 'python')).toBe(
        highlight(source.slice(0, end), 'python')
      );
    }
  });

  it('loses no character when it is long, and is coloured up to the last tenth', () => {
    const growing = new GrowingCode();
    const source = 'x = "a < b"\n'.repeat(3000);
    for (let end = 500; end <= source.length; end += 500) {
      const html = growing.highlight(source.slice(0, end), 'python');
      expect(plain(html)).toBe(source.slice(0, end));
      const plainTail = html.slice(html.lastIndexOf('</span>'));
      expect(plainTail.length).toBeLessThan(end / 5 + 100);
    }
  });

  it('begins anew when it is other code or another language', () => {
    const growing = new GrowingCode();
    growing.highlight('select 1', 'python');
    expect(growing.highlight('select 1', 'sql')).toBe(highlight('select 1', 'sql'));
    expect(growing.highlight('other', 'sql')).toBe('other');
  });
});
