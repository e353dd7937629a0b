import { describe, expect, it } from 'vitest';
import { renderBlocks } from './blocks';

function html(text: string): string {
  const [block] = renderBlocks(text);
  return block?.html.replace(/^<p>|<\/p>\n$/g, '') ?? '';
}

function link(href: string, text: string): string {
  return `<a href="${href}" title="${href}" target="_blank" rel="noopener noreferrer">${text}</a>`;
}

describe('links', () => {
  it('open in a new tab that knows nothing of this one', () => {
    expect(html('[docs](https://jupyter.org/docs)')).toBe(link('https://jupyter.org/docs', 'docs'));
    expect(html('<https://jupyter.org>')).toBe(link('https://jupyter.org', 'https://jupyter.org'));
    expect(html('[us](mailto:a@b.org)')).toBe(link('mailto:a@b.org', 'us'));
  });

  it.each([
    ['[https://jupyter.org](https://evil.example/x)', 'evil.example'],
    ['[jupyter.org](https://evil.example)', 'evil.example'],
    ['[see www.jupyter.org for more](http://jupyter.org.evil.example)', 'jupyter.org.evil.example'],
    ['[https://jupyter.org/](https://jupyter.org@evil.example/)', 'evil.example'],
    ['[https://`jupyter.org`](https://evil.example)', 'evil.example'],
    ['[**jupyter.org**](https://127.0.0.1:8888/x)', '127.0.0.1:8888'],
    ['![jupyter.org](https://evil.example/x.png)', 'evil.example'],
    ['[write to a@jupyter.org](mailto:x@evil.example)', 'evil.example'],
    ['[here](https://јupyter.org)', 'xn--upyter-2vf.org']
  ])('R-10: say where they really lead: %s', (text, host) => {
    expect(html(text)).toContain(`</a> <span class="aichat-link-host">(${host})</span>`);
  });

  it.each([
    '[https://jupyter.org](https://jupyter.org/x)',
    '[www.jupyter.org](https://jupyter.org)',
    '[jupyter.org](https://www.jupyter.org:443)',
    '[the docs](https://jupyter.org)',
    'https://jupyter.org/a?b=c.d'
  ])('say no more than is needed: %s', text => {
    expect(html(text)).not.toContain('aichat-link-host');
  });
});

describe('addresses in the text', () => {
  it('are links when they have a scheme, and only then', () => {
    expect(html('https://jupyter.org/x.')).toBe(`${link('https://jupyter.org/x', 'https://jupyter.org/x')}.`);
    for (const text of [
      'sales.csv',
      'README.md',
      'jupyter.org',
      'a@b.org',
      '10.5.1.2',
      '//x.org',
      'ftp://x.org'
    ]) {
      expect(html(text)).toBe(text);
    }
  });

  it('end before a Korean particle', () => {
    const found = link('https://jupyter.org', 'https://jupyter.org');
    expect(html('https://jupyter.org에서 보세요')).toBe(`${found}에서 보세요`);
    expect(html('https://ko.wikipedia.org/wiki/매출')).toContain('>https://ko.wikipedia.org/wiki/매출</a>');
  });
});

describe('images', () => {
  it('are links: an address can carry data away', () => {
    expect(html('![chart](https://h.org/c.png)')).toBe(link('https://h.org/c.png', 'chart'));
    expect(html('![](https://h.org/c.png)')).toBe(link('https://h.org/c.png', 'https://h.org/c.png'));
  });

  it('inside of a link are their text', () => {
    expect(html('[![build](https://h.org/b.svg)](https://h.org/ci)')).toBe(link('https://h.org/ci', 'build'));
  });
});

it('relative paths are files of the server, for who can open one', () => {
  expect(html('[the data](data/sales%202024.csv)')).toBe(
    '<span class="aichat-path" data-path="data/sales 2024.csv">the data</span>'
  );
  expect(html('[x](매출.csv)')).toBe('<span class="aichat-path" data-path="매출.csv">x</span>');
  expect(html('[x](<100%.csv>)')).toContain('data-path="100%.csv"');
});
