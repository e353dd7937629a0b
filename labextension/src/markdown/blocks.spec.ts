import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Block, BlockSplitter, renderBlocks } from './blocks';
import { md } from './parser';

afterEach(() => vi.restoreAllMocks());

const ANSWER = [
  '# 매출 요약',
  'The **file** has $n = 10$ rows\nand `3` columns.',
  '- a\n- b\n\n  more of b\n\n  - c\n- [x] d',
  '1. one\n\n2. two\n\n   ```python\n   x = 1\n   ```\n\n10. ten',
  'Heading\n===',
  '```python\ndf = read("a.csv")\n\nprint(df)\n```',
  '| a | b |\n|---|--:|\n| 1 | 2 |\n| 3 | 4 |',
  '> quote\nlazy\n>\n> - x',
  '$$\n\\frac{a}{b}\n- c\n$$',
  '    indented\n\n    code',
  '***',
  'para\n#hashtag is no heading',
  'para\n```not a fence``` here',
  'para\n***bold*** here',
  '~~~\n```\n~~~',
  '* x\n+ y',
  'https://jupyter.org에서 [b](data/b.csv)',
  '```sql\nselect 1'
].join('\n\n');

function shown(blocks: readonly Block[]): string[] {
  return blocks.map(block =>
    block.kind === 'code' ? `${block.language}|${block.source}|${block.closed}` : block.html
  );
}

describe('a text that grows', () => {
  it('one character at a time is at each step what it would be if it were read anew', () => {
    const splitter = new BlockSplitter();
    for (let end = 0; end <= ANSWER.length; end++) {
      const text = ANSWER.slice(0, end);
      expect(shown(splitter.update(text))).toEqual(shown(new BlockSplitter().update(text)));
    }
  });

  it.each([1, 3, 7, 64, 1000])('in pieces of %i ends as what the whole text is', size => {
    const splitter = new BlockSplitter();
    for (let end = 0; end < ANSWER.length; end += size) {
      splitter.update(ANSWER.slice(0, end));
    }
    expect(splitter.update(ANSWER, true)).toEqual(renderBlocks(ANSWER));
  });

  it.each(['\r\n', '\r'])('may have other line ends: %j', end => {
    const text = ANSWER.replaceAll('\n', end);
    const splitter = new BlockSplitter();
    for (let i = 0; i <= text.length; i += 5) {
      splitter.update(text.slice(0, i));
    }
    expect(splitter.update(text, true)).toEqual(renderBlocks(ANSWER));
  });

  it('keeps its blocks: same key, same object', () => {
    const splitter = new BlockSplitter();
    const before = splitter.update('one\n\ntwo\n\nthr');
    const after = splitter.update('one\n\ntwo\n\nthree\n\nfo');
    expect(after.map(block => block.key)).toEqual(['0', '1', '2', '3']);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBe(before[1]);
    expect(after[2]).not.toBe(before[2]);
    const end = splitter.update('one\n\ntwo\n\nthree\n\nfo', true);
    expect(end.map((block, i) => block === after[i])).toEqual([true, true, true, true]);
    expect(splitter.update('one\n\ntwo\n\nthree\n\nfo', true)).toBe(end);
  });

  it('costs what its last block costs: what is finished is not read again', () => {
    const paragraph = `${'word '.repeat(40)}\n\n`;
    const read = vi.spyOn(md, 'parse');
    const splitter = new BlockSplitter();
    for (let count = 1; count <= 200; count++) {
      splitter.update(paragraph.repeat(count));
    }
    const characters = read.mock.calls.reduce((sum, [text]) => sum + text.length, 0);
    expect(characters).toBeLessThan(3 * 200 * paragraph.length);
  });

  it('may turn out to be another one', () => {
    const splitter = new BlockSplitter();
    splitter.update('one\n\ntwo\n\nthree');
    expect(shown(splitter.update('ONE\n\nTWO'))).toEqual(['<p>ONE</p>\n', '<p>TWO</p>\n']);
    expect(splitter.update('')).toEqual([]);
  });

  it('resolves links that are defined elsewhere when it is complete', () => {
    const text = '[a][x] and more\n\npara\n\n[x]: https://h.org\n';
    const splitter = new BlockSplitter();
    for (let end = 0; end <= text.length; end++) {
      expect(splitter.update(text.slice(0, end))[0]?.html ?? '').not.toContain('href');
    }
    const end = splitter.update(text, true);
    expect(end[0]?.html).toContain('href="https://h.org"');
    expect(end).toEqual(renderBlocks(text));
  });
});

describe('code', () => {
  it('is a block of its own, with its language and what can be copied', () => {
    expect(renderBlocks('```Python title="x"\nx = "<b>"\n\n```')).toEqual([
      {
        kind: 'code',
        key: '0',
        language: 'python',
        source: 'x = "<b>"\n',
        html: 'x = <span class="hljs-string">&quot;&lt;b&gt;&quot;</span>\n',
        closed: true
      }
    ]);
  });

  it('is open while more of it may come', () => {
    const splitter = new BlockSplitter();
    const closed = (text: string, done = false) =>
      splitter.update(text, done).map(block => block.kind === 'code' && block.closed);
    expect(closed('```r')).toEqual([false]);
    expect(closed('```r\nx <- 1')).toEqual([false]);
    expect(closed('```r\nx <- 1\n')).toEqual([false]);
    expect(closed('```r\nx <- 1\n``')).toEqual([false]);
    expect(closed('```r\nx <- 1\n```')).toEqual([true]);
    expect(closed('```r\nx <- 1\n```x')).toEqual([false]);
    expect(closed('```r\nx <- 1\n```x\n', true)).toEqual([true]);
  });

  it('without a language, or with one nobody knows, stays plain', () => {
    expect(renderBlocks('```\na < b\n```')[0]).toMatchObject({ language: '', html: 'a &lt; b' });
    expect(renderBlocks('```{brainf}\na < b\n```')[0]).toMatchObject({ html: 'a &lt; b' });
  });
});
