/** A task goes from one agent to another; the whole task, the reason, and in the end the specialist's work stand behind the chevron. */
import { memo, type ReactNode, useId, useState } from 'react';
import { AgentMark } from './agent-mark';
import type { HandoffPart } from './blocks';
import { useT } from './context';
import { Icon } from './icon';
import { agentName } from './words/agents';
import { duration } from './words/time';

interface Props {
  readonly from: string;
  readonly part: HandoffPart;
  /** What the specialist did is behind the chevron too. */
  readonly folded: boolean;
  /** What of it stays in sight then. */
  readonly kept?: ReactNode;
  readonly children: ReactNode;
}

export const HandoffRowView = memo(function HandoffRowView({
  from,
  part,
  folded,
  kept,
  children
}: Props): JSX.Element {
  const t = useT();
  const [open, setOpen] = useState(false);
  const id = useId();
  const { agent: to, task, reason } = part.handoff;
  const failed = part.status === 'error' || part.status === 'unknown';
  return (
    <>
      <div className="aichat-handoff" data-agent={to}>
        <button
          type="button"
          className="aichat-row aichat-handoff-row"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          <AgentMark agent={from} />
          <span aria-hidden="true" className="aichat-arrow">
            →
          </span>
          <AgentMark agent={to} />
          <span className="aichat-hidden">
            {t('{from} to {to}:', { from: agentName(from, t), to: agentName(to, t) })}
          </span>
          <span className="aichat-row-words">{task}</span>
          {failed && <Icon name="error" className="aichat-state-error" />}
          {part.status === 'cancelled' && <Icon name="cancelled" />}
          {reason && <span className="aichat-row-reason">{reason}</span>}
          {folded && part.duration_ms !== undefined && (
            <span className="aichat-row-time">{duration(part.duration_ms, t)}</span>
          )}
          <Icon name={open ? 'open' : 'closed'} />
        </button>
        <div id={id} hidden={!open} className="aichat-handoff-inside">
          {open && (
            <dl>
              <dt>{t('Task')}</dt>
              <dd>{task}</dd>
              {reason && (
                <>
                  <dt>{t('Reason')}</dt>
                  <dd>{reason}</dd>
                </>
              )}
              {failed && part.output && (
                <>
                  <dt>{t('Result')}</dt>
                  <dd>{part.output}</dd>
                </>
              )}
            </dl>
          )}
        </div>
      </div>
      {!folded || open ? children : kept}
    </>
  );
});
