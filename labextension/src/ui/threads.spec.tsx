// @vitest-environment happy-dom
import { act, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { run, threadView, userMessage } from './testing/fakes';
import { button, openChat, press, type } from './testing/render';

async function openList() {
  const chat = await openChat({
    backend: backend => {
      backend.list = [
        threadView('t1', 'Sales by quarter', { running: true }),
        threadView('t2', 'Churn', { here: false }),
        threadView('t3', '')
      ];
    }
  });
  chat.change({
    title: 'Sales by quarter',
    messages: [userMessage('m1', 'x', 'r1')],
    runs: [run('r1', 'completed')]
  });
  await press(/^Threads: Sales by quarter/);
  return { ...chat, list: () => within(screen.getByRole('dialog', { name: 'Threads' })) };
}

describe('the list of threads', () => {
  it('shows titles, what runs, what belongs elsewhere, and which one is open', async () => {
    const { list } = await openList();
    const items = list().getAllByRole('listitem');
    expect(items.map(item => item.textContent)).toEqual([
      expect.stringContaining('Sales by quarterrunning'),
      expect.stringMatching(/^Churn.*another folder/),
      expect.stringContaining('New thread')
    ]);
    expect(list().getByRole('button', { current: true }).textContent).toContain('Sales by quarter');
    expect(document.activeElement).toBe(list().getByRole('searchbox', { name: 'Search threads' }));
  });

  it('finds by what was said, and says so when there is nothing', async () => {
    const { list, backend } = await openList();
    type(list().getByRole('searchbox'), 'Churn');
    await waitFor(() => expect(list().getAllByRole('listitem')).toHaveLength(1));
    expect(backend.asked).toContainEqual(['threads', 'Churn']);
    type(list().getByRole('searchbox'), 'nowhere');
    await waitFor(() => expect(list().getByText('Nothing found.')).toBeTruthy());
  });

  it('opens a thread, with the cursor in the composer', async () => {
    const { list, session, composer } = await openList();
    fireEvent.click(list().getByText('Churn'));
    expect(session().threadId).toBe('t2');
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.activeElement).toBe(composer());
  });

  it('renames in place; Escape leaves the title as it was', async () => {
    const { list, backend } = await openList();
    await press('Rename Churn');
    const field = list().getByRole<HTMLInputElement>('textbox', { name: 'Title' });
    expect(field.value).toBe('Churn');
    type(field, 'Customers');
    fireEvent.keyDown(field, { key: 'Escape' });
    expect(backend.asked.some(([what]) => what === 'rename')).toBe(false);
    await press('Rename Churn');
    type(list().getByRole('textbox', { name: 'Title' }), ' Customers ');
    await act(async () => void fireEvent.keyDown(list().getByRole('textbox'), { key: 'Enter' }));
    expect(backend.asked).toContainEqual(['rename', 't2', 'Customers']);
    expect(list().getByText('Customers')).toBeTruthy();
  });

  it('deletes at once, and Undo brings it back', async () => {
    const { list, backend } = await openList();
    await press('Delete Churn');
    await waitFor(() => expect(list().getAllByRole('listitem')).toHaveLength(2));
    expect(screen.getByText('Deleted “Churn”.')).toBeTruthy();
    await press('Undo');
    expect(backend.asked).toContainEqual(['restore', 't2']);
  });

  it('closes with Escape and gives the cursor back', async () => {
    const { list } = await openList();
    fireEvent.keyDown(list().getByRole('searchbox'), { key: 'Escape' });
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(document.activeElement).toBe(button(/^Threads:/));
  });

  it('says why it can not be read, and tries again', async () => {
    const chat = await openChat();
    chat.backend.failure = new Error('The Jupyter server does not answer.');
    await press(/^Threads:/);
    expect(screen.getByText('The Jupyter server does not answer.')).toBeTruthy();
    await press('Try again');
    await waitFor(() => expect(screen.getByText('No threads yet.')).toBeTruthy());
  });
});

describe('the menu', () => {
  it('is walked with arrows and closes with Escape', async () => {
    await openList();
    await press('More');
    const items = screen.getAllByRole('menuitem');
    expect(document.activeElement).toBe(items[0]);
    fireEvent.keyDown(items[0] as HTMLElement, { key: 'ArrowDown' });
    expect(document.activeElement).toBe(items[1]);
    fireEvent.keyDown(items[1] as HTMLElement, { key: 'End' });
    fireEvent.keyDown(items[2] as HTMLElement, { key: 'ArrowDown' });
    expect(document.activeElement).toBe(items[0]);
    fireEvent.keyDown(items[0] as HTMLElement, { key: 'Escape' });
    expect(screen.queryByRole('menu')).toBeNull();
    expect(document.activeElement).toBe(button('More'));
  });

  it('renames and deletes the open thread', async () => {
    const { backend } = await openList();
    await press('More');
    await press('Rename', 'menuitem');
    type(screen.getByRole('textbox', { name: 'Title' }), 'Revenue');
    await act(
      async () => void fireEvent.keyDown(screen.getByRole('textbox', { name: 'Title' }), { key: 'Enter' })
    );
    expect(backend.asked).toContainEqual(['rename', 't1', 'Revenue']);
    await press('More');
    await press('Delete', 'menuitem');
    expect(backend.asked).toContainEqual(['delete', 't1']);
  });

  it('has nothing to rename in a thread that is still empty', async () => {
    await openChat();
    await press('More');
    expect(screen.getByRole('menuitem', { name: 'Rename' }).getAttribute('aria-disabled')).toBe('true');
  });
});
