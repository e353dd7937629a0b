/** A decided request: one row; what it was about stays behind the chevron. */
import { useId, useState } from 'react';
import type { Translate } from '../../i18n/translate';
import type { ApprovalPart } from '../../protocol/types';
import { useT } from '../context';
import { Icon } from '../icon';
import type { IconName } from '../icon-names';
import { actionLanguage, actionSource, actionWords, fileName } from '../words/actions';
import { agentName } from '../words/agents';
import { CodeField } from './code-field';
import { DiffField } from './diff-field';

export function Settled({ part }: { part: ApprovalPart }): JSX.Element {
  const t = useT();
  const [open, setOpen] = useState(false);
  const id = useId();
  const { action, decision, reason } = part;
  const source = actionSource(action);
  const row = (
    <>
      <Icon
        name={ICONS[decision ?? 'cancelled']}
        className={isApproved(part) ? 'aichat-state-ok' : undefined}
      />
      <span className="aichat-row-words" title={action.files?.join('\n')}>
        {settledWords(part, t)}
        {reason && ` · ${reason}`}
      </span>
      {isApproved(part) && <ScopeWords part={part} />}
    </>
  );
  if (source === undefined) {
    return <div className="aichat-row aichat-settled">{row}</div>;
  }
  return (
    <div className="aichat-tool">
      <button
        type="button"
        className="aichat-row aichat-settled"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {row}
        <Icon name={open ? 'open' : 'closed'} />
      </button>
      <div id={id} hidden={!open} className="aichat-tool-inside">
        {open && (
          <>
            {decision === 'edited' && <p className="aichat-facts">{t('As it was before the changes:')}</p>}
            {action.before === undefined ? (
              <CodeField
                text={source}
                language={actionLanguage(action)}
                label={t('Code')}
                draft={null}
                onDraft={() => undefined}
              />
            ) : (
              <DiffField before={action.before} after={source} language={actionLanguage(action)} />
            )}
          </>
        )}
      </div>
    </div>
  );
}

const ICONS: Readonly<Record<NonNullable<ApprovalPart['decision']>, IconName>> = {
  approved: 'check',
  edited: 'check',
  denied: 'denied',
  expired: 'denied',
  cancelled: 'denied'
};

function isApproved({ decision }: ApprovalPart): boolean {
  return decision === 'approved' || decision === 'edited';
}

function ScopeWords({ part: { scope } }: { part: ApprovalPart }): JSX.Element | null {
  const t = useT();
  return scope === 'thread' || scope === 'run' ? (
    <span className="aichat-row-time">{scope === 'thread' ? t('This thread') : t('This run')}</span>
  ) : null;
}

function settledWords({ action, agent, decision }: ApprovalPart, t: Translate): string {
  if (action.kind !== 'share_files') {
    const what = `${agentName(agent, t)} · ${actionWords(action, t)}`;
    switch (decision) {
      case 'approved':
        return t('Approved: {what}', { what });
      case 'edited':
        return t('Approved with changes: {what}', { what });
      case 'denied':
        return t('Denied: {what}', { what });
      case 'expired':
        return t('Not decided in time: {what}', { what });
      default:
        return t('Cancelled: {what}', { what });
    }
  }
  const values = { files: (action.files ?? []).map(fileName).join(', '), host: action.host ?? '' };
  switch (decision) {
    case 'approved':
    case 'edited':
      return t('Approved: {files} to {host}', values);
    case 'denied':
      return t('Denied: {files} to {host}', values);
    case 'expired':
      return t('Not decided in time: {files} to {host}', values);
    default:
      return t('Cancelled: {files} to {host}', values);
  }
}
