/** Something done, or to be done, in an open notebook; a press shows the cell, or opens the notebook that is waited for. */
import { memo } from 'react';
import { korean } from '../i18n/korean';
import type { Text, Translate } from '../i18n/translate';
import type { NotebookPart } from '../protocol/types';
import { waitingActions } from '../state/selectors';
import { useHost, useT, useThread } from './context';
import { Icon } from './icon';
import type { IconName } from './icon-names';
import { fileName } from './words/actions';

export const NotebookRow = memo(function NotebookRow({ part }: { part: NotebookPart }): JSX.Element {
  const t = useT();
  const { openPath, showCell } = useHost();
  const taken = useThread(state => state.claims[part.action_id]);
  const waits = useThread(state =>
    waitingActions(state).some(({ action }) => action.action_id === part.action_id)
  );
  const { notebook, result, args } = part;
  const status = part.status ?? (waits ? undefined : 'unknown');
  const cell = text(result?.cell_id) ?? (part.kind === 'insert_cell' ? undefined : text(args.cell_id));
  const act =
    status === undefined && openPath
      ? () => openPath(notebook)
      : cell && showCell && status !== 'error'
        ? () => showCell(notebook, cell)
        : undefined;
  const inside = (
    <>
      <Icon name={ICONS[status ?? 'running']} className={`aichat-state-${status ?? 'running'}`} />
      <span className="aichat-row-words">
        {status === undefined && taken === undefined ? askWords(part, t) : doneWords(part, status, t)}
      </span>
      {status !== undefined && status !== 'ok' && status !== 'error' && (
        <span className="aichat-row-state">{t(STATES[status])}</span>
      )}
      {act && <Icon name="notebook" />}
    </>
  );
  return (
    <div className="aichat-tool" data-status={status}>
      {act ? (
        <button type="button" className="aichat-row" title={t('Show {notebook}', { notebook })} onClick={act}>
          {inside}
        </button>
      ) : (
        <div className="aichat-row">{inside}</div>
      )}
      {status === 'error' && <p className="aichat-row-error">{reasonWords(text(result?.error) ?? '', t)}</p>}
    </div>
  );
});

type Status = NotebookPart['status'];

const ICONS: Readonly<Record<NonNullable<Status> | 'running', IconName>> = {
  running: 'running',
  ok: 'check',
  error: 'error',
  denied: 'denied',
  cancelled: 'cancelled',
  unknown: 'unknown'
};

const WORDS = {
  insert_cell: [
    'Inserting a cell into {notebook}…',
    'Inserted a cell in {notebook}',
    'Could not insert a cell in {notebook}'
  ],
  replace_cell: [
    'Changing a cell in {notebook}…',
    'Changed a cell in {notebook}',
    'Could not change a cell in {notebook}'
  ],
  run_cell: [
    'Running a cell in {notebook}…',
    'Ran a cell in {notebook}',
    'Could not run a cell in {notebook}'
  ]
} as const satisfies Readonly<Record<NotebookPart['kind'], readonly Text[]>>;

/** Of what was not tried to its end nothing is claimed. */
const NOUNS = {
  insert_cell: 'New cell',
  replace_cell: 'Change of a cell',
  run_cell: 'Run of a cell'
} as const satisfies Readonly<Record<NotebookPart['kind'], Text>>;

function doneWords({ kind, notebook }: NotebookPart, status: Status, t: Translate): string {
  if (status !== undefined && status in STATES) {
    return `${t(NOUNS[kind])} · ${fileName(notebook)}`;
  }
  const [running, ok, failed] = WORDS[kind];
  const words = status === undefined ? running : status === 'ok' ? ok : failed;
  return t(words, { notebook: fileName(notebook) });
}

const STATES = {
  denied: 'denied',
  cancelled: 'cancelled',
  unknown: 'outcome unknown'
} as const satisfies Readonly<Record<string, Text>>;

/** Nobody does it yet: the notebook is not open, or is about to answer. */
function askWords({ kind, notebook }: NotebookPart, t: Translate): string {
  const values = { notebook: fileName(notebook) };
  switch (kind) {
    case 'insert_cell':
      return t('Open {notebook} to insert a cell', values);
    case 'replace_cell':
      return t('Open {notebook} to change a cell', values);
    default:
      return t('Open {notebook} to run a cell', values);
  }
}

/** Sentences that our own clients give to the agent are said in the reader's language. */
function reasonWords(reason: string, t: Translate): string {
  const say = t as (text: Text, values?: Record<string, never>) => string;
  return Object.hasOwn(korean, reason) ? say(reason as Text) : reason;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
