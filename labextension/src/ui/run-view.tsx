/** One question and all that answers it. Drawn anew only when something in it changed. */
import { memo, useCallback, useLayoutEffect, useMemo, useState } from 'react';
import { Rows } from './agent-block';
import { isActive, type RunGroup, rowsOf } from './blocks';
import { useChatModel, useHost, useT } from './context';
import { CopyButton } from './copy-button';
import { FailureCard } from './failure-card';
import { Icon, IconButton } from './icon';
import { KernelChangesRow } from './kernel-changes';
import { useReadable } from './readable';
import { UserMessage } from './user-message';
import { isOfflineModel } from './words/model';

interface Props {
  readonly group: RunGroup;
  /** Place in the queue, from 1; 0 if it does not wait. */
  readonly queued: number;
  /** Whether the reader stays at the end of the log. */
  readonly isPinned: () => boolean;
}

export const RunView = memo(function RunView({ group, queued, isPinned }: Props): JSX.Element {
  const t = useT();
  const model = useChatModel();
  const { notebook, insertCell } = useHost();
  const isOpen = useReadable(notebook) !== null;
  const { run, question, answer } = group;
  const rows = useMemo(() => rowsOf(answer), [answer]);
  const asked = question?.content ?? '';
  const again = useCallback(() => {
    if (asked) {
      model.send(asked, notebook.get());
    }
  }, [model, notebook, asked]);
  const active = isActive(run);
  const last = answer[answer.length - 1];
  const final = last?.content ?? '';
  const folded = useFolded(run?.state === 'completed' && final !== '' && last?.agent === run.agent, isPinned);
  return (
    <div className="aichat-run" data-run={group.id} data-active={active}>
      {question && <UserMessage message={question} queued={queued} />}
      <Rows rows={rows} active={active} folded={folded} offline={isOfflineModel(run?.model)} />
      {run?.changes && <KernelChangesRow changes={run.changes} />}
      {run?.state === 'failed' && <FailureCard run={run} onAgain={again} />}
      {run?.state === 'cancelled' && (
        <div className="aichat-note">
          <Icon name="stop" />
          <span>{t('Stopped')}</span>
          <button type="button" className="aichat-link-button" onClick={again}>
            {t('Ask again')}
          </button>
        </div>
      )}
      {run?.state === 'completed' && final && (
        <div className="aichat-run-foot">
          <CopyButton text={final} label={t('Copy answer')} />
          {insertCell && isOpen && (
            <IconButton
              icon="insert"
              label={t('Insert as cell')}
              onClick={() => insertCell(final, 'markdown')}
            />
          )}
        </div>
      )}
    </div>
  );
});

/**
 * When the answer is there, what specialists wrote on the way to it goes behind their rows. Not under the eyes of somebody
 * who is reading it: then it stays until the thread is opened again.
 */
function useFolded(answered: boolean, isPinned: () => boolean): boolean {
  const [folded, setFolded] = useState(answered);
  useLayoutEffect(() => {
    if (answered && isPinned()) {
      setFolded(true);
    }
  }, [answered, isPinned]);
  return folded && answered;
}
