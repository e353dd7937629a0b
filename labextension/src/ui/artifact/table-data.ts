/**
 * A table on the wire, `application/vnd.jupyter-aichat.table+json`:
 *
 *     {
 *       "columns": [{"name": "region", "dtype": "object"}, {"name": "revenue", "dtype": "int64"}],
 *       "rows": [["서울", 1200], ["부산", null]],      as many as were sent; `null` is a missing value
 *       "total": 9812,                                rows of the whole table; `rows` are the first of them
 *       "index": ["2026-Q1", "2026-Q2"]               optional: labels of `rows`, in the same order
 *     }
 *
 * Values are JSON: dates are ISO 8601 texts, whole numbers beyond 2^53 are texts, infinite ones are texts. `dtype` is what
 * pandas or polars calls it; columns of numbers stand to the right.
 */
export const TABLE_MIME = 'application/vnd.jupyter-aichat.table+json';

export type Value = string | number | boolean | null;

export interface Column {
  readonly name: string;
  readonly numeric: boolean;
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Value[])[];
  readonly total: number;
}

/** The table, if it is one; its index as the first column. */
export function tableOf(data: unknown): Table | undefined {
  const { columns, rows, total, index } = Object(data);
  if (!Array.isArray(columns) || !Array.isArray(rows) || !rows.every(Array.isArray)) {
    return undefined;
  }
  const labels: readonly unknown[] | undefined = Array.isArray(index) ? index : undefined;
  const cells = (rows as unknown[][]).map((row, i) =>
    [...(labels ? [labels[i]] : []), ...columns.map((_, j) => row[j])].map(cellOf)
  );
  const heads = [...(labels ? [{ name: '', dtype: '' }] : []), ...columns].map(head => Object(head));
  return {
    columns: heads.map(({ name, dtype }, j) => ({
      name: String(name ?? ''),
      numeric: /^u?int|^float|^decimal/i.test(String(dtype)) || isNumeric(cells.map(row => row[j]))
    })),
    rows: cells,
    total: typeof total === 'number' && total > cells.length ? total : cells.length
  };
}

function isNumeric(values: readonly (Value | undefined)[]): boolean {
  const known = values.filter(value => value !== null && value !== undefined);
  return known.length > 0 && known.every(value => typeof value === 'number');
}

function cellOf(value: unknown): Value {
  if (value === null || value === undefined || typeof value === 'boolean' || typeof value === 'string') {
    return value ?? null;
  }
  return typeof value === 'number' ? value : JSON.stringify(value);
}

/** For a spreadsheet's clipboard. */
export function toTsv({ columns, rows }: Table): string {
  const cell = (value: Value) => (value === null ? '' : String(value).replace(/[\t\r\n]+/g, ' '));
  return [columns.map(({ name }) => name), ...rows].map(row => row.map(cell).join('\t')).join('\n');
}

/** For Excel, which takes a file for UTF-8 only if it begins with this mark. */
const BOM = '\ufeff';

export function toCsv({ columns, rows }: Table): string {
  const cell = (value: Value) => {
    const text = value === null ? '' : String(value);
    // What a spreadsheet would calculate is kept a text
    const safe = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  };
  const lines = [columns.map(({ name }) => name), ...rows].map(row => row.map(cell).join(','));
  return `${BOM}${lines.join('\r\n')}\r\n`;
}
