import { describe, expect, it } from 'vitest';
import { translator } from '../../i18n/translate';
import type { ActionView, Effects } from '../../protocol/types';
import { factsOf, MARK, mayLast } from './facts';

const en = translator('en');
const ko = translator('ko');
const CODE: ActionView = { kind: 'run_code', code: 'x' };

/** As they are read; what is worth a second look begins with "! ". */
function read(action: ActionView, effects?: Effects, t = en): string[] {
  return factsOf({ action, effects }, t).map(
    ({ words, care }) => (care ? '! ' : '') + words.replaceAll(MARK, '`')
  );
}

const EVERYTHING: Effects = {
  names: [
    { name: 'q3', change: 'creates' },
    { name: 'by_region', change: 'creates' },
    { name: 'df_sales', change: 'rebinds', before: 'DataFrame 10,000 × 8' },
    { name: 'tmp', change: 'deletes' },
    { name: 'cache', change: 'mutates', before: 'dict of 3' }
  ],
  files: [
    { path: 'data/sales.csv', access: 'read' },
    { path: 'out.csv', access: 'write' },
    { path: 'x.db', access: 'unclear' }
  ],
  network: ['example.com'],
  shell: ['pip install x'],
  unclear: ['`exec` runs text that is not known yet.'],
  tells: 'api.openai.com'
};

describe('the facts', () => {
  it('say one thing a line, and mark what is worth a second look', () => {
    expect(read(CODE, EVERYTHING)).toEqual([
      '! overwrites `df_sales` (DataFrame 10,000 × 8)',
      '! deletes `tmp`',
      '! changes `cache` (dict of 3) in place',
      'creates `q3`, `by_region`',
      'reads `data/sales.csv`',
      '! writes `out.csv`',
      '! reads or writes `x.db`',
      '! network: `example.com`',
      '! shell: `pip install x`',
      "! can't tell: `exec` runs text that is not known yet.",
      'what comes out is read by `api.openai.com`'
    ]);
  });

  it('say of a file whether it is there, and how large', () => {
    const write = { kind: 'write_file', path: 'a.md', content: 'x' } as const;
    const file = (there: object) =>
      read(write, { files: [{ path: 'a.md', access: 'write', ...there }] }, ko)[0];
    expect(file({ exists: false })).toBe('새로 만듦: `a.md`');
    expect(file({ exists: true, size: 1234 })).toBe('! 덮어씀: `a.md` (1,234바이트)');
    expect(file({ exists: true })).toBe('! 덮어씀: `a.md`');
  });

  it('are Korean for Korean readers', () => {
    expect(read(CODE, EVERYTHING, ko)[0]).toBe('! 덮어씀: `df_sales` (DataFrame 10,000 × 8)');
    expect(read(CODE, EVERYTHING, ko).at(-1)).toBe('결과를 `api.openai.com`에서 읽어요');
  });

  it('name the result of SQL and what an inspection sees', () => {
    expect(read({ kind: 'run_sql', sql: 'x', into: 'top', engine: 'warehouse' })).toEqual([
      '! asks the database `warehouse`',
      'creates `top`'
    ]);
    expect(read({ kind: 'inspect_variables', names: ['a', 'b'], level: 'rows' })).toEqual([
      'looks at `a`, `b`',
      '! names, types, shapes and rows'
    ]);
    expect(read({ kind: 'inspect_variables' })).toEqual([
      'looks at all variables',
      'names, types and shapes'
    ]);
  });

  it('write out what would not be seen, so that no name can pretend to be another', () => {
    const names = [{ name: 'df\u202e\u0001', change: 'creates' }] as const;
    expect(read(CODE, { names: [...names] })).toEqual(['creates `df⟨U+202E⟩⟨U+0001⟩`']);
  });
});

describe('a decision for more than once', () => {
  it('is offered for code that only creates names, also by way of SQL', () => {
    const names = [{ name: 'q3', change: 'creates' }] as const;
    expect(mayLast({ action: CODE, effects: { names: [...names], tells: 'h' } })).toBe(true);
    expect(mayLast({ action: { kind: 'run_sql', sql: 'x' }, effects: {} })).toBe(true);
    expect(mayLast({ action: { kind: 'inspect_variables' } })).toBe(true);
    expect(mayLast({ action: { kind: 'insert_cell', source: 'x' } })).toBe(true);
  });

  it.each<[string, Effects]>([
    ['rebinds', { names: [{ name: 'a', change: 'rebinds' }] }],
    ['deletes', { names: [{ name: 'a', change: 'deletes' }] }],
    ['mutates', { names: [{ name: 'a', change: 'mutates' }] }],
    ['reads a file', { files: [{ path: 'a', access: 'read' }] }],
    ['uses the network', { network: ['h'] }],
    ['uses the shell', { shell: ['ls'] }],
    ['cannot be told', { unclear: ['eval'] }],
    ['hides something', { hidden: [{ line: 1, column: 1, code: 'U+202E', name: 'RLO' }] }]
  ])('is not, where the code %s', (_, effects) => {
    expect(mayLast({ action: CODE, effects })).toBe(false);
  });

  it('is not, where nobody has looked, or what is there is replaced', () => {
    expect(mayLast({ action: CODE })).toBe(false);
    for (const kind of ['replace_cell', 'run_cell', 'write_file'] as const) {
      expect(mayLast({ action: { kind }, effects: {} })).toBe(false);
    }
  });
});
