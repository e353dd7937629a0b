/** A thread without messages: one sentence, at most three things to ask about what is really there, where data goes. */
import { useEffect, useState } from 'react';
import { useChatModel, useChatState, useHost, useT } from './context';
import { Icon } from './icon';
import { useReadable } from './readable';
import { modelHost } from './words/model';

export function Empty(): JSX.Element {
  const t = useT();
  const host = useHost();
  const model = useChatModel();
  const inUse = useChatState(state => state.model);
  const notebook = useReadable(host.notebook);
  const files = useSuggestedFiles();
  const name = (path: string) => path.split('/').pop() ?? path;
  const chips =
    files === null
      ? []
      : files.length >= 3
        ? files.slice(0, 3).map(path => t('Profile {file}', { file: name(path) }))
        : files
            .slice(0, 1)
            .flatMap(path => [
              t('Profile {file}', { file: name(path) }),
              t('What is missing in {file}?', { file: name(path) }),
              t('Write a short report on {file}', { file: name(path) })
            ]);
  return (
    <div className="aichat-empty">
      <Icon name="chat" className="aichat-empty-mark" />
      <p className="aichat-empty-sentence">
        {inUse?.offline
          ? t('Ask about a file or dataframe. Answers come from rules, without an AI model.')
          : t('Ask about your notebook, files or data.')}
      </p>
      {chips.length > 0 ? (
        <ul className="aichat-empty-chips">
          {chips.map(text => (
            <li key={text}>
              <button
                type="button"
                className="aichat-chip aichat-chip-ask"
                onClick={() => model.send(text, host.notebook.get())}
              >
                {text}
              </button>
            </li>
          ))}
        </ul>
      ) : (
        files !== null && !notebook && <p>{t('Open a notebook, or put a CSV file into this folder.')}</p>
      )}
      {inUse && (
        <p className="aichat-empty-privacy">
          {inUse.offline ? (
            <>
              {t('Nothing leaves this server.')}{' '}
              <button type="button" className="aichat-link-button" onClick={() => model.show('model')}>
                {t('Connect a model')}
              </button>
            </>
          ) : (
            t('Sent to {host}: your question, column names, and results you allow.', {
              host: modelHost(inUse)
            })
          )}
        </p>
      )}
    </div>
  );
}

/** `null` until it is known. */
function useSuggestedFiles(): readonly string[] | null {
  const { suggestFiles } = useHost();
  const [files, setFiles] = useState<readonly string[] | null>(null);
  useEffect(() => {
    let wanted = true;
    const take = (found: readonly string[]) => wanted && setFiles(found);
    (suggestFiles?.() ?? Promise.resolve([])).then(take, () => take([]));
    return () => {
      wanted = false;
    };
  }, [suggestFiles]);
  return files;
}
