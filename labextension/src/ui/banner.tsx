/** One line between title and conversation, only when there is something to know or undo. */
import { useEffect, useState } from 'react';
import { useChatModel, useChatState, useSession, useT, useThread } from './context';
import { Icon, IconButton } from './icon';

export function Banner(): JSX.Element | null {
  const connection = useThread(state => state.connection);
  const notice = useChatState(state => state.notice);
  if (connection === 'reconnecting' || connection === 'offline') {
    return <Lost />;
  }
  return notice ? <NoticeLine /> : <CommandRefused />;
}

/** A short break heals by itself; the line would only flicker. */
const SHOWN_AFTER_MS = 700;

function Lost(): JSX.Element | null {
  const t = useT();
  const session = useSession();
  const running = useThread(state => state.run_id !== undefined);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SHOWN_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) {
    return null;
  }
  const words = running
    ? t('Connection lost. The answer goes on at the server; it will be here when you are back.')
    : t('Connection lost. What you send is kept until it is back.');
  return (
    <div className="aichat-banner aichat-banner-warn">
      <Icon name="attention" />
      <span className="aichat-banner-words" title={words}>
        {words}
      </span>
      <button type="button" className="aichat-link-button" onClick={session.retryNow}>
        {t('Retry now')}
      </button>
    </div>
  );
}

function NoticeLine(): JSX.Element | null {
  const t = useT();
  const model = useChatModel();
  const notice = useChatState(state => state.notice);
  if (!notice) {
    return null;
  }
  const words =
    notice.kind === 'deleted'
      ? t('Deleted “{title}”.', { title: notice.thread.title || t('New thread') })
      : notice.sentence;
  return (
    <div
      className={notice.kind === 'failed' ? 'aichat-banner aichat-banner-bad' : 'aichat-banner'}
      role={notice.kind === 'failed' ? 'alert' : undefined}
    >
      {notice.kind === 'failed' && <Icon name="error" />}
      <span className="aichat-banner-words" title={words}>
        {words}
      </span>
      {notice.kind === 'deleted' && (
        <button type="button" className="aichat-link-button" onClick={() => void model.undoDelete()}>
          {t('Undo')}
        </button>
      )}
      <IconButton icon="close" label={t('Dismiss')} onClick={model.dismissNotice} />
    </div>
  );
}

/** Stop was pressed and the server would not. */
function CommandRefused(): JSX.Element | null {
  const error = useThread(state => state.cancelling?.error);
  return error ? (
    <div className="aichat-banner aichat-banner-bad" role="alert">
      <Icon name="error" />
      <span className="aichat-banner-words">{error.error}</span>
    </div>
  ) : null;
}
