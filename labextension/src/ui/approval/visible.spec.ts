import { describe, expect, it } from 'vitest';
import { hasLongGap, linesOf, plain, visible } from './visible';

describe('a character that nobody sees', () => {
  it.each([
    ['turns text round', 'a\u202eb', 'a⟨U+202E⟩b'],
    ['isolates', '\u2066x\u2069', '⟨U+2066⟩x⟨U+2069⟩'],
    ['has no width', 'pass\u200bword', 'pass⟨U+200B⟩word'],
    ['joins nothing', 'a\u200db', 'a⟨U+200D⟩b'],
    ['is a space that is none', 'a\u00a0b\u3000c', 'a⟨U+00A0⟩b⟨U+3000⟩c'],
    ['is an empty Hangul letter', '\u3164 = 1', '⟨U+3164⟩ = 1'],
    ['controls', 'a\u0008b\u001b[8m', 'a⟨U+0008⟩b⟨U+001B⟩[8m'],
    ['moves to the start of the line', 'rm\rls', 'rm⟨U+000D⟩ls'],
    ['begins a line where none is seen', 'a\u2028b', 'a⟨U+2028⟩b'],
    ['tags', 'x\u{e0041}', 'x⟨U+E0041⟩'],
    ['is half of one', 'a\ud800b', 'a⟨U+D800⟩b'],
    ['begins a file', '\ufeffimport os', '⟨U+FEFF⟩import os']
  ])('and %s is written out', (_, text, shown) => {
    expect(visible(text)).toBe(shown);
    expect(visible(plain(text))).toBe(plain(text));
  });

  it('is none of those that code and Korean need', () => {
    const text = 'def f(x):\n\treturn "한글 ✔️ 👩‍💻 é ñ → × ≤"\r\n';
    expect(visible(text)).toBe(text.replace('\r\n', '\n'));
    expect(plain('a\u00a0b\u202e')).toBe('a b');
  });
});

it('a gap that hides what stands behind it is noticed, an ordinary one is not', () => {
  expect(hasLongGap(`x = 1${'\n'.repeat(9)}y = 2`)).toBe(true);
  expect(hasLongGap(`x = 1${'\n \t'.repeat(9)}y = 2`)).toBe(true);
  expect(hasLongGap(`x = 1;${' '.repeat(60)}grant()`)).toBe(true);
  expect(hasLongGap(`x = 1;${'\u00a0'.repeat(60)}grant()`)).toBe(true);
  expect(hasLongGap('class A:\n\n\n    def f(self):\n        return 1\n')).toBe(false);
  expect(hasLongGap(`x = 1${'\n'.repeat(40)}`)).toBe(false);
});

it('lines are counted as an editor does', () => {
  expect(linesOf('a\n\nb\n\n')).toEqual(['a', '', 'b']);
  expect(linesOf('')).toEqual(['']);
});
