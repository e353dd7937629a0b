/** Changes of the kernel's variables, short: "+ q3 (4 × 3)", "~ df_sales 10,000 → 9,812 rows", "− tmp". */
import type { Translate } from '../../i18n/translate';
import type { KernelChange } from '../../protocol/types';

export function changeWords(
  kind: 'created' | 'changed' | 'deleted',
  { name, before = '', after = '' }: KernelChange,
  t: Translate
): string {
  if (kind === 'deleted') {
    return `− ${name}`;
  }
  if (kind === 'created') {
    const size = shape(after);
    return `+ ${name}${after && ` (${size ? `${size.rows} × ${size.columns}` : after})`}`;
  }
  const [was, is] = [shape(before), shape(after)];
  if (was && is && was.columns === is.columns && was.rows !== is.rows) {
    return t('~ {name} {before} → {after} rows', { name, before: was.rows, after: is.rows });
  }
  if (before && after && before !== after) {
    return `~ ${name} ${before} → ${after}`;
  }
  return `~ ${name}`;
}

/** "DataFrame 10,000 × 8", in Korean "DataFrame 10,000행 × 8열" */
function shape(words: string): { rows: string; columns: string } | undefined {
  const found = /^\S*DataFrame ([\d,.\s]+?)행? × ([\d,.\s]+)열?$/.exec(words);
  return found?.[1] && found[2] ? { rows: found[1], columns: found[2] } : undefined;
}
