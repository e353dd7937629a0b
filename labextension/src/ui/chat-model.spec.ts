// @vitest-environment happy-dom
import { describe, expect, it, vi } from 'vitest';
import { ChatModel, newThreadId } from './chat-model';
import {
  FakeBackend,
  type FakeSession,
  MODEL,
  memory,
  OFFLINE,
  threadView,
  userMessage
} from './testing/fakes';

function chat(options: ConstructorParameters<typeof ChatModel>[2] = {}) {
  const backend = new FakeBackend();
  const remembered = memory();
  const model = new ChatModel(backend, remembered, { searchDelay: 0, listInterval: 10, ...options });
  const session = () => model.session as FakeSession;
  return { backend, model, session, remembered };
}

describe('threads', () => {
  it('begin with a new one, and the one with messages is found again after a reload', () => {
    const { model, session, remembered, backend } = chat();
    const first = model.session.threadId;
    expect(first).toMatch(/^[\w-]{22}$/);
    expect(remembered.get('last-thread')).toBeNull(); // nothing was said yet
    session().change({ messages: [userMessage('m1', 'Hello', 'r1')] });
    expect(new ChatModel(backend, remembered).session.threadId).toBe(first);
  });

  it('are new when asked for, unless the open one still is', () => {
    const { model, session } = chat();
    const empty = session();
    model.newThread();
    expect(model.session).toBe(empty);
    empty.change({ messages: [userMessage('m1', 'Hello', 'r1')] });
    model.newThread();
    expect(model.session).not.toBe(empty);
    expect(empty.disposed).toBe(true);
    expect(model.getState().focus).toBe(2);
  });

  it('that were deleted are left by asking for a new one', () => {
    const { model, session } = chat();
    const gone = session();
    gone.change({ connection: 'deleted' });
    model.newThread();
    expect(model.session).not.toBe(gone);
  });

  it('stay alive behind the scene until what was typed in them has reached the server', () => {
    const { model, session } = chat({ threadId: 'a' });
    const left = session();
    left.change({
      outbox: [
        { client_id: 'c1', state: 'waiting', message: { type: 'message', message: 'x' }, created_at: '' }
      ]
    });
    model.openThread('b');
    expect(left.disposed).toBe(false);
    model.openThread('a');
    expect(model.session).toBe(left);
    model.openThread('b');
    left.change({ outbox: [] });
    expect(left.disposed).toBe(true);
  });

  it('stay connected until what was done for them in a notebook has been told', () => {
    const { model, session } = chat({ threadId: 'a' });
    const left = session();
    left.change({ claims: { na1: 'ours', na2: 'others' } });
    model.openThread('b');
    expect(left.disposed).toBe(false);
    left.change({ claims: { na2: 'others' } });
    expect(left.disposed).toBe(true);
  });

  it('are deleted at once and come back with one press', async () => {
    const { model, backend } = chat({ threadId: 'a' });
    await model.deleteThread('a', 'Sales');
    expect(backend.asked).toContainEqual(['delete', 'a']);
    expect(model.session.threadId).not.toBe('a');
    expect(model.getState().notice).toEqual({ kind: 'deleted', thread: { id: 'a', title: 'Sales' } });
    await model.undoDelete();
    expect(backend.asked).toContainEqual(['restore', 'a']);
    expect(model.session.threadId).toBe('a');
    expect(model.getState().notice).toBeNull();
  });

  it('that can not be renamed say why', async () => {
    const { model, backend } = chat();
    backend.failure = new Error('The server does not want to.');
    await model.renameThread('a', 'Other');
    expect(model.getState().notice).toEqual({ kind: 'failed', sentence: 'The server does not want to.' });
  });
});

describe('the list', () => {
  it('is read when somebody looks, and anew while one of them runs', async () => {
    const { model, backend } = chat();
    backend.list = [threadView('a', 'Sales', { running: true })];
    const stop = model.showList();
    await vi.waitFor(() => expect(model.getState().threads.items).toHaveLength(1));
    backend.list = [threadView('a', 'Sales by region')];
    await vi.waitFor(() => expect(model.getState().threads.items[0]?.title).toBe('Sales by region'));
    stop();
  });

  it('shows the answer to the last search, whichever comes first', async () => {
    const { model, backend } = chat();
    const answers: ((titles: string[]) => void)[] = [];
    Object.assign(backend, {
      threads: () =>
        new Promise(resolve =>
          answers.push(titles => resolve({ threads: titles.map(title => threadView(title, title)) }))
        )
    });
    model.showList();
    model.search('sales');
    await vi.waitFor(() => expect(answers).toHaveLength(2));
    answers[1]?.(['sales']);
    answers[0]?.(['everything']);
    await vi.waitFor(() => expect(model.getState().threads.status).toBe('ready'));
    expect(model.getState().threads.items.map(item => item.title)).toEqual(['sales']);
  });

  it('keeps what it had when the server fails, and says so', async () => {
    const { model, backend } = chat();
    backend.list = [threadView('a', 'Sales')];
    model.showList();
    await vi.waitFor(() => expect(model.getState().threads.status).toBe('ready'));
    backend.failure = new Error('No answer.');
    model.refreshList();
    await vi.waitFor(() => expect(model.getState().threads.status).toBe('failed'));
    expect(model.getState().threads).toMatchObject({ error: 'No answer.', items: [{ id: 'a' }] });
  });
});

describe('messages', () => {
  it('go with the language of the interface and the open notebook', () => {
    const { model, session } = chat();
    model.language = 'ko';
    model.send('Hello', { path: 'sales.ipynb', kernel_id: 'k' });
    model.send('And?', null);
    expect(session().asked).toEqual([
      ['send', 'Hello', { language: 'ko', notebook: { path: 'sales.ipynb', kernel_id: 'k' } }],
      ['send', 'And?', { language: 'ko' }]
    ]);
    expect(model.getState().follow).toBe(2);
  });
});

describe('the model', () => {
  it('is asked for when the server is there, and again when it comes back', async () => {
    const { model, backend, session } = chat();
    await vi.waitFor(() => expect(model.getState().model).toEqual(OFFLINE));
    backend.inUse = MODEL;
    session().change({ connection: 'reconnecting' });
    session().change({ connection: 'open' });
    await vi.waitFor(() => expect(model.getState().model).toEqual(MODEL));
  });

  it('is the connected one at once, and the refusal of a key is not swallowed', async () => {
    const { model, backend } = chat();
    await model.connectModel({ api_key: 'k' });
    expect(model.getState().model).toEqual({ ...MODEL, connected: true });
    backend.failure = new Error('The key was refused.');
    await expect(model.connectModel({ api_key: 'x' })).rejects.toThrow('The key was refused.');
    await model.disconnectModel();
    expect(model.getState().model).toEqual(OFFLINE);
  });
});

it('ids of threads are those the server takes, and never the same', () => {
  const ids = Array.from({ length: 100 }, newThreadId);
  expect(new Set(ids).size).toBe(100);
  expect(ids.every(id => /^[A-Za-z0-9_-]{22}$/.test(id))).toBe(true);
});
