/** What stands between the question and the buttons: kernel, code, warnings and effects; for files, their names. */

import type { Translate } from '../../i18n/translate';
import type { ApprovalPart } from '../../protocol/types';
import { useHost, useT } from '../context';
import { Icon } from '../icon';
import { actionLanguage, actionSource } from '../words/actions';
import { agentName } from '../words/agents';
import { CodeField } from './code-field';
import { DiffField } from './diff-field';
import { type Fact, factsOf, MARK } from './facts';
import { hasLongGap, visible } from './visible';

interface Props {
  readonly part: ApprovalPart;
  readonly label: string;
  readonly draft: string | null;
  readonly onDraft: (text: string) => void;
}

export function ActionBody({ part, label, draft, onDraft }: Props): JSX.Element {
  const t = useT();
  const { action, effects } = part;
  const source = actionSource(action);
  const facts = factsOf(part, t);
  return (
    <>
      {action.kernel && <p className="aichat-facts">{kernelWords(action, t)}</p>}
      {source !== undefined && draft === null && action.before !== undefined && (
        <DiffField before={action.before} after={source} language={actionLanguage(action)} />
      )}
      {source !== undefined && (draft !== null || action.before === undefined) && (
        <CodeField
          text={source}
          language={actionLanguage(action)}
          label={label}
          draft={draft}
          onDraft={onDraft}
        />
      )}
      <Warnings source={source ?? ''} hidden={effects?.hidden ?? []} editing={draft !== null} />
      {draft !== null && facts.length > 0 && (
        <p className="aichat-facts">{t('Read from the code as it was before your changes:')}</p>
      )}
      <FactList facts={facts} />
    </>
  );
}

function kernelWords({ kernel = '', kernel_state }: ApprovalPart['action'], t: Translate): string {
  const name = visible(kernel);
  switch (kernel_state) {
    case 'busy':
      return t('Kernel: {kernel}, busy. It runs when the kernel is free.', { kernel: name });
    case 'idle':
      return t('Kernel: {kernel}, idle', { kernel: name });
    case 'starting':
    case 'restarting':
      return t('Kernel: {kernel}, starting', { kernel: name });
    case 'dead':
      return t('Kernel: {kernel}, dead', { kernel: name });
    default:
      return t('Kernel: {kernel}', { kernel: name });
  }
}

const HIDDEN_NAMED = 3;

interface WarningProps {
  readonly source: string;
  readonly hidden: NonNullable<NonNullable<ApprovalPart['effects']>['hidden']>;
  readonly editing: boolean;
}

function Warnings({ source, hidden, editing }: WarningProps): JSX.Element | null {
  const t = useT();
  const rest = hidden.length - HIDDEN_NAMED;
  const warnings = [
    ...hidden.slice(0, HIDDEN_NAMED).map(({ line, column, code, name }) =>
      t('Hidden character in line {line}, column {column}: {name}', {
        line,
        column,
        name: `${code} ${visible(name)}`
      })
    ),
    ...(rest > 0 ? [t('{n} more hidden characters', { n: rest })] : []),
    ...(hidden.length === 0 && visible(source) !== source.replace(/\r\n/g, '\n')
      ? [t('There are hidden characters in it; they are written out.')]
      : []),
    ...(editing && (hidden.length > 0 || visible(source) !== source.replace(/\r\n/g, '\n'))
      ? [t('What you edit is the text without them.')]
      : []),
    ...(hasLongGap(source) ? [t('There are long empty stretches in it: read to the end.')] : [])
  ];
  return warnings.length === 0 ? null : (
    <ul className="aichat-fact-list aichat-warn">
      {warnings.map(words => (
        <li key={words}>
          <Icon name="attention" />
          <span>{words}</span>
        </li>
      ))}
    </ul>
  );
}

function FactList({ facts }: { facts: readonly Fact[] }): JSX.Element | null {
  return facts.length === 0 ? null : (
    <ul className="aichat-fact-list">
      {facts.map(({ words, care }) => (
        <li key={words}>
          {care ? <Icon name="attention" className="aichat-warn" /> : <span className="aichat-bullet" />}
          <span>
            {words
              .split(MARK)
              // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one sentence, which does not change
              .map((piece, i) => (i % 2 ? <code key={i}>{piece}</code> : piece))}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Files whose contents are to leave this server. */
export function ShareBody({ part }: { part: ApprovalPart }): JSX.Element {
  const t = useT();
  const { openPath } = useHost();
  return (
    <>
      <p className="aichat-facts">
        {t('{agent} asks. The contents leave this server.', { agent: agentName(part.agent, t) })}
      </p>
      <ul className="aichat-files">
        {(part.action.files ?? []).map(file => (
          <li key={file}>
            <Icon name="file" />
            {openPath ? (
              <button type="button" className="aichat-link-button" onClick={() => openPath(file)}>
                {file}
              </button>
            ) : (
              <span>{file}</span>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
