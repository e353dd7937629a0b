/** A person decides about one action. Nothing is decided by a key pressed for something else. */
import { type KeyboardEvent, memo, useEffect, useId, useRef, useState } from 'react';
import type { Translate } from '../i18n/translate';
import type { ApprovalPart } from '../protocol/types';
import { ActionBody, ShareBody } from './approval/action-body';
import { DecisionFoot, DenyFoot, EditFoot, type Scope } from './approval/decision';
import { mayLast } from './approval/facts';
import { Settled } from './approval/settled';
import { plain } from './approval/visible';
import { useSession, useT, useThread, useTyping } from './context';
import { actionHeading, actionSource, fileName } from './words/actions';
import { agentName } from './words/agents';

/** A card that has just appeared or changed takes no decision: the key or click was meant for what stood there before. */
const GUARD_MS = 400;

export const ApprovalView = memo(function ApprovalView({ part }: { part: ApprovalPart }): JSX.Element {
  return part.decision ? <Settled part={part} /> : <Pending part={part} />;
});

const EDITABLE: readonly ApprovalPart['action']['kind'][] = [
  'run_code',
  'run_sql',
  'insert_cell',
  'replace_cell',
  'write_file'
];

function scopesOf(part: ApprovalPart): readonly Scope[] {
  if (part.action.kind === 'share_files') {
    return ['thread', 'once'];
  }
  return mayLast(part) ? ['once', 'run', 'thread'] : ['once'];
}

function Pending({ part }: { part: ApprovalPart }): JSX.Element {
  const t = useT();
  const session = useSession();
  const typing = useTyping();
  const deciding = useThread(state => state.deciding[part.approval_id]);
  const { action, digest, approval_id } = part;
  const source = actionSource(action);
  const scopes = scopesOf(part);
  const [chosen, setScope] = useState<Scope | undefined>();
  const scope = chosen !== undefined && scopes.includes(chosen) ? chosen : (scopes[0] ?? 'once');
  const [denying, setDenying] = useState(false);
  const [reason, setReason] = useState('');
  const [draft, setDraft] = useState<string | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const id = useId();
  const mode = denying ? 'deny' : draft === null ? 'read' : 'edit';
  const settledFor = useSettledFor(`${draft === null} ${digest} ${source}`);
  const busy = deciding !== undefined && !deciding.error;
  const changed = draft !== null && draft !== source;

  useEffect(() => {
    const chat = heading.current?.closest('.aichat');
    if (typing.mayTakeFocus() && chat?.contains(chat.ownerDocument.activeElement)) {
      heading.current?.focus({ preventScroll: true });
    }
  }, [typing]);

  const decide = () => {
    if (busy || settledFor() < GUARD_MS || draft?.trim() === '') {
      return;
    }
    const why = reason.trim();
    if (denying) {
      session.approve(approval_id, digest, 'deny', why ? { reason: why } : {});
    } else if (changed) {
      session.approve(approval_id, digest, 'edit', { code: draft, scope: 'once' });
    } else {
      session.approve(approval_id, digest, 'approve', { scope: draft === null ? scope : 'once' });
    }
  };

  const back = () => {
    setDenying(false);
    setDraft(null);
    heading.current?.focus();
  };

  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) {
      return;
    }
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      event.stopPropagation(); // an editor would make a new line of it
      decide();
    } else if (event.key === 'Escape' && denying) {
      event.stopPropagation();
      back();
    }
  };

  const question = questionOf(part, t);
  return (
    <section
      className="aichat-card aichat-approval"
      aria-labelledby={id}
      data-approval={approval_id}
      onKeyDownCapture={onKey}
    >
      <h3 id={id} ref={heading} tabIndex={-1}>
        {question}
      </h3>
      {action.kind === 'share_files' ? (
        <ShareBody part={part} />
      ) : (
        <ActionBody part={part} label={question} draft={draft} onDraft={setDraft} />
      )}
      {deciding?.error && (
        <p className="aichat-card-error" role="alert">
          {deciding.error.error}
        </p>
      )}
      {mode === 'deny' ? (
        <DenyFoot busy={busy} reason={reason} onReason={setReason} onDeny={decide} onBack={back} />
      ) : mode === 'edit' ? (
        <EditFoot
          busy={busy}
          changed={changed}
          empty={draft?.trim() === ''}
          onApprove={decide}
          onBack={back}
        />
      ) : (
        <DecisionFoot
          busy={busy}
          scopes={scopes}
          scope={scope}
          onScope={setScope}
          ofFiles={action.kind === 'share_files'}
          canEdit={source !== undefined && EDITABLE.includes(action.kind)}
          onApprove={decide}
          onEdit={() => setDraft(plain(source ?? ''))}
          onDeny={() => setDenying(true)}
        />
      )}
    </section>
  );
}

/** For how long the same thing has been on the screen, in ms. */
function useSettledFor(what: string): () => number {
  const since = useRef({ what, at: Date.now() });
  useEffect(() => {
    if (since.current.what !== what) {
      since.current = { what, at: Date.now() };
    }
  }, [what]);
  return () => Date.now() - since.current.at;
}

function questionOf({ action, agent }: ApprovalPart, t: Translate): string {
  if (action.kind !== 'share_files') {
    return actionHeading(action, agentName(agent, t), t);
  }
  const files = action.files ?? [];
  const host = action.host ?? '';
  return files.length === 1
    ? t('Send the contents of {file} to {host}?', { file: fileName(files[0]), host })
    : t('Send the contents of {n} files to {host}?', { n: files.length, host });
}
