/** What an action would do, one fact a line, as far as reading it tells. */
import type { Translate } from '../../i18n/translate';
import type { ApprovalPart, Effects, NameEffect } from '../../protocol/types';
import { visible } from './visible';

export interface Fact {
  /** Names and paths stand between two `MARK`s. */
  readonly words: string;
  /** Worth a second look. */
  readonly care: boolean;
}

/** A control character: in values it is written out, so it is never theirs. */
export const MARK = '\u0001';

const mark = (value: string): string => MARK + visible(value) + MARK;
const list = (values: readonly string[]): string => values.map(mark).join(', ');

export function factsOf({ action, effects }: Pick<ApprovalPart, 'action' | 'effects'>, t: Translate): Fact[] {
  const facts: Fact[] = [];
  const add = (words: string, care = false) => void facts.push({ words, care });
  if (action.kind === 'inspect_variables') {
    add(
      action.names?.length
        ? t('looks at {names}', { names: list(action.names) })
        : t('looks at all variables')
    );
    add(levelWords(action.level ?? 'schema', t), action.level === 'rows');
  }
  if (action.engine) {
    add(t('asks the database {name}', { name: mark(action.engine) }), true);
  }
  for (const name of effects?.names ?? []) {
    if (name.change !== 'creates') {
      add(nameWords(name, t), true);
    }
  }
  const created = (effects?.names ?? []).filter(({ change }) => change === 'creates');
  if (created.length > 0) {
    add(t('creates {names}', { names: list(created.map(({ name }) => name)) }));
  } else if (action.into && !effects?.names?.some(({ name }) => name === action.into)) {
    add(t('creates {names}', { names: mark(action.into) }));
  }
  for (const { path, access, exists, size } of effects?.files ?? []) {
    const file = mark(path);
    if (exists === false) {
      add(t('creates {names}', { names: file }));
    } else if (exists) {
      const there = size === undefined ? file : `${file} (${t('{n} bytes', { n: size })})`;
      add(t('overwrites {name}', { name: there }), true);
    } else if (access === 'read') {
      add(t('reads {file}', { file }));
    } else {
      add(access === 'write' ? t('writes {file}', { file }) : t('reads or writes {file}', { file }), true);
    }
  }
  for (const host of effects?.network ?? []) {
    add(t('network: {host}', { host: mark(host) }), true);
  }
  for (const command of effects?.shell ?? []) {
    add(t('shell: {command}', { command: mark(command) }), true);
  }
  for (const reason of effects?.unclear ?? []) {
    add(t("can't tell: {reason}", { reason: visible(reason) }), true);
  }
  if (effects?.tells) {
    add(t('what comes out is read by {host}', { host: mark(effects.tells) }));
  }
  return facts;
}

function nameWords({ name, change, before }: NameEffect, t: Translate): string {
  const what = before ? `${mark(name)} (${visible(before)})` : mark(name);
  switch (change) {
    case 'rebinds':
      return t('overwrites {name}', { name: what });
    case 'deletes':
      return t('deletes {name}', { name: what });
    case 'mutates':
      return t('changes {name} in place', { name: what });
    default:
      return t('creates {names}', { names: what });
  }
}

function levelWords(level: 'schema' | 'aggregates' | 'rows', t: Translate): string {
  return {
    schema: t('names, types and shapes'),
    aggregates: t('names, types, shapes and statistics'),
    rows: t('names, types, shapes and rows')
  }[level];
}

const EXECUTES: readonly ApprovalPart['action']['kind'][] = ['run_code', 'run_sql'];
const ONCE_ONLY: readonly ApprovalPart['action']['kind'][] = ['replace_cell', 'run_cell', 'write_file'];

/** May one decision cover what comes later? Only for what creates new names and does nothing else. */
export function mayLast({ action, effects }: Pick<ApprovalPart, 'action' | 'effects'>): boolean {
  if (ONCE_ONLY.includes(action.kind) || (!effects && EXECUTES.includes(action.kind))) {
    return false;
  }
  return !isRisky(effects ?? {});
}

function isRisky({
  names = [],
  files = [],
  network = [],
  shell = [],
  unclear = [],
  hidden = []
}: Effects): boolean {
  const rest = [files, network, shell, unclear, hidden];
  return names.some(({ change }) => change !== 'creates') || rest.some(({ length }) => length > 0);
}
