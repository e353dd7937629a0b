import { describe, expect, it } from 'vitest';
import { type Table, tableOf, toCsv, toTsv } from './table-data';

const SALES = {
  columns: [
    { name: 'region', dtype: 'object' },
    { name: 'revenue', dtype: 'int64' }
  ],
  rows: [
    ['서울', 1200],
    ['부산', null]
  ],
  total: 9812
};

function table(data: unknown): Table {
  const made = tableOf(data);
  if (!made) {
    throw new Error('no table');
  }
  return made;
}

describe('a table', () => {
  it('is read with its index first', () => {
    expect(table({ ...SALES, index: ['a', 'b'] })).toEqual({
      columns: [
        { name: '', numeric: false },
        { name: 'region', numeric: false },
        { name: 'revenue', numeric: true }
      ],
      rows: [
        ['a', '서울', 1200],
        ['b', '부산', null]
      ],
      total: 9812
    });
  });

  it('knows numbers by their type, or by what they are', () => {
    const columns = ['Int64', 'float32', 'UInt8', 'Decimal(10, 2)', 'object', 'str'];
    const made = table({
      columns: columns.map(dtype => ({ name: dtype, dtype })),
      rows: [[null, 'inf', 1, '1.20', 3, '4']],
      total: 1
    });
    expect(made.columns.map(({ numeric }) => numeric)).toEqual([true, true, true, true, true, false]);
  });

  it('is made whole where its rows are not, and never claims fewer rows than it has', () => {
    const made = table({
      columns: SALES.columns,
      rows: [['서울'], ['부산', { a: 1 }, 'too much']],
      total: 1
    });
    expect(made.rows).toEqual([
      ['서울', null],
      ['부산', '{"a":1}']
    ]);
    expect(made.total).toBe(2);
  });

  it.each([undefined, null, 'x', [], {}, { columns: [], rows: [1] }, { columns: {}, rows: [] }])(
    'is not made of %j',
    data => expect(tableOf(data)).toBeUndefined()
  );
});

describe('as text', () => {
  const odd = table({
    columns: [{ name: 'a,b' }, { name: 'c' }],
    rows: [
      ['say "hi"', -1.5],
      ['two\nlines\tand a tab', null],
      ['=HYPERLINK("x")', true]
    ],
    total: 3
  });

  it('for a clipboard, one row is one line', () => {
    expect(toTsv(odd)).toBe('a,b\tc\nsay "hi"\t-1.5\ntwo lines and a tab\t\n=HYPERLINK("x")\ttrue');
  });

  it('for a file, Excel reads its Korean and its quotes, and calculates nothing of it', () => {
    expect(toCsv(odd)).toBe(
      '\ufeff"a,b",c\r\n"say ""hi""",-1.5\r\n"two\nlines\tand a tab",\r\n"\'=HYPERLINK(""x"")",true\r\n'
    );
    expect(toCsv(table(SALES))).toBe('\ufeffregion,revenue\r\n서울,1200\r\n부산,\r\n');
  });
});
