/** The text of an answer, as it grows; and, behind a chevron, what the model thought before. */
import { memo, useId, useState } from 'react';
import type { SnapshotMessage } from '../protocol/types';
import { useT } from './context';
import { Icon } from './icon';
import { Markdown } from './markdown';

interface Props {
  readonly message: SnapshotMessage;
  readonly growing: boolean;
}

export const MessageText = memo(function MessageText({ message, growing }: Props): JSX.Element {
  return (
    <div className="aichat-text">
      {message.reasoning && <Reasoning text={message.reasoning} />}
      {message.content && <Markdown text={message.content} growing={growing} />}
    </div>
  );
});

function Reasoning({ text }: { text: string }): JSX.Element {
  const t = useT();
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div className="aichat-tool">
      <button
        type="button"
        className="aichat-row"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <span className="aichat-row-words">{t('Reasoning')}</span>
        <Icon name={open ? 'open' : 'closed'} />
      </button>
      <div id={id} hidden={!open} className="aichat-reasoning">
        {open && text}
      </div>
    </div>
  );
}
