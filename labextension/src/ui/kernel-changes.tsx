/** What a run did to the kernel's variables: one row, opens to a list. */
import { useId, useState } from 'react';
import type { KernelChange, KernelChanges } from '../protocol/types';
import { useT } from './context';
import { Icon } from './icon';
import { agentName } from './words/agents';
import { changeWords } from './words/changes';

export function KernelChangesRow({ changes }: { changes: KernelChanges }): JSX.Element | null {
  const t = useT();
  const [open, setOpen] = useState(false);
  const id = useId();
  const all = (['created', 'changed', 'deleted'] as const).flatMap(kind =>
    changes[kind].map(change => ({ kind, change, words: changeWords(kind, change, t) }))
  );
  if (all.length === 0) {
    return null;
  }
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
          {t('Kernel: {changes}', { changes: all.map(({ words }) => words).join(' · ') })}
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
