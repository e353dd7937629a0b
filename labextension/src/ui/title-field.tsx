/** A title that is being changed: Enter and leaving the field keep it, Escape does not. */
import { type KeyboardEvent, useRef, useState } from 'react';
import { useT } from './context';

interface Props {
  readonly title: string;
  /** The new title; `null` if nothing is to be changed. */
  readonly onDone: (title: string | null) => void;
}

export function TitleField({ title, onDone }: Props): JSX.Element {
  const t = useT();
  const [text, setText] = useState(title);
  const ended = useRef(false);
  const done = (save: boolean) => {
    if (!ended.current) {
      ended.current = true; // the field loses the focus as it goes
      const wanted = text.trim();
      onDone(save && wanted && wanted !== title ? wanted : null);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) {
      return;
    }
    if (event.key === 'Enter' || event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      done(event.key === 'Enter');
    }
  };
  return (
    <input
      className="aichat-input aichat-title-field"
      aria-label={t('Title')}
      value={text}
      maxLength={200}
      // biome-ignore lint/a11y/noAutofocus: "Rename" was pressed to write here
      autoFocus
      onFocus={event => event.target.select()}
      onChange={event => setText(event.target.value)}
      onBlur={() => done(true)}
      onKeyDown={onKeyDown}
    />
  );
}
