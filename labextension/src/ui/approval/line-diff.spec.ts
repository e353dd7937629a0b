import { describe, expect, it } from 'vitest';
import { diffOf } from './line-diff';

const SIGNS = { same: ' ', added: '+', removed: '-' };
const diff = (before: string, after: string) =>
  diffOf(before.split('\n'), after.split('\n'))
    .map(({ change, text }) => SIGNS[change] + text)
    .join('\n');

describe('a difference', () => {
  it.each([
    ['nothing', 'a\nb', 'a\nb', ' a\n b'],
    ['one line', 'a\nb\nc', 'a\nB\nc', ' a\n-b\n+B\n c'],
    ['lines that are new', 'a\nc', 'a\nb\nc', ' a\n+b\n c'],
    ['lines that are gone', 'a\nb\nc', 'c', '-a\n-b\n c'],
    ['lines far from each other', 'a\nb\nc\nd', 'A\nb\nc\nD', '-a\n+A\n b\n c\n-d\n+D'],
    ['a line that has moved', 'a\nb\nc', 'b\nc\na', '-a\n b\n c\n+a'],
    ['equal lines', 'x\nx', 'x\nx\nx', ' x\n x\n+x'],
    ['everything', 'a', 'b', '-a\n+b']
  ])('of %s', (_, before, after, shown) => {
    expect(diff(before, after)).toBe(shown);
  });

  it('tells both texts whole, whatever they are', () => {
    let seed = 7;
    const next = (n: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % n;
    };
    const text = () => Array.from({ length: next(9) }, () => 'abc'[next(3)] ?? '');
    for (let trial = 0; trial < 300; trial++) {
      const [before, after] = [text(), text()];
      const lines = diffOf(before, after);
      const side = (gone: string) => lines.filter(({ change }) => change !== gone).map(line => line.text);
      expect(side('added')).toEqual(before);
      expect(side('removed')).toEqual(after);
    }
  });

  it('of texts too long to compare is all of one and all of the other', () => {
    const lines = (word: string) => Array.from({ length: 1200 }, (_, i) => `${word} ${i}`);
    const shown = diffOf(['same', ...lines('old'), 'end'], ['same', ...lines('new'), 'end']);
    expect(shown).toHaveLength(2402);
    expect([shown[0], shown[1], shown[1201], shown[2401]]).toEqual([
      { change: 'same', text: 'same' },
      { change: 'removed', text: 'old 0' },
      { change: 'added', text: 'new 0' },
      { change: 'same', text: 'end' }
    ]);
  });
});
