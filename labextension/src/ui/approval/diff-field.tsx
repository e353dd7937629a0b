// biome-ignore-all lint/suspicious/noArrayIndexKey: lines have no other name, and never change places
/** What a cell has now and what it would have: + and − in the gutter, hidden characters written out. */
import { useT } from '../context';
import { languageName } from '../words/actions';
import { type DiffLine, diffOf } from './line-diff';
import { linesOf, visible } from './visible';

interface Props {
  readonly before: string;
  readonly after: string;
  readonly language: string;
}

export function DiffField({ before, after, language }: Props): JSX.Element {
  const t = useT();
  const lines = diffOf(linesOf(visible(before)), linesOf(visible(after)));
  const count = (wanted: DiffLine['change']) => lines.filter(({ change }) => change === wanted).length;
  return (
    <div className="aichat-source">
      <div className="aichat-source-head">
        <span>{languageName(language)}</span>
        <span>
          {t('{added} lines added, {removed} removed', { added: count('added'), removed: count('removed') })}
        </span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard too */}
      <pre className="aichat-source-text aichat-diff" tabIndex={0}>
        {lines.map(({ change, text }, i) => (
          <span key={i} data-change={change}>
            <span className="aichat-diff-sign" aria-hidden="true">
              {SIGNS[change]}
            </span>
            {change !== 'same' && (
              <span className="aichat-hidden">{change === 'added' ? t('added:') : t('removed:')} </span>
            )}
            <code>{text}</code>
          </span>
        ))}
      </pre>
    </div>
  );
}

const SIGNS = { same: ' ', added: '+', removed: '−' };
