/** All threads: search, open, rename, delete. A sheet over the log, a drop-down, or a column, as there is room. */
import { type RefObject, useEffect, useState } from 'react';
import { useChatModel, useChatState, useT, useThread } from './context';
import { Icon, IconButton } from './icon';
import { useDismiss } from './popup';
import { TitleField } from './title-field';
import { relativeTime } from './words/time';

interface SheetProps {
  readonly opener: RefObject<HTMLElement>;
  readonly onClose: () => void;
}

export function ThreadSheet({ opener, onClose }: SheetProps): JSX.Element {
  const t = useT();
  const { ref, onKeyDown } = useDismiss({ onClose, opener });
  useEffect(() => {
    ref.current?.querySelector<HTMLElement>('input')?.focus();
  }, [ref]);
  return (
    <div
      ref={ref}
      role="dialog"
      aria-label={t('Threads')}
      className="aichat-popup aichat-threads-sheet"
      onKeyDown={onKeyDown}
    >
      <ThreadList />
    </div>
  );
}

/** The list beside the conversation, where there is room for both. */
export function ThreadColumn(): JSX.Element {
  const t = useT();
  return (
    <nav className="aichat-threads-column" aria-label={t('Threads')}>
      <ThreadList />
    </nav>
  );
}

function ThreadList(): JSX.Element {
  const t = useT();
  const model = useChatModel();
  const { items, next, query, status, error } = useChatState(state => state.threads);
  const current = useChatState(state => state.session.threadId);
  const connected = useThread(state => state.connection === 'open');
  const [renaming, setRenaming] = useState<string | null>(null);
  const now = Date.now();
  useEffect(() => (connected ? model.showList() : undefined), [model, connected]);
  return (
    <div className="aichat-threads">
      <div className="aichat-threads-head">
        <div className="aichat-search">
          <Icon name="search" />
          <input
            type="search"
            className="aichat-input"
            aria-label={t('Search threads')}
            placeholder={t('Search threads')}
            value={query}
            onChange={event => model.search(event.target.value)}
          />
        </div>
      </div>
      {status === 'failed' ? (
        <div className="aichat-threads-note">
          <p>{error}</p>
          <button type="button" className="aichat-button" onClick={model.refreshList}>
            {t('Try again')}
          </button>
        </div>
      ) : items.length === 0 && status === 'ready' ? (
        <p className="aichat-threads-note">{query ? t('Nothing found.') : t('No threads yet.')}</p>
      ) : (
        <ul className="aichat-threads-list">
          {items.map(thread =>
            thread.id === renaming ? (
              <li key={thread.id}>
                <TitleField
                  title={thread.title}
                  onDone={title => {
                    setRenaming(null);
                    if (title !== null) {
                      void model.renameThread(thread.id, title);
                    }
                  }}
                />
              </li>
            ) : (
              <li key={thread.id} className="aichat-thread" data-current={thread.id === current}>
                <button
                  type="button"
                  className="aichat-thread-open"
                  aria-current={thread.id === current ? 'true' : undefined}
                  onClick={() => {
                    model.openThread(thread.id);
                    model.requestFocus();
                  }}
                >
                  <span className="aichat-thread-title">{thread.title || t('New thread')}</span>
                  <span className="aichat-thread-facts">
                    {thread.running ? (
                      <span className="aichat-thread-running">{t('running')}</span>
                    ) : (
                      relativeTime(thread.updated_at, now, t)
                    )}
                    {!thread.here && ` · ${t('another folder')}`}
                  </span>
                </button>
                <span className="aichat-thread-tools">
                  <IconButton
                    icon="edit"
                    label={t('Rename {title}', { title: thread.title || t('New thread') })}
                    onClick={() => setRenaming(thread.id)}
                  />
                  <IconButton
                    icon="delete"
                    label={t('Delete {title}', { title: thread.title || t('New thread') })}
                    onClick={() => void model.deleteThread(thread.id, thread.title)}
                  />
                </span>
              </li>
            )
          )}
        </ul>
      )}
      {next !== undefined && (
        <button type="button" className="aichat-link-button" onClick={() => void model.loadMore()}>
          {t('Show more')}
        </button>
      )}
    </div>
  );
}
