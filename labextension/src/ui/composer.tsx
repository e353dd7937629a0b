/** Where the person writes. Enter sends, Shift+Enter makes a line, and nothing is sent while a syllable is being composed. */
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Notebook } from '../protocol/types';
import { useChatModel, useChatState, useHost, useSession, useT, useThread, useTyping } from './context';
import { Icon } from './icon';
import { ModelBadge } from './model-badge';
import { useReadable } from './readable';

export function Composer(): JSX.Element {
  const t = useT();
  const { preferences } = useHost();
  const { sendWithEnter } = useReadable(preferences);
  const model = useChatModel();
  const session = useSession();
  const typing = useTyping();
  const focus = useChatState(state => state.focus);
  const running = useThread(state => state.run_id !== undefined);
  const stopping = useThread(state => state.cancelling !== undefined && !state.cancelling.error);
  const [text, setText] = useState(() => session.getDraft());
  const [withNotebook, notebook, setWithNotebook] = useNotebookChoice();
  const area = useRef<HTMLTextAreaElement>(null);
  const sendable = text.trim() !== '';

  const change = (value: string) => {
    setText(value);
    typing.note(value);
    session.setDraft(value);
  };

  useEffect(() => {
    if (focus > 0) {
      area.current?.focus();
    }
  }, [focus]);

  useAutoGrow(area, text);

  const send = () => {
    if (sendable) {
      model.send(text.trim(), withNotebook ? notebook : null);
      change('');
      area.current?.focus();
    }
  };

  const stop = () => {
    session.cancel();
    area.current?.focus(); // the button is about to go
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // 229: some browsers end the composition before they report the Enter that ended it
    if (event.nativeEvent.isComposing || event.keyCode === 229 || event.key !== 'Enter') {
      return;
    }
    const command = event.ctrlKey || event.metaKey;
    if (sendWithEnter ? !event.shiftKey && !event.altKey : command) {
      event.preventDefault();
      send();
    }
  };

  return (
    <div className="aichat-composer">
      {notebook && (
        <div className="aichat-context">
          <button
            type="button"
            className="aichat-chip aichat-chip-toggle"
            aria-pressed={withNotebook}
            title={
              withNotebook
                ? t('{path} is sent along as the open notebook. Press to leave it out.', {
                    path: notebook.path
                  })
                : t('Press to send {path} along as the open notebook.', { path: notebook.path })
            }
            onClick={() => setWithNotebook(!withNotebook)}
          >
            <Icon name="notebook" />
            <span>{notebook.path.split('/').pop()}</span>
          </button>
        </div>
      )}
      <div className="aichat-composer-box">
        <textarea
          ref={area}
          rows={1}
          aria-label={t('Message')}
          placeholder={t('Message')}
          value={text}
          spellCheck
          onChange={event => change(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <div className="aichat-composer-foot">
          <ModelBadge />
          {running && (
            <button type="button" className="aichat-button aichat-stop" disabled={stopping} onClick={stop}>
              <Icon name="stop" />
              {t('Stop')}
            </button>
          )}
          {(!running || sendable) && (
            <button
              type="button"
              className="aichat-button aichat-primary aichat-send"
              aria-label={t('Send')}
              title={sendWithEnter ? `${t('Send')} (Enter)` : `${t('Send')} (Ctrl+Enter)`}
              disabled={!sendable}
              onClick={send}
            >
              <Icon name="send" />
            </button>
          )}
        </div>
      </div>
    </div>
  );
}

/** The notebook that goes along; a person may leave it out, until another one is opened. */
function useNotebookChoice(): [boolean, Notebook | null, (withNotebook: boolean) => void] {
  const notebook = useReadable(useHost().notebook);
  const [leftOut, setLeftOut] = useState<string | null>(null);
  const path = notebook?.path ?? null;
  return [path !== null && path !== leftOut, notebook, chosen => setLeftOut(chosen ? null : path)];
}

const LINES = 8;

/** As high as its text, from one line to eight; then it scrolls. */
function useAutoGrow(ref: React.RefObject<HTMLTextAreaElement>, text: string): void {
  const width = useRef(0);
  const grow = () => {
    const area = ref.current;
    if (!area) {
      return;
    }
    const style = getComputedStyle(area);
    const line = Number.parseFloat(style.lineHeight) || 20;
    const padding = Number.parseFloat(style.paddingTop) + Number.parseFloat(style.paddingBottom) || 0;
    area.style.blockSize = 'auto';
    area.style.blockSize = `${Math.min(area.scrollHeight, LINES * line + padding)}px`;
    area.style.overflowY = area.scrollHeight > LINES * line + padding + 1 ? 'auto' : 'hidden';
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useLayoutEffect(grow, [text]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once; `grow` reads what it needs from the element
  useEffect(() => {
    const area = ref.current;
    if (!area || typeof ResizeObserver === 'undefined') {
      return undefined;
    }
    const observer = new ResizeObserver(() => {
      if (area.clientWidth !== width.current) {
        width.current = area.clientWidth;
        grow();
      }
    });
    observer.observe(area);
    return () => observer.disconnect();
  }, []);
}
