/** What an agent asks for, as a person reads it. */
import type { Translate } from '../../i18n/translate';
import type { ActionView } from '../../protocol/types';
import { visible } from '../approval/visible';
import { spaced } from './agents';

/** "Analyst wants to run Python in sales-q3.ipynb" */
export function actionHeading(action: ActionView, agent: string, t: Translate): string {
  const place = actionPlace(action, t);
  switch (action.kind) {
    case 'run_code':
    case 'run_sql':
      return t('{agent} wants to run {language} in {place}', {
        agent,
        place,
        language: languageName(actionLanguage(action))
      });
    case 'insert_cell':
      return action.cell_type === 'markdown'
        ? t('{agent} wants to insert a Markdown cell into {place}', { agent, place })
        : t('{agent} wants to insert a cell into {place}', { agent, place });
    case 'replace_cell':
      return t('{agent} wants to change a cell in {place}', { agent, place });
    case 'run_cell':
      return t('{agent} wants to run a cell in {place}', { agent, place });
    case 'write_file':
      return t('{agent} wants to write the file {file}', { agent, file: visible(action.path ?? '') });
    default:
      return t('{agent} wants to look at variables in {place}', { agent, place });
  }
}

/** "Python in sales-q3.ipynb" */
export function actionWords(action: ActionView, t: Translate): string {
  const place = actionPlace(action, t);
  switch (action.kind) {
    case 'run_code':
    case 'run_sql':
      return t('{language} in {place}', { language: languageName(actionLanguage(action)), place });
    case 'insert_cell':
      return t('new cell in {place}', { place });
    case 'replace_cell':
      return t('change of a cell in {place}', { place });
    case 'run_cell':
      return t('cell in {place}', { place });
    case 'write_file':
      return visible(action.path ?? '');
    default:
      return t('variables in {place}', { place });
  }
}

function actionPlace({ notebook, kernel }: ActionView, t: Translate): string {
  return notebook ? visible(fileName(notebook)) : visible(kernel ?? t('the kernel'));
}

/** What is run, written or shown, and may be changed before it is approved. */
export function actionSource({ code, sql, source, content }: ActionView): string | undefined {
  return code ?? sql ?? source ?? content;
}

/** As highlighters name it; "" for plain text. */
export function actionLanguage({ kind, language, cell_type, path }: ActionView): string {
  if (kind === 'run_sql') {
    return 'sql';
  }
  if (kind === 'write_file') {
    return OF_FILES[/\.(\w+)$/.exec(path ?? '')?.[1]?.toLowerCase() ?? ''] ?? '';
  }
  return cell_type === 'markdown' ? 'markdown' : (language ?? 'python').toLowerCase();
}

const OF_FILES: Readonly<Record<string, string>> = {
  md: 'markdown',
  py: 'python',
  sql: 'sql',
  json: 'json',
  yml: 'yaml',
  yaml: 'yaml',
  r: 'r'
};

const NAMES: Readonly<Record<string, string>> = { sql: 'SQL', json: 'JSON', yaml: 'YAML' };

export function languageName(language: string): string {
  return NAMES[language] ?? spaced(language);
}

export function fileName(path: string | undefined): string {
  return path?.split('/').pop() ?? '';
}
