// @vitest-environment happy-dom
import { act, fireEvent, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ApprovalPart } from '../protocol/types';
import { answer, run, userMessage } from './testing/fakes';
import { button, openChat, press, type } from './testing/render';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

const DIGEST = 'd'.repeat(64);
const later = (ms: number) => vi.setSystemTime(Date.now() + ms);

function approval(more: Partial<ApprovalPart> = {}): ApprovalPart {
  return {
    type: 'approval',
    approval_id: 'ap1',
    call_id: 'k1',
    agent: 'analyst',
    action: { kind: 'share_files', host: 'api.openai.com', files: ['data/sales.csv'] },
    digest: DIGEST,
    expires_at: '2026-11-23T09:00:00.000Z',
    ...more
  };
}

async function ask(part = approval()) {
  const chat = await openChat();
  const show = () =>
    chat.change({
      run_id: 'r1',
      messages: [userMessage('m1', 'Question', 'r1'), answer('m2', 'analyst', 'r1', { parts: [part] })],
      runs: [run('r1', 'waiting')]
    });
  return { ...chat, show };
}

describe('an approval', () => {
  it('names what goes where, and who asks', async () => {
    const { show } = await ask();
    show();
    const card = screen.getByRole('region', { name: 'Send the contents of sales.csv to api.openai.com?' });
    expect(card.textContent).toContain('Analyst asks. The contents leave this server.');
    expect(card.textContent).toContain('data/sales.csv');
  });

  it('names every file when there are several', async () => {
    const { show } = await ask(
      approval({ action: { kind: 'share_files', host: 'h', files: ['a.csv', 'b.csv', 'c.csv'] } })
    );
    show();
    expect(screen.getByRole('heading', { name: 'Send the contents of 3 files to h?' })).toBeTruthy();
    expect(screen.getAllByRole('listitem').map(item => item.textContent)).toEqual([
      'a.csv',
      'b.csv',
      'c.csv'
    ]);
  });

  it('takes no press meant for what stood there before', async () => {
    const { show, session } = await ask();
    show();
    later(399);
    await press('Approve');
    expect(session().asked).toEqual([]);
    later(1);
    await press('Approve');
    expect(session().asked).toEqual([['approve', 'ap1', DIGEST, 'approve', { scope: 'thread' }]]);
  });

  it('is given with Ctrl+Enter inside the card, not with Enter alone, not from the composer', async () => {
    const { show, session, composer } = await ask();
    show();
    later(1000);
    const heading = screen.getByRole('heading', { name: /Send the contents/ });
    fireEvent.keyDown(heading, { key: 'Enter' });
    fireEvent.keyDown(composer(), { key: 'Enter', ctrlKey: true });
    fireEvent.keyDown(heading, { key: 'Enter', ctrlKey: true, isComposing: true });
    expect(session().asked).toEqual([]);
    fireEvent.keyDown(heading, { key: 'Enter', metaKey: true });
    expect(session().asked).toHaveLength(1);
  });

  it('holds for this thread, or only for these files', async () => {
    const { show, session } = await ask();
    show();
    later(1000);
    fireEvent.change(screen.getByRole('combobox', { name: 'Valid for' }), { target: { value: 'once' } });
    await press('Approve');
    expect(session().asked).toEqual([['approve', 'ap1', DIGEST, 'approve', { scope: 'once' }]]);
  });

  it('is refused with a reason for the agent; Escape goes back', async () => {
    const { show, session } = await ask();
    show();
    later(1000);
    await press('Deny…');
    const field = screen.getByRole('textbox', { name: 'Reason (the agent reads it)' });
    fireEvent.keyDown(field, { key: 'Escape' });
    expect(button('Approve')).toBeTruthy();
    await press('Deny…');
    type(screen.getByRole('textbox', { name: 'Reason (the agent reads it)' }), ' Use the sample ');
    await press('Deny');
    expect(session().asked).toEqual([['approve', 'ap1', DIGEST, 'deny', { reason: 'Use the sample' }]]);
  });

  it('can be decided once; if the server refuses, it says why and can be decided again', async () => {
    const { show, change, session } = await ask();
    show();
    later(1000);
    change({ deciding: { ap1: { decision: 'approve' } } });
    expect(button('Approve')?.disabled).toBe(true);
    change({
      deciding: {
        ap1: { decision: 'approve', error: { error: 'It is stale.', code: 'stale', retryable: false } }
      }
    });
    expect(screen.getByRole('alert').textContent).toBe('It is stale.');
    await press('Approve');
    expect(session().asked).toHaveLength(1);
  });
});

describe('the cursor', () => {
  const heading = () => screen.getByRole('heading', { name: /Send the contents/ });

  it('goes to the heading, not to a button, when the person is in the chat and does not write', async () => {
    const { show, composer } = await ask();
    act(() => composer().focus());
    show();
    expect(document.activeElement).toBe(heading());
  });

  it('stays where somebody writes', async () => {
    const { show, composer } = await ask();
    act(() => composer().focus());
    type(composer(), 'Half a sent');
    later(10_000);
    show();
    expect(document.activeElement).toBe(composer());
  });

  it('stays where somebody has just written', async () => {
    const { show, composer } = await ask();
    act(() => composer().focus());
    type(composer(), 'x');
    type(composer(), '');
    later(1999);
    show();
    expect(document.activeElement).toBe(composer());
  });

  it('is never taken from the notebook', async () => {
    const { show } = await ask();
    const cell = document.body.appendChild(document.createElement('textarea'));
    cell.focus();
    show();
    expect(document.activeElement).toBe(cell);
    cell.remove();
  });
});

describe('a settled approval', () => {
  it.each([
    [approval({ decision: 'approved', scope: 'thread' }), 'Approved: sales.csv to api.openai.com'],
    [approval({ decision: 'denied', reason: 'No.' }), 'Denied: sales.csv to api.openai.com · No.'],
    [approval({ decision: 'expired' }), 'Not decided in time: sales.csv to api.openai.com'],
    [approval({ decision: 'cancelled' }), 'Cancelled: sales.csv to api.openai.com']
  ])('is one row: %#', async (part, words) => {
    const { show } = await ask(part);
    show();
    expect(screen.getByText(words)).toBeTruthy();
    expect(button('Approve')).toBeNull();
  });
});
