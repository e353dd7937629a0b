// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SnapshotRun } from '../protocol/types';
import { answer, run, userMessage } from './testing/fakes';
import { openChat } from './testing/render';

const START = Date.parse('2026-11-22T09:00:00.000Z');

beforeEach(() => void vi.useFakeTimers({ now: START, toFake: ['Date', 'setInterval', 'clearInterval'] }));
afterEach(() => void vi.useRealTimers());

const line = () => document.querySelector('.aichat-status')?.textContent ?? '';
const pass = (ms: number) => act(() => void vi.advanceTimersByTime(ms));

async function during(more: Partial<SnapshotRun> = {}, state: SnapshotRun['state'] = 'running') {
  const chat = await openChat();
  chat.change({
    head: 3,
    run_id: 'r1',
    messages: [userMessage('m1', 'x', 'r1')],
    runs: [
      run('r1', state, {
        model: 'openai:gpt-5-mini',
        started_at: new Date(START).toISOString(),
        speaking: ['supervisor', 'analyst'],
        ...more
      })
    ]
  });
  return chat;
}

describe('the status line', () => {
  it('is there, and empty, before anything was asked', async () => {
    await openChat();
    expect(document.querySelector('.aichat-status')).toBeTruthy();
    expect(line()).toBe('');
  });

  it('says who does what, and after three seconds for how long', async () => {
    const chat = await during({ status: { agent: 'analyst', text: 'Analysing sales.csv…', progress: 0.6 } });
    expect(line()).toBe('AnalystAnalysing sales.csv…');
    pass(3000);
    chat.change({ head: 4 });
    expect(line()).toBe('AnalystAnalysing sales.csv…0:03');
    expect(screen.getByRole('progressbar', { name: 'Progress' }).getAttribute('aria-valuenow')).toBe('60');
  });

  it('says after five seconds of silence what it waits for', async () => {
    const chat = await during();
    pass(6000);
    expect(line()).toBe('AnalystStill working: waiting for the model (gpt-5-mini)0:06');
    chat.change({ head: 5 });
    pass(1000);
    expect(line()).toBe('AnalystWorking…0:07');
  });

  it("leaves the word to a tool that takes long: the silence is not the model's", async () => {
    const chat = await during({ status: { agent: 'analyst', text: 'Profiling sales.csv…' } });
    const part = {
      type: 'tool',
      call_id: 'k',
      name: 'profile_table',
      args: {},
      agent: 'analyst',
      status: 'running'
    } as const;
    chat.change({
      messages: [userMessage('m1', 'x', 'r1'), answer('m2', 'analyst', 'r1', { parts: [part] })]
    });
    pass(20_000);
    expect(line()).toBe('AnalystProfiling sales.csv…0:20');
  });

  it('says that an agent writes while its text comes', async () => {
    const chat = await during({ status: { agent: 'analyst', text: 'Thinking…' } });
    expect(line()).toBe('AnalystThinking…');
    const said = answer('m2', 'analyst', 'r1', { content: 'Revenue' });
    chat.change({ messages: [userMessage('m1', 'x', 'r1'), said] });
    expect(line()).toBe('AnalystWriting…');
    chat.change({ messages: [userMessage('m1', 'x', 'r1'), said, answer('m3', 'analyst', 'r1')] });
    expect(line()).toBe('AnalystThinking…');
  });

  it('says when it waits for the person', async () => {
    await during({}, 'waiting');
    pass(60_000);
    expect(line()).toBe('AnalystWaiting for you');
  });

  it('says that it is stopping', async () => {
    const chat = await during();
    chat.change({ cancelling: {} });
    expect(line()).toBe('AnalystStopping…');
  });

  it('says afterwards what the answer took', async () => {
    const chat = await during();
    chat.change({
      run_id: undefined,
      runs: [
        run('r1', 'completed', { duration_ms: 18_400, usage: { input_tokens: 1010, output_tokens: 230 } })
      ]
    });
    expect(line()).toBe('1,240 tokens · 18 s');
  });
});
