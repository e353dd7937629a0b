import { beforeEach, expect, it, vi } from 'vitest';
import { Session } from '../client/session';
import type { Command, NotebookAction } from '../protocol/types';
import type { ThreadSession } from '../state/types';
import { FakeEnvironment } from '../testing/fakeEnvironment';
import { FakeGateway } from '../testing/fakeGateway';
import { type OpenNotebook, type OpenNotebooks, performActions } from './notebook-actions';
import { Refused } from './notebook-edits';

/** Notebooks without Lab: they write down what was done to them, and fail when told to. */
class FakeNotebooks implements OpenNotebooks {
  readonly done: unknown[][] = [];
  readonly paths = new Set<string>();
  failure: Error | undefined;
  /** What a cell shows that is run. */
  shown = '';
  private readonly listeners = new Set<() => void>();

  readonly notebook: OpenNotebook = {
    insert: (...what) => {
      this.note('insert', ...what);
      return `new-${this.done.length}`;
    },
    replace: (...what) => this.note('replace', ...what),
    run: async (...what) => {
      this.note('run', ...what);
      return this.shown;
    }
  };

  readonly find = (path: string) => (this.paths.has(path) ? this.notebook : undefined);
  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  open(path: string): void {
    this.paths.add(path);
    for (const listener of this.listeners) {
      listener();
    }
  }

  private note(...what: unknown[]): void {
    if (this.failure) {
      throw this.failure;
    }
    this.done.push(what);
  }
}

let gateway: FakeGateway;
let environments: FakeEnvironment[];

beforeEach(() => {
  gateway = new FakeGateway();
  environments = [];
});

/** One window: its connection, its notebooks. */
function open(...paths: string[]) {
  const environment = new FakeEnvironment(gateway.openSocket, `window-${environments.length}`);
  environments.push(environment);
  const { server, api, threadId } = gateway;
  const session = new Session({ threadId, server, api, environment });
  gateway.accept();
  environment.draw();
  const notebooks = new FakeNotebooks();
  paths.forEach(path => void notebooks.paths.add(path));
  const changes = new Set<() => void>();
  const holder = {
    session: session as ThreadSession,
    subscribe: (listener: () => void) => {
      changes.add(listener);
      return () => void changes.delete(listener);
    }
  };
  const stop = performActions(holder, notebooks);
  const go = (to: ThreadSession) => {
    holder.session = to;
    for (const change of changes) {
      change();
    }
  };
  return { session, notebooks, environment, stop, go };
}

function happen(more: Partial<NotebookAction> = {}): void {
  if (gateway.head === 0) {
    gateway.happen('run_start', { message: { id: 'q', content: 'Hi' }, agent: 'writer', model: 'x' });
  }
  const action = { action_id: 'na1', call_id: 'k1', agent: 'writer', kind: 'insert_cell' } as const;
  gateway.happen('notebook_action', {
    ...action,
    notebook: 'a.ipynb',
    args: { source: 'x = 1', cell_type: 'code' },
    ...more
  });
}

