/** What a cell shows, as an agent reads it: printed text, values and errors; of pictures and charts only that there is one. */

/** So much of it, from both ends. */
const CHARACTERS = 24_000;

/** Colours and cursor movements of terminals. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is how they begin
const TERMINAL = /\x1b\[[0-9;?]*[ -/]*[@-~]/g;

/** `cell` as nbformat writes it. */
export function shownBy(cell: unknown): string {
  const outputs: unknown = Object(cell).outputs;
  const text = Array.isArray(outputs) ? outputs.map(told).join('').trim() : '';
  const half = CHARACTERS / 2;
  return text.length <= CHARACTERS
    ? text
    : `${text.slice(0, half)}\n[… ${text.length - CHARACTERS} characters were left out …]\n${text.slice(-half)}`;
}

function told(output: unknown): string {
  const { output_type, text, data, traceback, ename, evalue } = Object(output);
  if (output_type === 'stream') {
    return plain(text);
  }
  if (output_type === 'error') {
    return `${plain(Array.isArray(traceback) && traceback.length > 0 ? traceback.join('\n') : `${ename}: ${evalue}`)}\n`;
  }
  const kinds = Object.keys(Object(data));
  if (kinds.some(kind => kind.startsWith('image/') || /plotly|vega/.test(kind))) {
    return '[a chart was shown to the person]\n';
  }
  const value = Object(data)['text/markdown'] ?? Object(data)['text/plain'];
  return value === undefined ? `[${kinds.sort().join(', ')} was shown to the person]\n` : `${plain(value)}\n`;
}

function plain(text: unknown): string {
  return (Array.isArray(text) ? text.join('') : String(text ?? '')).replace(TERMINAL, '');
}
