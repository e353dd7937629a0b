/** Tool calls: one line each, what went in and came out behind it; four finished ones or more fold into one line. */
import { memo, useId, useState } from 'react';
import type { ToolPart } from '../protocol/types';
import { useT } from './context';
import { CopyButton } from './copy-button';
import { Icon } from './icon';
import type { IconName } from './icon-names';
import { duration } from './words/time';
import { toolWords } from './words/tools';

const FOLD_FROM = 4;
const LINES_SHOWN = 12;

interface Props {
  readonly parts: readonly ToolPart[];
  /** Nothing will be added: something else follows, or the run is over. */
  readonly closed: boolean;
}

export function ToolRows({ parts, closed }: Props): JSX.Element {
  return (
    <>
      {foldable(parts, closed).map(piece =>
        Array.isArray(piece) ? (
          <Steps key={piece[0].call_id} parts={piece} />
        ) : (
          <ToolRow key={(piece as ToolPart).call_id} part={piece as ToolPart} />
        )
      )}
    </>
  );
}

type Piece = ToolPart | [ToolPart, ...ToolPart[]];

/** Runs of finished calls become lists; what failed or goes on stays in sight. */
export function foldable(parts: readonly ToolPart[], closed: boolean): readonly Piece[] {
  const pieces: Piece[] = [];
  let finished: ToolPart[] = [];
  const flush = () => {
    const [first, ...rest] = finished;
    if (closed && first && finished.length >= FOLD_FROM) {
      pieces.push([first, ...rest]);
    } else {
      pieces.push(...finished);
    }
    finished = [];
  };
  for (const part of parts) {
    if (part.status === 'ok') {
      finished.push(part);
    } else {
      flush();
      pieces.push(part);
    }
  }
  flush();
  return pieces;
}

function Steps({ parts }: { parts: readonly ToolPart[] }): JSX.Element {
  const t = useT();
  const [open, setOpen] = useState(false);
  const id = useId();
  const total = parts.reduce((sum, part) => sum + (part.duration_ms ?? 0), 0);
  return (
    <div className="aichat-tool">
      <button
        type="button"
        className="aichat-row"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <Icon name="check" className="aichat-state-ok" />
        <span className="aichat-row-words">{t('{n} steps', { n: parts.length })}</span>
        <span className="aichat-row-time">{duration(total, t)}</span>
        <Icon name={open ? 'open' : 'closed'} />
      </button>
      <div id={id} hidden={!open}>
        {open && parts.map(part => <ToolRow key={part.call_id} part={part} />)}
      </div>
    </div>
  );
}

const STATE_ICON: Readonly<Record<ToolPart['status'], IconName>> = {
  running: 'running',
  ok: 'check',
  error: 'error',
  denied: 'denied',
  cancelled: 'cancelled',
  unknown: 'unknown'
};

export const ToolRow = memo(function ToolRow({ part }: { part: ToolPart }): JSX.Element {
  const t = useT();
  const [choice, setChoice] = useState<boolean | null>(null);
  const id = useId();
  const { status } = part;
  const open = choice ?? status === 'error';
  const stateWords = {
    running: t('running'),
    ok: t('done'),
    error: t('failed'),
    denied: t('denied'),
    cancelled: t('cancelled'),
    unknown: t('outcome unknown')
  }[status];
  return (
    <div className="aichat-tool" data-status={status}>
      <button
        type="button"
        className="aichat-row"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setChoice(!open)}
      >
        <Icon name={STATE_ICON[status]} className={`aichat-state-${status}`} />
        <span className="aichat-row-words">{toolWords(part, t)}</span>
        {status === 'ok' || status === 'running' ? (
          <span className="aichat-hidden">{stateWords}</span>
        ) : (
          <span className="aichat-row-state">{stateWords}</span>
        )}
        {part.duration_ms !== undefined && (
          <span className="aichat-row-time">{duration(part.duration_ms, t)}</span>
        )}
        <Icon name={open ? 'open' : 'closed'} />
      </button>
      <div id={id} hidden={!open} className="aichat-tool-inside">
        {open && <Inside part={part} />}
      </div>
    </div>
  );
});

function Inside({ part }: { part: ToolPart }): JSX.Element {
  const t = useT();
  const args = Object.keys(part.args).length > 0 ? JSON.stringify(part.args, null, 2) : '';
  return (
    <>
      <Text title={part.name} text={args} />
      {part.stdout && <Text title={t('Printed')} text={part.stdout} />}
      {part.output !== undefined && <Text title={t('Result')} text={part.output} />}
    </>
  );
}

/** Text as it is, shortened until somebody asks for all of it. */
function Text({ title, text }: { title: string; text: string }): JSX.Element {
  const t = useT();
  const [all, setAll] = useState(false);
  const lines = text.replace(/\n+$/, '').split('\n');
  const long = lines.length > LINES_SHOWN;
  return (
    <div className="aichat-output">
      <div className="aichat-output-head">
        <span>{title}</span>
        {text && <CopyButton text={text} />}
      </div>
      {text && <pre>{(all || !long ? lines : lines.slice(0, LINES_SHOWN)).join('\n')}</pre>}
      {long && (
        <button type="button" className="aichat-link-button" onClick={() => setAll(!all)}>
          {all ? t('Show less') : t('Show all {n} lines', { n: lines.length })}
        </button>
      )}
    </div>
  );
}