/** Pictures are drawn, and what was promised happens. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) {
    environments.forEach(environment => void environment.draw());
    await new Promise(done => setTimeout(done));
  }
}

const sent = (type: Command['type']) => gateway.commands.filter(command => command.type === type);

it('an action in an open notebook is claimed, performed and answered for, with its origin', async () => {
  const { notebooks } = open('a.ipynb');
  happen({ args: { source: '# Report', cell_type: 'markdown', cell_id: 'c1' } });
  await settle();
  expect(notebooks.done).toEqual([
    [
      'insert',
      { type: 'markdown', source: '# Report', after: 'c1' },
      { thread: 't1', run: 'r1', message: 'r1-a', agent: 'writer' }
    ]
  ]);
  expect(sent('notebook_result')).toMatchObject([
    { action_id: 'na1', status: 'ok', result: { cell_id: 'new-1' } }
  ]);
});

it('each kind does what it is called', async () => {
  const { notebooks } = open('a.ipynb');
  happen();
  happen({ action_id: 'na2', kind: 'replace_cell', args: { cell_id: 'c1', source: '2', expected: '1' } });
  happen({ action_id: 'na3', kind: 'run_cell', args: { cell_id: 'c1' } });
  happen({ action_id: 'na4', kind: 'run_cell', args: {} });
  await settle();
  expect(notebooks.done.map(([what]) => what)).toEqual(['insert', 'replace', 'run']);
  expect(notebooks.done[1]).toEqual(['replace', 'c1', '2', '1']);
  expect(sent('notebook_result')).toMatchObject([
    { action_id: 'na1', status: 'ok' },
    { action_id: 'na2', status: 'ok', result: { cell_id: 'c1' } },
    { action_id: 'na4', status: 'error' },
    { action_id: 'na3', status: 'ok' }
  ]);
});

it('what a cell has shown is told, also of one that failed', async () => {
  const { notebooks } = open('a.ipynb');
  notebooks.shown = '12';
  happen({ kind: 'run_cell', args: { cell_id: 'c1', expected: 'x' } });
  await settle();
  notebooks.failure = new Refused('KeyError: x', 'half of it\nTraceback');
  happen({ action_id: 'na2', kind: 'run_cell', args: { cell_id: 'c1' } });
  await settle();
  expect(sent('notebook_result')).toMatchObject([
    { action_id: 'na1', status: 'ok', result: { cell_id: 'c1', output: '12' } },
    { action_id: 'na2', status: 'error', result: { error: 'KeyError: x', output: 'half of it\nTraceback' } }
  ]);
});

it('of several windows exactly one performs it', async () => {
  const windows = [open('a.ipynb'), open('a.ipynb'), open('a.ipynb')];
  happen();
  await settle();
  expect(windows.flatMap(({ notebooks }) => notebooks.done)).toHaveLength(1);
  expect(sent('claim')).toHaveLength(3);
  expect(sent('notebook_result')).toHaveLength(1);
});

it('a window without the notebook leaves it alone until the notebook is opened', async () => {
  const { notebooks } = open('b.ipynb');
  happen();
  await settle();
  expect(sent('claim')).toEqual([]);
  notebooks.open('a.ipynb');
  await settle();
  expect(notebooks.done).toHaveLength(1);
});

it('it is performed once, however often the state changes and the connection breaks', async () => {
  const { notebooks, environment } = open('a.ipynb');
  happen();
  await settle();
  gateway.socket.end(1006);
  environment.advance(15_000);
  gateway.accept();
  gateway.happen('status', { agent: 'writer', text: 'Writing' });
  await settle();
  expect(notebooks.done).toHaveLength(1);
  expect(sent('claim')).toHaveLength(1);
});

it('what is done already, or belongs to a run that is over, is not done again', async () => {
  const { notebooks } = open();
  happen();
  gateway.happen('notebook_result', { action_id: 'na1', status: 'ok' });
  happen({ action_id: 'na2' });
  gateway.happen('done', { content: '', agent: 'writer', outcome: 'completed', duration_ms: 1 });
  await settle();
  notebooks.open('a.ipynb');
  await settle();
  expect(sent('claim')).toEqual([]);
});

it('a refusal of the notebook and a mistake of ours are both said', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const { notebooks } = open('a.ipynb');
  notebooks.failure = new Refused('The cell was edited in the meantime. Read it again.');
  happen();
  await settle();
  expect(warn).not.toHaveBeenCalled();
  notebooks.failure = new TypeError('x is undefined');
  happen({ action_id: 'na2' });
  await settle();
  expect(warn).toHaveBeenCalledOnce();
  expect(sent('notebook_result')).toMatchObject([
    { status: 'error', result: { error: 'The cell was edited in the meantime. Read it again.' } },
    { status: 'error', result: { error: 'x is undefined' } }
  ]);
  warn.mockRestore();
});

it('what is claimed is finished although the person has gone to another thread; nothing new is claimed there', async () => {
  const { notebooks, session, go } = open('a.ipynb');
  const other = new FakeGateway();
  const environment = new FakeEnvironment(other.openSocket);
  environments.push(environment);
  const { server, api } = other;
  gateway.listening = false;
  happen();
  await settle();
  expect(session.getState().claims).toEqual({ na1: 'asked' });
  go(new Session({ threadId: 't2', server, api, environment }));
  gateway.listening = true;
  gateway.socket.end(1006);
  environments[0]?.advance(15_000);
  gateway.accept();
  happen({ action_id: 'na2' });
  await settle();
  expect(notebooks.done).toHaveLength(1);
  expect(sent('notebook_result')).toMatchObject([{ action_id: 'na1' }]);
  go(session);
  await settle();
  expect(notebooks.done).toHaveLength(2);
});
