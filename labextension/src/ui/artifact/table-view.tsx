// biome-ignore-all lint/suspicious/noArrayIndexKey: rows and columns have no other name, and never change places
/** A table: ten rows at a time, numbers to the right. */
import { memo, useState } from 'react';
import { useT } from '../context';
import type { Table, Value } from './table-data';

const ROWS_SHOWN = 10;
/** While it is enlarged. */
const ROWS_LARGE = 50;

export const TableView = memo(function TableView({
  table,
  large
}: {
  table: Table;
  large: boolean;
}): JSX.Element {
  const t = useT();
  const [page, setPage] = useState(0);
  const size = large ? ROWS_LARGE : ROWS_SHOWN;
  const { columns, rows, total } = table;
  const last = Math.max(0, Math.ceil(rows.length / size) - 1);
  const at = Math.min(page, last);
  const shown = rows.slice(at * size, (at + 1) * size);
  const numbers = new Intl.NumberFormat(t.language, { maximumFractionDigits: 6 });
  return (
    <>
      <div className="aichat-data">
        <table>
          <thead>
            <tr>
              {columns.map(({ name, numeric }, j) => (
                <th key={j} scope="col" data-numeric={numeric}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((row, i) => (
              <tr key={at * size + i}>
                {row.map((value, j) => (
                  <Cell key={j} value={value} numeric={columns[j]?.numeric ?? false} numbers={numbers} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="aichat-data-foot">
        <span>
          {at === 0
            ? t('{n} of {total}', { n: shown.length, total })
            : t('{from}–{to} of {total}', { from: at * size + 1, to: at * size + shown.length, total })}
          {rows.length < total && last > 0 && ` · ${t('the first {n} are here', { n: rows.length })}`}
        </span>
        {last > 0 && (
          <span className="aichat-pager">
            <button
              type="button"
              className="aichat-link-button"
              disabled={at === 0}
              onClick={() => setPage(at - 1)}
            >
              {t('Previous rows')}
            </button>
            <button
              type="button"
              className="aichat-link-button"
              disabled={at === last}
              onClick={() => setPage(at + 1)}
            >
              {t('Next rows')}
            </button>
          </span>
        )}
      </div>
    </>
  );
});

function Cell(props: { value: Value; numeric: boolean; numbers: Intl.NumberFormat }): JSX.Element {
  const { value, numeric, numbers } = props;
  const t = useT();
  if (value === null) {
    return (
      <td data-numeric={numeric} className="aichat-missing" title={t('missing')}>
        –
      </td>
    );
  }
  return <td data-numeric={numeric}>{typeof value === 'number' ? numbers.format(value) : String(value)}</td>;
}
