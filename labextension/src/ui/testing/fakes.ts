/** A chat without a server: the real model, reducer and components; only sockets and HTTP are played. */
import type { Incoming } from '../../protocol/codec';
import type { Notebook, SnapshotMessage, SnapshotRun, ThreadView } from '../../protocol/types';
import { emptyFold, reduceAll } from '../../state/reducer';
import type { MessageExtras, ThreadSession, ThreadState } from '../../state/types';
import { type IconName, type IconSet, OWN_ICONS } from '../icon-names';
import type { Backend, Host, Memory, ModelAccess, ModelInUse, Preferences, ThreadPage } from '../ports';
import { Signal } from '../readable';

export const OFFLINE: ModelInUse = {
  id: 'offline:rules',
  provider: 'offline',
  reason: 'No model is configured: there is no setting, no OPENAI_BASE_URL and no OPENAI_API_KEY.',
  offline: true
};

export const MODEL: ModelInUse = {
  id: 'openai:gpt-5-mini',
  provider: 'openai',
  url: 'https://api.openai.com/v1',
  reason: 'OPENAI_API_KEY is set.',
  offline: false
};

/** Keeps what was asked of it; unlike a real one it sends nothing, and changes only when a test says so. */
export class FakeSession implements ThreadSession {
  readonly asked: unknown[][] = [];
  disposed = false;
  private readonly signal: Signal<ThreadState>;
  private fold: ReturnType<typeof emptyFold>;
  private draft = '';

  constructor(readonly threadId: string) {
    this.fold = emptyFold(threadId);
    this.signal = new Signal<ThreadState>({
      ...this.fold.snapshot,
      loaded: true,
      connection: 'open',
      outbox: [],
      deciding: {},
      claims: {}
    });
  }

  readonly getState = () => this.signal.get();
  readonly subscribe = (listener: () => void) => this.signal.subscribe(listener);

  /** What the server sends. */
  readonly receive = (frames: readonly Incoming[]): void => {
    this.fold = reduceAll(this.fold, frames);
    this.change(this.fold.snapshot);
  };

  readonly change = (part: Partial<ThreadState>): void => this.signal.set({ ...this.getState(), ...part });

  readonly send = (text: string, extras?: MessageExtras): string => {
    this.asked.push(['send', text, extras]);
    return `c${this.asked.length}`;
  };
  readonly retry = (id: string) => void this.asked.push(['retry', id]);
  readonly discard = (id: string) => void this.asked.push(['discard', id]);
  readonly cancel = (runId?: string) =>
    void this.asked.push(runId === undefined ? ['cancel'] : ['cancel', runId]);
  readonly approve = (...args: unknown[]) => void this.asked.push(['approve', ...args]);
  readonly claim = (id: string) => void this.asked.push(['claim', id]);
  readonly performed = (...args: unknown[]) => void this.asked.push(['performed', ...args]);
  readonly retryNow = () => void this.asked.push(['retryNow']);
  readonly getDraft = () => this.draft;
  readonly setDraft = (text: string) => {
    this.draft = text;
  };
  readonly dispose = () => {
    this.disposed = true;
  };
}

export class FakeBackend implements Backend {
  readonly sessions = new Map<string, FakeSession>();
  readonly asked: unknown[][] = [];
  list: ThreadView[] = [];
  inUse: ModelInUse = OFFLINE;
  /** What the next request fails with. */
  failure: Error | null = null;

  readonly open = (threadId: string): FakeSession => {
    const session = new FakeSession(threadId);
    this.sessions.set(threadId, session);
    return session;
  };
  readonly threads = async ({ query }: { query?: string }): Promise<ThreadPage> => {
    this.ask('threads', query);
    return { threads: this.list.filter(thread => thread.title.includes(query ?? '')) };
  };
  readonly renameThread = async (id: string, title: string) => this.ask('rename', id, title);
  readonly deleteThread = async (id: string) => {
    this.ask('delete', id);
    this.list = this.list.filter(thread => thread.id !== id);
  };
  readonly restoreThread = async (id: string) => this.ask('restore', id);
  /** What an artifact is that is asked for. */
  file = new Blob();
  readonly artifact = async (threadId: string, id: string, mime: string) => {
    this.ask('artifact', threadId, id, mime);
    return this.file;
  };
  readonly model = async () => this.inUse;
  readonly connectModel = async (access: ModelAccess) => {
    this.ask('connect', access);
    this.inUse = { ...MODEL, connected: true };
    return this.inUse;
  };
  readonly disconnectModel = async () => {
    this.ask('disconnect');
    this.inUse = OFFLINE;
    return this.inUse;
  };

  private ask(...what: unknown[]): void {
    this.asked.push(what);
    if (this.failure) {
      const { failure } = this;
      this.failure = null;
      throw failure;
    }
  }
}

export class FakeHost implements Host {
  readonly place: Host['place'] = 'sidebar';
  language: Host['language'] = 'en';
  readonly preferences = new Signal<Preferences>({ sendWithEnter: true });
  readonly notebook = new Signal<Notebook | null>(null);
  readonly inserted: string[] = [];
  files: readonly string[] = [];
  icons: IconSet = new Proxy({} as IconSet, {
    get: (_, name) =>
      OWN_ICONS[name as keyof typeof OWN_ICONS] ?? `<svg data-icon="${String(name as IconName)}"></svg>`
  });
  readonly insertCell = (code: string) => void this.inserted.push(code);
  readonly suggestFiles = async () => this.files;
}

export function memory(): Memory {
  const texts = new Map<string, string>();
  return {
    get: name => texts.get(name) ?? null,
    set: (name, value) => void (value === null ? texts.delete(name) : texts.set(name, value))
  };
}

export function threadView(id: string, title: string, more: Partial<ThreadView> = {}): ThreadView {
  return {
    id,
    title,
    created_at: '2026-11-22T09:00:00.000Z',
    updated_at: '2026-11-22T09:00:00.000Z',
    pinned: false,
    running: false,
    here: true,
    ...more
  };
}

export function userMessage(id: string, content: string, run_id: string): SnapshotMessage {
  return { id, role: 'user', content, parts: [], run_id, created_at: '2026-11-22T09:00:00.000Z' };
}

export function answer(
  id: string,
  agent: string,
  run_id: string,
  more: Partial<SnapshotMessage> = {}
): SnapshotMessage {
  return {
    id,
    role: 'assistant',
    agent,
    content: '',
    parts: [],
    run_id,
    created_at: '2026-11-22T09:00:01.000Z',
    ...more
  };
}

export function run(id: string, state: SnapshotRun['state'], more: Partial<SnapshotRun> = {}): SnapshotRun {
  return { id, state, message_id: `${id}-question`, ...more };
}
