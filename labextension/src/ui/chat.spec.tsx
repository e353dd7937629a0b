// @vitest-environment happy-dom
import { act, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { answer, MODEL, run, userMessage } from './testing/fakes';
import { button, openChat, press } from './testing/render';

describe('the chat', () => {
  it('is found by role and name', async () => {
    const { composer } = await openChat();
    expect(screen.getByRole('log', { name: 'Conversation' }).getAttribute('aria-live')).toBe('off');
    expect(composer()).toBeTruthy();
    expect(button('Send')).toBeTruthy();
    expect(button('New thread')).toBeTruthy();
    expect(button('Stop')).toBeNull();
    expect(screen.getAllByRole('status')).toHaveLength(1); // one polite region
  });

  it('is Korean in a Korean interface', async () => {
    await openChat({
      host: host => {
        host.language = 'ko';
      }
    });
    expect(screen.getByRole('log', { name: '대화' })).toBeTruthy();
    expect(screen.getByRole('textbox', { name: '메시지' })).toBeTruthy();
    expect(button('보내기')).toBeTruthy();
    expect(button('새 대화')).toBeTruthy();
    expect(screen.getByRole('log').closest('.aichat')?.getAttribute('lang')).toBe('ko');
  });

  it("keeps its keys from Lab's shortcuts", async () => {
    const { composer } = await openChat();
    expect(composer().closest('[data-lm-suppress-shortcuts="true"]')).toBeTruthy();
  });

  it('shows one conversation, also after going to another and back', async () => {
    const { change, model } = await openChat();
    change({ messages: [userMessage('m1', 'First question', 'r1')], runs: [run('r1', 'completed')] });
    expect(screen.getByRole('log').textContent).toContain('First question');
    await press('New thread');
    expect(screen.getAllByRole('log')).toHaveLength(1);
    expect(screen.getAllByRole('textbox', { name: 'Message' })).toHaveLength(1);
    expect(screen.getByRole('log').textContent).not.toContain('First question');
    act(() => model.openThread('t1'));
    expect(screen.getAllByRole('log')).toHaveLength(1);
  });

  it('says in one line that the connection is lost, and tries again when asked to', async () => {
    const { change, session } = await openChat();
    change({ connection: 'reconnecting', run_id: 'r1' });
    await screen.findByText(/The answer goes on at the server/);
    await press('Retry now');
    expect(session().asked).toContainEqual(['retryNow']);
    change({ connection: 'open' });
    expect(screen.queryByText(/Connection lost/)).toBeNull();
  });

  it('does not flicker when the connection is back at once', async () => {
    const { change } = await openChat();
    change({ connection: 'reconnecting' });
    expect(screen.queryByText(/Connection lost/)).toBeNull();
  });
});

describe('an empty thread', () => {
  it('offers what is really there, and asks it with one press', async () => {
    const { session, host } = await openChat({
      host: set => {
        set.files = ['data/sales.csv'];
        set.notebook.set({ path: 'a.ipynb' });
      }
    });
    expect(screen.getByText(/Answers come from rules/)).toBeTruthy();
    expect(screen.getByText('Nothing leaves this server.')).toBeTruthy();
    await press('Profile sales.csv');
    expect(session().asked).toEqual([
      ['send', 'Profile sales.csv', { language: 'en', notebook: host.notebook.get() }]
    ]);
  });

  it('says where data goes when a model answers', async () => {
    await openChat({
      backend: set => {
        set.inUse = MODEL;
      }
    });
    expect(screen.getByText(/^Sent to api\.openai\.com: your question/)).toBeTruthy();
  });

  it('says what to do where there is nothing', async () => {
    await openChat();
    expect(screen.getByText(/Open a notebook, or put a CSV file/)).toBeTruthy();
  });
});

describe('a server that cannot answer', () => {
  it('without the extension: the command, and a button that looks again; never a spinner', async () => {
    const { change, session } = await openChat();
    change({ loaded: false, connection: 'absent' });
    expect(
      within(screen.getByRole('alert')).getByText('jupyter server extension enable jupyter_aichat')
    ).toBeTruthy();
    expect(screen.queryByRole('textbox', { name: 'Message' })).toBeNull();
    expect(screen.queryByRole('progressbar')).toBeNull();
    await press('Check again');
    expect(session().asked).toEqual([['retryNow']]);
  });

  it('of another version: both versions, and what to do', async () => {
    const { change } = await openChat();
    change({
      loaded: false,
      connection: 'mismatch',
      versions: { client: 1, server: 2, package: '0.9.0' }
    });
    expect(screen.getByText('Server: 0.9.0 (protocol 2). This page: protocol 1.')).toBeTruthy();
    expect(button('Check again')).toBeTruthy();
  });

  it('that refuses later: the conversation can still be read', async () => {
    const { change } = await openChat();
    change({ messages: [userMessage('m1', 'Kept', 'r1')], runs: [run('r1', 'completed')] });
    change({ connection: 'refused', refusal: { code: 403, reason: 'Logged out.' } });
    expect(screen.getByRole('log').textContent).toContain('Kept');
    expect(screen.getByText('Logged out.')).toBeTruthy();
  });

  it('that deleted the thread: a new one', async () => {
    const { change, session } = await openChat();
    const gone = session();
    change({ connection: 'deleted' });
    expect(screen.getByText('This thread was deleted.')).toBeTruthy();
    const [, inside] = screen.getAllByRole('button', { name: 'New thread' }); // the header has one, too
    act(() => inside?.click());
    expect(session()).not.toBe(gone);
  });
});

it('a finished answer can be copied; one that rules gave says so once', async () => {
  const { change } = await openChat();
  change({
    messages: [
      userMessage('m1', 'Hello', 'r1'),
      answer('m2', 'supervisor', 'r1', { content: 'Hello.' }),
      answer('m3', 'analyst', 'r1', { content: 'Figures.' })
    ],
    runs: [run('r1', 'completed', { model: 'offline:rules' })]
  });
  expect(button('Copy answer')).toBeTruthy();
  expect(within(screen.getByRole('log')).getAllByText('Offline mode')).toHaveLength(1);
});

it('a stopped answer says so, and the question can be asked again', async () => {
  const { change, session } = await openChat();
  change({ messages: [userMessage('m1', 'Hello', 'r1')], runs: [run('r1', 'cancelled')] });
  expect(screen.getByText('Stopped')).toBeTruthy();
  await press('Ask again');
  expect(session().asked).toEqual([['send', 'Hello', { language: 'en' }]]);
});
