/** What the person wrote; also while it waits behind another run, or has not been sent yet. */
import { memo, type ReactNode } from 'react';
import type { SnapshotMessage } from '../protocol/types';
import type { OutboxEntry } from '../state/types';
import { useSession, useT } from './context';
import { CopyButton } from './copy-button';
import { Icon } from './icon';
import { ordinal } from './words/time';

interface Props {
  readonly message: SnapshotMessage;
  /** Place in the queue, from 1; 0 if it does not wait. */
  readonly queued: number;
}

export const UserMessage = memo(function UserMessage({ message, queued }: Props): JSX.Element {
  const t = useT();
  const session = useSession();
  return (
    <Bubble text={message.content} context={message.context} state={queued > 0 ? 'queued' : 'sent'}>
      {queued > 0 && (
        <div className="aichat-user-foot">
          <span>{t('Queued · {nth}', { nth: ordinal(queued, t) })}</span>
          <button type="button" className="aichat-link-button" onClick={() => session.cancel(message.run_id)}>
            {t('Cancel')}
          </button>
        </div>
      )}
    </Bubble>
  );
});

/** A message of this page that does not stand in the log yet. */
export const UnsentMessage = memo(function UnsentMessage({ entry }: { entry: OutboxEntry }): JSX.Element {
  const t = useT();
  const session = useSession();
  const { client_id, state, message, error } = entry;
  return (
    <Bubble text={message.message} context={message.context} state={state}>
      {state !== 'sending' && (
        <div className="aichat-user-foot aichat-unsent" role="group" aria-label={t('Not sent yet')}>
          <Icon name="attention" />
          <span>{error ? error.error : t('Not sent yet')}</span>
          <button type="button" className="aichat-link-button" onClick={() => session.retry(client_id)}>
            {t('Retry')}
          </button>
          <button type="button" className="aichat-link-button" onClick={() => session.discard(client_id)}>
            {t('Discard')}
          </button>
        </div>
      )}
    </Bubble>
  );
});

interface BubbleProps {
  readonly text: string;
  readonly context?: readonly Readonly<Record<string, unknown>>[];
  readonly state: 'sent' | 'queued' | OutboxEntry['state'];
  readonly children?: ReactNode;
}

function Bubble({ text, context, state, children }: BubbleProps): JSX.Element {
  const t = useT();
  return (
    <section className="aichat-user" data-state={state} aria-label={t('You')}>
      <div className="aichat-user-text">{text}</div>
      <div className="aichat-user-tools">
        <CopyButton text={text} />
      </div>
      {context && context.length > 0 && (
        <ul className="aichat-user-context">
          {context.map(item => {
            const name = contextName(item);
            return (
              <li key={`${item.kind} ${name}`} className="aichat-chip">
                {name}
              </li>
            );
          })}
        </ul>
      )}
      {children}
    </section>
  );
}

function contextName(item: Readonly<Record<string, unknown>>): string {
  const named = [item.name, item.path, item.kind].find(value => typeof value === 'string' && value !== '');
  return (
    String(named ?? '')
      .split('/')
      .pop() ?? ''
  );
}
