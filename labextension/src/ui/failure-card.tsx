/** How a run ended, if not well: a sentence, one button that helps, and the details for whoever looks into it. */
import { memo, useId, useState } from 'react';
import type { SnapshotRun } from '../protocol/types';
import { useChatModel, useT } from './context';
import { Icon } from './icon';
import { failureWords } from './words/failures';
import { timeOfDay } from './words/time';

interface Props {
  readonly run: SnapshotRun;
  /** Ask the same question again. */
  readonly onAgain: () => void;
}

export const FailureCard = memo(function FailureCard({ run, onAgain }: Props): JSX.Element | null {
  const t = useT();
  const model = useChatModel();
  const [open, setOpen] = useState(false);
  const id = useId();
  const { failure, ended_at } = run;
  if (!failure) {
    return null;
  }
  const { sentence, remedy, button } = failureWords(failure, t);
  const help = { again: onAgain, model: () => model.show('model'), thread: model.newThread }[remedy];
  return (
    <section className="aichat-card aichat-failure" aria-label={t('The answer failed')}>
      <p>{sentence}</p>
      <div className="aichat-card-foot">
        <button type="button" className="aichat-button" onClick={help}>
          {button}
        </button>
        <button
          type="button"
          className="aichat-link-button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          {t('Details')}
          <Icon name={open ? 'open' : 'closed'} />
        </button>
      </div>
      <div id={id} hidden={!open} className="aichat-failure-details">
        {open && (
          <>
            <code>{failure.code}</code>
            {ended_at && <> · {timeOfDay(ended_at, Date.now(), t)}</>}
            {failure.error !== sentence && <p>{failure.error}</p>}
          </>
        )}
      </div>
    </section>
  );
});
