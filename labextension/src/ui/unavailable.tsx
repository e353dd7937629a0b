/** There is no chat to show: why, what to do about it, and a button that looks again. Never a spinner. */
import type { ReactNode } from 'react';
import { useChatModel, useSession, useT, useThread } from './context';
import { CopyButton } from './copy-button';

const ENABLE = 'jupyter server extension enable jupyter_aichat';

export function Unavailable(): JSX.Element | null {
  const t = useT();
  const model = useChatModel();
  const connection = useThread(state => state.connection);
  const versions = useThread(state => state.versions);
  const refusal = useThread(state => state.refusal);
  switch (connection) {
    case 'absent':
      return (
        <Reason title={t('The chat is not enabled on this Jupyter server.')}>
          <p>{t('Run this where Jupyter is installed, then restart Jupyter:')}</p>
          <Command text={ENABLE} />
        </Reason>
      );
    case 'mismatch':
      return (
        <Reason title={t('The page and the Jupyter server have different versions of the chat.')}>
          <p>
            {t('Server: {package} (protocol {server}). This page: protocol {client}.', {
              package: versions?.package ?? '?',
              server: String(versions?.server ?? '?'),
              client: String(versions?.client ?? '?')
            })}
          </p>
          <p>{t('Restart Jupyter, then reload this page.')}</p>
        </Reason>
      );
    case 'refused':
      return (
        <Reason title={t('The Jupyter server refused the connection.')}>
          {refusal?.reason && <p>{refusal.reason}</p>}
          <p>{t('Are you still logged in? Reload the page if not.')}</p>
        </Reason>
      );
    case 'deleted':
      return (
        <Reason title={t('This thread was deleted.')} checkAgain={false}>
          <button type="button" className="aichat-button aichat-primary" onClick={model.newThread}>
            {t('New thread')}
          </button>
        </Reason>
      );
    default:
      return null;
  }
}

interface ReasonProps {
  readonly title: string;
  readonly checkAgain?: boolean;
  readonly children: ReactNode;
}

function Reason({ title, checkAgain = true, children }: ReasonProps): JSX.Element {
  const t = useT();
  const session = useSession();
  return (
    <div className="aichat-unavailable" role="alert">
      <h3>{title}</h3>
      {children}
      {checkAgain && (
        <button type="button" className="aichat-button aichat-primary" onClick={session.retryNow}>
          {t('Check again')}
        </button>
      )}
    </div>
  );
}

function Command({ text }: { text: string }): JSX.Element {
  return (
    <div className="aichat-command">
      <code>{text}</code>
      <CopyButton text={text} />
    </div>
  );
}
