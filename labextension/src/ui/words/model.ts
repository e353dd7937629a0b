/** The model in words: its name, where data goes, and why it was chosen. */
import type { Text, Translate } from '../../i18n/translate';
import type { ModelInUse } from '../ports';

/** "openai:gpt-5-mini" → "gpt-5-mini" */
export function modelName(id: string): string {
  return id.slice(id.indexOf(':') + 1);
}

export function isOfflineModel(id: string | undefined): boolean {
  return id?.startsWith('offline:') ?? false;
}

/** Whom data goes to: host and, unless it is the usual one, port. */
export function modelHost(model: ModelInUse): string {
  try {
    return model.url ? new URL(model.url).host : model.provider;
  } catch {
    return model.provider;
  }
}

/** The reasons the server gives. It says them in English; what is not in this list stays so. */
const REASONS: readonly (readonly [RegExp, Text])[] = [
  [
    /^No model is configured\b/,
    'No model is configured: there is no setting, no OPENAI_BASE_URL and no OPENAI_API_KEY.'
  ],
  [/^The offline analyst is set as the model\.$/, 'The offline analyst is set as the model.'],
  [/^The setting base_url is (?<url>\S+)\.$/, 'The setting base_url is {url}.'],
  [
    /^The model (?<model>\S+) is set, and (?<name>\S+) is set to (?<url>\S+)\.$/,
    'The model {model} is set, and {name} is set to {url}.'
  ],
  [/^The model (?<model>\S+) is set\.$/, 'The model {model} is set.'],
  [/^A key for (?<host>\S+) is stored\.$/, 'A key for {host} is stored.'],
  [/^(?<name>\S+) is set to (?<url>\S+)\.$/, '{name} is set to {url}.'],
  [/^(?<name>[A-Z_]+) is set\.$/, '{name} is set.']
];

export function reasonWords(reason: string, t: Translate): string {
  const say = t as (text: Text, values?: Record<string, string>) => string;
  for (const [pattern, text] of REASONS) {
    const found = pattern.exec(reason);
    if (found) {
      return say(text, found.groups);
    }
  }
  return reason;
}
