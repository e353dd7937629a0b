// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { answer, run, userMessage } from './testing/fakes';
import { button, openChat, press } from './testing/render';

const CODE = 'Look:\n\n```python\nprint(1)\n```\n';

async function say(content: string, state: 'running' | 'completed' = 'completed') {
  const chat = await openChat();
  const show = (text: string, now = state) =>
    chat.change({
      messages: [userMessage('m1', 'x', 'r1'), answer('m2', 'supervisor', 'r1', { content: text })],
      runs: [run('r1', now)],
      run_id: now === 'running' ? 'r1' : undefined
    });
  show(content);
  return { ...chat, show };
}

describe('text of an answer', () => {
  it('is Markdown, and no HTML', async () => {
    await say('**Bold** and <b>raw</b>');
    expect(screen.getByText('Bold').tagName).toBe('STRONG');
    expect(screen.getByRole('log').querySelector('b')).toBeNull();
  });

  it('grows without touching the blocks that are finished', async () => {
    const { show } = await say('First.\n\nSec', 'running');
    const first = screen.getByText('First.');
    show('First.\n\nSecond.', 'running');
    expect(screen.getByText('Second.')).toBeTruthy();
    expect(screen.getByText('First.')).toBe(first);
    show('First.\n\nSecond.', 'completed');
    expect(screen.getByText('First.')).toBe(first);
  });

  it('has a caret only while it grows', async () => {
    const { show } = await say('So', 'running');
    expect(document.querySelector('.aichat-markdown')?.getAttribute('data-growing')).toBe('true');
    show('So it is.', 'completed');
    expect(document.querySelector('.aichat-markdown')?.getAttribute('data-growing')).toBe('false');
  });
});

describe('code', () => {
  it('can be copied', async () => {
    const writeText = vi.fn(async () => undefined);
    vi.stubGlobal('isSecureContext', true);
    Object.defineProperty(navigator, 'clipboard', { value: { writeText }, configurable: true });
    await say(CODE);
    const [, inCode] = screen.getAllByRole('button', { name: 'Copy' }); // the question has one, too
    await act(async () => inCode?.click());
    expect(writeText).toHaveBeenCalledWith('print(1)');
    vi.unstubAllGlobals();
  });

  it('goes into the notebook, while one is open', async () => {
    const { host } = await say(CODE);
    expect(button('Insert into notebook')).toBeNull();
    act(() => host.notebook.set({ path: 'a.ipynb' }));
    await press('Insert into notebook');
    expect(host.inserted).toEqual(['print(1)']);
  });
});

it('a file that is named in a link opens, also from the keyboard', async () => {
  const opened: string[] = [];
  const chat = await openChat({
    host: host => Object.assign(host, { openPath: (path: string) => opened.push(path) })
  });
  chat.change({
    messages: [answer('m2', 'supervisor', 'r1', { content: 'See [the table](data/sales.csv).' })],
    runs: [run('r1', 'completed')]
  });
  const link = screen.getByRole('link', { name: 'the table' });
  fireEvent.click(link);
  fireEvent.keyDown(link, { key: 'Enter' });
  expect(opened).toEqual(['data/sales.csv', 'data/sales.csv']);
});
