/** What a run did to the kernel's variables: one row, opens to a list. */
import { useId, useState } from 'react';
import type { KernelChange, KernelChanges } from '../protocol/types';
import { useT } from './context';
import { Icon } from './icon';
import { agentName } from './words/agents';
import { changeWords } from './words/changes';

/** As many are named in the row; the rest are counted. */
const NAMED = 3;

export function KernelChangesRow({ changes }: { changes: KernelChanges }): JSX.Element | null {
  const t = useT();
  const [open, setOpen] = useState(false);
  const id = useId();
  // What was there before comes first: that is what a person wants to know of
  const all = (['changed', 'deleted', 'created'] as const).flatMap(kind =>
    changes[kind].map(change => ({ kind, change, words: changeWords(kind, change, t) }))
  );
  if (all.length === 0) {
    return null;
  }
  const named = all.slice(0, NAMED).map(({ words }) => words);
  const more = all.length > NAMED ? [t('{n} more', { n: all.length - NAMED })] : [];
  return (
    <div className="aichat-tool aichat-kernel-changes">
      <button
        type="button"
        className="aichat-row"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <Icon name="kernel" />
        <span className="aichat-row-words">
          {t('Kernel: {changes}', { changes: [...named, ...more].join(' · ') })}
        </span>
        <Icon name={open ? 'open' : 'closed'} />
      </button>
      <div id={id} hidden={!open} className="aichat-tool-inside">
        {open && (
          <ul className="aichat-change-list">
            {all.map(({ kind, change }) => (
              <li key={`${kind} ${change.name}`}>
                <code>{change.name}</code> <Change kind={kind} change={change} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function Change(props: { kind: 'created' | 'changed' | 'deleted'; change: KernelChange }): JSX.Element {
  const { kind, change } = props;
  const { before, after, agent } = change;
  const t = useT();
  const facts = [
    { created: t('created'), changed: t('changed'), deleted: t('deleted') }[kind],
    [before, after].filter(Boolean).join(' → '),
    agent && agentName(agent, t)
  ];
  return <span>{facts.filter(Boolean).join(' · ')}</span>;
}
