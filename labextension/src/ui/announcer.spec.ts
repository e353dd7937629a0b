import { describe, expect, it } from 'vitest';
import { translator } from '../i18n/translate';
import { isEvent } from '../protocol/codec';
import { emptyFold, reduce } from '../state/reducer';
import type { ThreadState } from '../state/types';
import { transcript } from '../testing/transcripts';
import { announcement } from './announcer';

/** All that is said aloud while a transcript arrives frame by frame. */
function said(name: string, language: 'en' | 'ko' = 'en'): string[] {
  const t = translator(language);
  let fold = emptyFold('t');
  const state = (): ThreadState => ({
    ...fold.snapshot,
    loaded: true,
    connection: 'open',
    outbox: [],
    deciding: {},
    claims: {}
  });
  return transcript(name)
    .frames.filter(isEvent)
    .flatMap(frame => {
      const before = state();
      fold = reduce(fold, frame);
      const words = announcement(before, state(), t);
      return words ? [words] : [];
    });
}

describe('announcements', () => {
  it('tell beginning, handoff and end, and never the text', () => {
    expect(said('handoff-with-tools')).toEqual([
      'The answer begins.',
      'Analyst takes over: Profile sales.csv',
      'The answer is complete.'
    ]);
  });

  it('are Korean in a Korean interface', () => {
    expect(said('simple-answer', 'ko')).toEqual(['답변을 시작해요.', '답변이 끝났어요.']);
  });

  it('tell that a decision is needed, and how a run failed', () => {
    expect(said('approval-pending')).toContain('Your approval is needed.');
    expect(said('interrupted').at(-1)).toMatch(/The server restarted during this answer/);
  });
});
