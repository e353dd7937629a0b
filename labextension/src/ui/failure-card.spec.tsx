// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { RunFailure } from '../protocol/types';
import { answer, run, userMessage } from './testing/fakes';
import { openChat, press } from './testing/render';

async function failed(failure: RunFailure, language: 'en' | 'ko' = 'en') {
  const chat = await openChat({
    host: host => {
      host.language = language;
    }
  });
  chat.change({
    messages: [userMessage('m1', 'Question', 'r1'), answer('m2', 'supervisor', 'r1', { content: 'So far' })],
    runs: [run('r1', 'failed', { failure, ended_at: '2026-11-22T09:00:00.000Z' })]
  });
  return chat;
}

const AUTH: RunFailure = {
  error: 'api.openai.com answered 401: Incorrect API key provided.',
  code: 'model_auth',
  retryable: false,
  host: 'api.openai.com'
};

describe('a failed answer', () => {
  it('keeps its text, says one sentence, and the rest behind Details', async () => {
    await failed(AUTH);
    expect(screen.getByText('So far')).toBeTruthy();
    const card = screen.getByRole('region', { name: 'The answer failed' });
    expect(card.textContent).toContain('api.openai.com refused the API key.');
    expect(card.textContent).not.toContain('401');
    await press('Details');
    expect(card.textContent).toContain('model_auth');
    expect(card.textContent).toContain('Incorrect API key provided.');
  });

  it('because of the key leads to the key', async () => {
    await failed(AUTH);
    await press('Change key');
    expect(screen.getByRole('dialog', { name: 'Model' })).toBeTruthy();
  });

  it('that was interrupted can be asked again, in Korean too', async () => {
    const { session } = await failed({ error: 'Interrupted.', code: 'interrupted', retryable: true }, 'ko');
    expect(screen.getByText(/답변 중에 서버가 재시작됐어요/)).toBeTruthy();
    await press('다시 질문');
    expect(session().asked).toEqual([['send', 'Question', { language: 'ko' }]]);
  });

  it('because the conversation is too long leads to a new one', async () => {
    const { session } = await failed({ error: 'Too long.', code: 'model_context', retryable: false });
    const before = session();
    const [, inCard] = screen.getAllByRole('button', { name: 'New thread' }); // the header has one, too
    act(() => inCard?.click());
    expect(session()).not.toBe(before);
  });
});
