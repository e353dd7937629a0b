/** Tool calls in words: "Reading sales.csv…", "Read sales.csv", "Could not read sales.csv". */
import type { Text, Translate } from '../../i18n/translate';
import type { ToolPart } from '../../protocol/types';
import { agentName, spaced } from './agents';

type Phrase = readonly [running: Text, done: Text, failed: Text];

/** With the file, notebook or folder it works on. */
const ON_OBJECT: Readonly<Record<string, Phrase>> = {
  read_file: ['Reading {object}…', 'Read {object}', 'Could not read {object}'],
  read_notebook: ['Reading {object}…', 'Read {object}', 'Could not read {object}'],
  profile_table: ['Profiling {object}…', 'Profiled {object}', 'Could not profile {object}'],
  analyse_table: ['Analysing {object}…', 'Analysed {object}', 'Could not analyse {object}'],
  write_file: ['Writing {object}…', 'Wrote {object}', 'Could not write {object}'],
  list_files: ['Listing files in {object}…', 'Listed files in {object}', 'Could not list files in {object}']
};

/** Where the call names no object, or the object says no more. */
const ALONE: Readonly<Record<string, Phrase>> = {
  read_file: ['Reading a file…', 'Read a file', 'Could not read a file'],
  read_notebook: ['Reading the notebook…', 'Read the notebook', 'Could not read the notebook'],
  profile_table: ['Profiling a table…', 'Profiled a table', 'Could not profile a table'],
  analyse_table: ['Analysing a table…', 'Analysed a table', 'Could not analyse a table'],
  run_code: ['Running code…', 'Ran code', 'Code failed'],
  run_sql: ['Running SQL…', 'Ran SQL', 'SQL failed'],
  inspect_variables: ['Looking at variables…', 'Looked at variables', 'Could not look at variables'],
  insert_cell: ['New cell', 'New cell', 'New cell'],
  replace_cell: ['Change of a cell', 'Change of a cell', 'Change of a cell'],
  run_cell: ['Run of a cell', 'Run of a cell', 'Run of a cell'],
  list_files: ['Listing files…', 'Listed files', 'Could not list files']
};

/** What `analyse_table` calculates. */
const OPERATIONS: Readonly<Record<string, Text>> = {
  missing: 'missing values',
  duplicates: 'duplicates',
  describe: 'statistics',
  group_by: 'by group',
  top_n: 'largest values',
  trend: 'over time',
  correlation: 'correlations',
  profile: 'profile'
};

const SPECIALIST = /^ask_(\w+)$/;

const OBJECT_ARGUMENTS = ['path', 'file', 'filename', 'notebook', 'folder', 'directory', 'name'] as const;

export function toolWords(part: Pick<ToolPart, 'name' | 'args' | 'status'>, t: Translate): string {
  const { name, args, status } = part;
  const say = t as (text: Text, values?: { object: string }) => string;
  const object = toolObject(args);
  const specialist = SPECIALIST.exec(name)?.[1];
  if (specialist) {
    return t('Task for {agent}', { agent: agentName(specialist, t) });
  }
  const named = object ? ON_OBJECT[name] : undefined;
  const phrase = named ?? ALONE[name];
  const told = phrase
    ? say(phrase[status === 'running' ? 0 : status === 'ok' ? 1 : 2], { object })
    : spaced(name);
  const words = object && !named ? `${told} · ${object}` : told;
  const operation = OPERATIONS[String(args.operation)];
  return operation ? `${words} · ${say(operation)}` : words;
}

/** What the call works on: the last part of its path. Empty if it names none. */
export function toolObject(args: ToolPart['args']): string {
  for (const key of OBJECT_ARGUMENTS) {
    const value = args[key];
    if (typeof value === 'string') {
      const last = value.replace(/\/+$/, '').split('/').pop() ?? '';
      if (last && last !== '.') {
        return last;
      }
    }
  }
  return '';
}
