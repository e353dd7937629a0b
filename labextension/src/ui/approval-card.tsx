/** A person decides about one action. Nothing is decided by a key pressed for something else. */
import { type KeyboardEvent, memo, useEffect, useId, useRef, useState } from 'react';
import type { ApprovalPart, Approve } from '../protocol/types';
import { useHost, useSession, useT, useThread, useTyping } from './context';
import { Icon } from './icon';
import { agentName } from './words/agents';

/** A card that has just appeared takes no decision: the key or click was meant for what stood there before. */
const GUARD_MS = 400;

export const ApprovalView = memo(function ApprovalView({ part }: { part: ApprovalPart }): JSX.Element {
  return part.decision ? <Settled part={part} /> : <Pending part={part} />;
});

type Scope = NonNullable<Approve['scope']>;

function Pending({ part }: { part: ApprovalPart }): JSX.Element {
  const t = useT();
  const { openPath } = useHost();
  const session = useSession();
  const typing = useTyping();
  const deciding = useThread(state => state.deciding[part.approval_id]);
  const [scope, setScope] = useState<Scope>('thread');
  const [denying, setDenying] = useState(false);
  const [reason, setReason] = useState('');
  const heading = useRef<HTMLHeadingElement>(null);
  const appeared = useRef(Date.now());
  const id = useId();
  const { agent, action, digest, approval_id } = part;
  const files = action.files ?? [];
  const host = action.host ?? '';
  const busy = deciding !== undefined && !deciding.error;

  useEffect(() => {
    appeared.current = Date.now();
    const chat = heading.current?.closest('.aichat');
    if (typing.mayTakeFocus() && chat?.contains(chat.ownerDocument.activeElement)) {
      heading.current?.focus({ preventScroll: true });
    }
  }, [typing]);

  const decide = (decision: Approve['decision']) => {
    if (busy || Date.now() - appeared.current < GUARD_MS) {
      return;
    }
    const why = reason.trim();
    session.approve(
      approval_id,
      digest,
      decision,
      decision === 'approve' ? { scope } : why ? { reason: why } : {}
    );
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) {
      return;
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      decide(denying ? 'deny' : 'approve');
    } else if (event.key === 'Escape' && denying) {
      event.stopPropagation();
      setDenying(false);
      heading.current?.focus();
    }
  };

  return (
    <section
      className="aichat-card aichat-approval"
      aria-labelledby={id}
      data-approval={approval_id}
      onKeyDown={onKeyDown}
    >
      <h3 id={id} ref={heading} tabIndex={-1}>
        {files.length === 1
          ? t('Send the contents of {file} to {host}?', { file: fileName(files[0]), host })
          : t('Send the contents of {n} files to {host}?', { n: files.length, host })}
      </h3>
      <p className="aichat-facts">
        {t('{agent} asks. The contents leave this server.', { agent: agentName(agent, t) })}
      </p>
      <ul className="aichat-files">
        {files.map(file => (
          <li key={file}>
            <Icon name="file" />
            {openPath ? (
              <button type="button" className="aichat-link-button" onClick={() => openPath(file)}>
                {file}
              </button>
            ) : (
              <span>{file}</span>
            )}
          </li>
        ))}
      </ul>
      {deciding?.error && (
        <p className="aichat-card-error" role="alert">
          {deciding.error.error}
        </p>
      )}
      {denying ? (
        <div className="aichat-card-foot">
          <input
            className="aichat-input"
            aria-label={t('Reason (the agent reads it)')}
            placeholder={t('Reason (the agent reads it)')}
            value={reason}
            maxLength={4000}
            // biome-ignore lint/a11y/noAutofocus: "Deny…" was pressed to write here
            autoFocus
            onChange={event => setReason(event.target.value)}
          />
          <button
            type="button"
            className="aichat-button aichat-danger"
            disabled={busy}
            onClick={() => decide('deny')}
          >
            {t('Deny')}
          </button>
          <button type="button" className="aichat-button" onClick={() => setDenying(false)}>
            {t('Back')}
          </button>
        </div>
      ) : (
        <div className="aichat-card-foot">
          <button
            type="button"
            className="aichat-button aichat-primary"
            disabled={busy}
            title="Ctrl+Enter"
            onClick={() => decide('approve')}
          >
            {t('Approve')}
          </button>
          <button type="button" className="aichat-button" disabled={busy} onClick={() => setDenying(true)}>
            {t('Deny…')}
          </button>
          <select
            className="aichat-select"
            aria-label={t('Valid for')}
            value={scope}
            disabled={busy}
            onChange={event => setScope(event.target.value as Scope)}
          >
            <option value="thread">{t('This thread')}</option>
            <option value="once">{t('Only these files')}</option>
          </select>
        </div>
      )}
    </section>
  );
}

function Settled({ part }: { part: ApprovalPart }): JSX.Element {
  const t = useT();
  const { decision, scope, reason } = part;
  const files = (part.action.files ?? []).map(fileName).join(', ');
  const values = { files, host: part.action.host ?? '' };
  const approved = decision === 'approved' || decision === 'edited';
  const words = approved
    ? t('Approved: {files} to {host}', values)
    : decision === 'denied'
      ? t('Denied: {files} to {host}', values)
      : decision === 'expired'
        ? t('Not decided in time: {files} to {host}', values)
        : t('Cancelled: {files} to {host}', values);
  return (
    <div className="aichat-row aichat-settled">
      <Icon
        name={approved ? 'check' : 'denied'}
        className={approved ? 'aichat-state-ok' : 'aichat-state-denied'}
      />
      <span className="aichat-row-words" title={(part.action.files ?? []).join('\n')}>
        {words}
        {reason && ` · ${reason}`}
      </span>
      {approved && scope === 'thread' && <span className="aichat-row-time">{t('This thread')}</span>}
    </div>
  );
}

function fileName(path: string | undefined): string {
  return path?.split('/').pop() ?? '';
}
