/** Title, new thread, and the menu of what can be done with this one. */
import { useRef } from 'react';
import type { ThreadState } from '../state/types';
import { useChatModel, useChatState, useHost, useSession, useT, useThread } from './context';
import { Icon, IconButton } from './icon';
import { Menu, MenuItem } from './popup';
import { ThreadSheet } from './threads';
import { TitleField } from './title-field';

export function Header(): JSX.Element {
  const t = useT();
  const { place } = useHost();
  const model = useChatModel();
  const popup = useChatState(state => state.popup);
  const title = useThreadTitle();
  const stored = useThread(isStored);
  const session = useSession();
  const opener = useRef<HTMLButtonElement>(null);
  const menuOpener = useRef<HTMLButtonElement>(null);
  const close = () => model.show(null);
  const rename = (wanted: string | null) => {
    close();
    menuOpener.current?.focus();
    if (wanted !== null) {
      void model.renameThread(session.threadId, wanted);
    }
  };
  return (
    <header className="aichat-header">
      {popup === 'rename' ? (
        <TitleField title={title} onDone={rename} />
      ) : place === 'panel' ? (
        <h2 className="aichat-title" title={title}>
          {title}
        </h2>
      ) : (
        <button
          type="button"
          ref={opener}
          className="aichat-title aichat-title-button"
          aria-haspopup="dialog"
          aria-expanded={popup === 'threads'}
          aria-label={t('Threads: {title}', { title })}
          title={title}
          onClick={() => model.toggle('threads')}
        >
          <span>{title}</span>
          <Icon name="open" />
        </button>
      )}
      <div className="aichat-header-tools">
        {place === 'sidebar' && <IconButton icon="add" label={t('New thread')} onClick={model.newThread} />}
        <IconButton
          ref={menuOpener}
          icon="menu"
          label={t('More')}
          aria-haspopup="menu"
          aria-expanded={popup === 'menu'}
          onClick={() => model.toggle('menu')}
        />
      </div>
      {popup === 'menu' && (
        <Menu label={t('More')} opener={menuOpener} onClose={close}>
          <MenuItem disabled={!stored} onSelect={() => model.show('rename')}>
            {t('Rename')}
          </MenuItem>
          {place === 'sidebar' && <DeleteItem title={title} disabled={!stored} />}
          <MenuItem onSelect={() => model.show('model')}>{t('Connect a model…')}</MenuItem>
        </Menu>
      )}
      {popup === 'threads' && <ThreadSheet opener={opener} onClose={close} />}
    </header>
  );
}

function DeleteItem({ title, disabled }: { title: string; disabled: boolean }): JSX.Element {
  const t = useT();
  const model = useChatModel();
  const session = useSession();
  const remove = () => {
    model.show(null);
    void model.deleteThread(session.threadId, title);
  };
  return (
    <MenuItem disabled={disabled} onSelect={remove}>
      {t('Delete')}
    </MenuItem>
  );
}

/** The server knows the thread: there is something to rename or delete. */
function isStored(state: ThreadState): boolean {
  return state.messages.length > 0;
}

const TITLE_LENGTH = 80;

/** Until the thread has a title, its first message stands for it. */
export function useThreadTitle(): string {
  const t = useT();
  const title = useThread(state => state.title);
  const first = useThread(state => state.messages[0]?.content);
  return title || first?.trim().split('\n')[0]?.slice(0, TITLE_LENGTH) || t('New thread');
}
