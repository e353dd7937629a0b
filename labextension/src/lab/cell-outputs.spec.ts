import { describe, expect, it } from 'vitest';
import { shownBy } from './cell-outputs';

describe('what a cell shows is told', () => {
  it('in its order: printed text without colours, values, errors, and that there is a chart', () => {
    expect(
      shownBy({
        cell_type: 'code',
        outputs: [
          { output_type: 'stream', name: 'stdout', text: ['\x1b[31mred\x1b[0m\n', 'two\n'] },
          { output_type: 'display_data', data: { 'image/png': 'iVBOR', 'text/plain': '<Figure>' } },
          { output_type: 'execute_result', data: { 'text/html': '<b>', 'text/plain': 'region  매출' } },
          { output_type: 'display_data', data: { 'application/pdf': 'JVBER' } },
          { output_type: 'error', ename: 'KeyError', evalue: "'x'", traceback: ['Traceback', 'KeyError'] },
          { output_type: 'error', ename: 'KeyError', evalue: "'y'", traceback: [] }
        ]
      })
    ).toBe(
      'red\ntwo\n[a chart was shown to the person]\nregion  매출\n' +
        "[application/pdf was shown to the person]\nTraceback\nKeyError\nKeyError: 'y'"
    );
  });

  it('with its middle left out where it is long', () => {
    const text = shownBy({ outputs: [{ output_type: 'stream', text: `a${'x'.repeat(50_000)}z` }] });
    expect(text.length).toBeLessThan(24_100);
    expect(text).toMatch(/^ax+\n\[… 26002 characters were left out …\]\nx+z$/);
  });

  it.each([undefined, {}, { outputs: [] }, { cell_type: 'markdown', source: 'x' }])(
    'as nothing: %j',
    cell => {
      expect(shownBy(cell)).toBe('');
    }
  );
});
