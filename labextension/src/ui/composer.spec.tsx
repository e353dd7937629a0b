// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { button, openChat, press, type } from './testing/render';

const ENTER = { key: 'Enter', code: 'Enter', keyCode: 13 };

describe('the composer', () => {
  it('sends with Enter and is empty again, with the cursor in it', async () => {
    const { composer, session } = await openChat();
    type(composer(), '  Hello \n');
    fireEvent.keyDown(composer(), ENTER);
    expect(session().asked).toEqual([['send', 'Hello', { language: 'en' }]]);
    expect(composer().value).toBe('');
    expect(document.activeElement).toBe(composer());
  });

  it('makes a new line with Shift+Enter', async () => {
    const { composer, session } = await openChat();
    type(composer(), 'Hello');
    expect(fireEvent.keyDown(composer(), { ...ENTER, shiftKey: true })).toBe(true); // left to the browser
    expect(session().asked).toEqual([]);
  });

  it('sends nothing while a syllable is composed', async () => {
    const { composer, session } = await openChat();
    type(composer(), '안녕');
    fireEvent.keyDown(composer(), { ...ENTER, isComposing: true });
    fireEvent.keyDown(composer(), { ...ENTER, keyCode: 229 }); // Safari: the composition has ended already
    expect(session().asked).toEqual([]);
    fireEvent.keyDown(composer(), ENTER);
    expect(session().asked).toHaveLength(1);
  });

  it('sends no blank message', async () => {
    const { composer, session } = await openChat();
    type(composer(), ' \n ');
    fireEvent.keyDown(composer(), ENTER);
    expect(button('Send')?.disabled).toBe(true);
    expect(session().asked).toEqual([]);
  });

  it('makes lines with Enter and sends with Ctrl+Enter, for whoever set it so', async () => {
    const { composer, session, host } = await openChat();
    act(() => host.preferences.set({ sendWithEnter: false }));
    type(composer(), 'Hello');
    fireEvent.keyDown(composer(), ENTER);
    expect(session().asked).toEqual([]);
    fireEvent.keyDown(composer(), { ...ENTER, ctrlKey: true });
    expect(session().asked).toHaveLength(1);
  });

  it('leaves Escape and all other keys alone', async () => {
    const { composer, session } = await openChat();
    type(composer(), 'Hello');
    expect(fireEvent.keyDown(composer(), { key: 'Escape' })).toBe(true);
    expect(composer().value).toBe('Hello');
    expect(session().asked).toEqual([]);
  });

  it('remembers what was not sent, for each thread', async () => {
    const { composer, session, model } = await openChat();
    type(composer(), 'Half a sent');
    expect(session().getDraft()).toBe('Half a sent');
    act(() => model.openThread('t2'));
    expect(composer().value).toBe('');
  });

  it('has the cursor when a new thread is begun', async () => {
    const { composer } = await openChat();
    await press('New thread');
    expect(document.activeElement).toBe(composer());
  });
});

describe('while an answer is made', () => {
  it('Stop stands where Send was, and comes beside it when there is something to send', async () => {
    const { composer, session, change } = await openChat();
    change({ run_id: 'r1' });
    expect(button('Send')).toBeNull();
    await press('Stop');
    expect(session().asked).toEqual([['cancel']]);
    type(composer(), 'And then');
    await press('Send');
    expect(session().asked[1]).toEqual(['send', 'And then', { language: 'en' }]);
  });

  it('Stop can be pressed once; if the server refuses, it says why and can be pressed again', async () => {
    const { change } = await openChat();
    change({ run_id: 'r1', cancelling: {} });
    expect(button('Stop')?.disabled).toBe(true);
    change({ cancelling: { error: { error: 'Not here.', code: 'conflict', retryable: false } } });
    expect(button('Stop')?.disabled).toBe(false);
    expect(screen.getByRole('alert').textContent).toContain('Not here.');
  });
});

describe('the open notebook', () => {
  it('goes along, and can be left out', async () => {
    const { composer, session, host } = await openChat();
    act(() => host.notebook.set({ path: 'work/sales.ipynb', kernel_id: 'k1' }));
    const chip = screen.getByRole('button', { name: 'sales.ipynb' });
    expect(chip.getAttribute('aria-pressed')).toBe('true');
    type(composer(), 'One');
    await press('Send');
    fireEvent.click(chip);
    type(composer(), 'Two');
    await press('Send');
    expect(session().asked).toEqual([
      ['send', 'One', { language: 'en', notebook: { path: 'work/sales.ipynb', kernel_id: 'k1' } }],
      ['send', 'Two', { language: 'en' }]
    ]);
  });

  it('that is opened next goes along again', async () => {
    const { host } = await openChat();
    act(() => host.notebook.set({ path: 'a.ipynb' }));
    fireEvent.click(screen.getByRole('button', { name: 'a.ipynb' }));
    act(() => host.notebook.set({ path: 'b.ipynb' }));
    expect(screen.getByRole('button', { name: 'b.ipynb' }).getAttribute('aria-pressed')).toBe('true');
  });
});
