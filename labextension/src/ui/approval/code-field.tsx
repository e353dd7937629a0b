/** The exact code of a request: in full on demand, its hidden characters written out; it can be changed when asked for. */
import { useEffect, useId, useRef, useState } from 'react';
import { escapeHtml, highlight } from '../../markdown/highlight';
import { useHost, useT } from '../context';
import { languageName } from '../words/actions';
import { linesOf, visible, WRITTEN_OUT } from './visible';

const LINES_SHOWN = 14;

interface Props {
  readonly text: string;
  readonly language: string;
  readonly label: string;
  /** What the person makes of it; `null` while it is only read. */
  readonly draft: string | null;
  readonly onDraft: (text: string) => void;
}

export function CodeField({ text, language, label, draft, onDraft }: Props): JSX.Element {
  const t = useT();
  const [all, setAll] = useState(false);
  const id = useId();
  const lines = linesOf(visible(text));
  const shown = all ? lines : lines.slice(0, LINES_SHOWN);
  const count = draft === null ? lines.length : linesOf(draft).length;
  return (
    <div className="aichat-source">
      <div className="aichat-source-head">
        <span>{languageName(language)}</span>
        <span>{count === 1 ? t('1 line') : t('{n} lines', { n: count })}</span>
      </div>
      <div id={id}>
        {draft === null ? (
          <Reader key={shown.length} text={shown.join('\n')} language={language} label={label} />
        ) : (
          <Writer text={draft} language={language} label={label} onText={onDraft} />
        )}
      </div>
      {draft === null && lines.length > LINES_SHOWN && (
        <button
          type="button"
          className="aichat-link-button"
          aria-expanded={all}
          aria-controls={id}
          onClick={() => setAll(!all)}
        >
          {all ? t('Show less') : t('Show all {n} lines', { n: lines.length })}
        </button>
      )}
    </div>
  );
}

interface EditorProps {
  readonly text: string;
  readonly language: string;
  readonly label: string;
}

function Reader({ text, language, label }: EditorProps): JSX.Element {
  const { mountEditor } = useHost();
  const place = useRef<HTMLDivElement>(null);
  useEffect(
    () => (place.current && mountEditor ? mountEditor(place.current, { text, language, label }) : undefined),
    [mountEditor, text, language, label]
  );
  return mountEditor ? (
    <div ref={place} className="aichat-source-editor" />
  ) : (
    <pre className="aichat-source-text">
      <code
        // biome-ignore lint/security/noDangerouslySetInnerHtml: the highlighter escapes everything
        dangerouslySetInnerHTML={{ __html: marked(text, language) }}
      />
    </pre>
  );
}

/** Highlighted, and what was written out can be told from the code. */
function marked(text: string, language: string): string {
  const html = language ? highlight(text, language) : escapeHtml(text);
  return html.replace(WRITTEN_OUT, found => `<mark class="aichat-unseen">${found}</mark>`);
}

function Writer(props: EditorProps & { onText: (text: string) => void }): JSX.Element {
  const { text, language, label, onText } = props;
  const { mountEditor } = useHost();
  const place = useRef<HTMLDivElement>(null);
  const first = useRef(text);
  const told = useRef(onText);
  told.current = onText;
  useEffect(
    () =>
      place.current && mountEditor
        ? mountEditor(place.current, {
            text: first.current,
            language,
            label,
            onChange: changed => told.current(changed)
          })
        : undefined,
    [mountEditor, language, label]
  );
  return mountEditor ? (
    <div ref={place} className="aichat-source-editor" data-editable="true" />
  ) : (
    <textarea
      className="aichat-source-text"
      aria-label={label}
      value={text}
      rows={Math.min(LINES_SHOWN, linesOf(text).length + 1)}
      spellCheck={false}
      // biome-ignore lint/a11y/noAutofocus: "Edit" was pressed to write here
      autoFocus
      onChange={event => onText(event.target.value)}
    />
  );
}
