/** What the chat as a whole shows: which thread is open, the list of threads, the model, a notice. No React. */
import type { Notebook, ThreadView } from '../protocol/types';
import type { ThreadSession, ThreadState } from '../state/types';
import type { Backend, Memory, ModelAccess, ModelInUse } from './ports';
import { Signal } from './readable';

export interface ThreadList {
  readonly items: readonly ThreadView[];
  /** There are more. */
  readonly next?: string;
  readonly query: string;
  readonly status: 'unknown' | 'loading' | 'ready' | 'failed';
  /** The server's sentence, while `failed`. */
  readonly error?: string;
}

/** One line that a person may want to act on. */
export type Notice =
  | { readonly kind: 'deleted'; readonly thread: { readonly id: string; readonly title: string } }
  | { readonly kind: 'failed'; readonly sentence: string };

/** What is open over the conversation. */
export type Popup = 'threads' | 'menu' | 'model' | 'rename';

export interface ChatState {
  readonly session: ThreadSession;
  readonly threads: ThreadList;
  /** `null`: not known yet. */
  readonly model: ModelInUse | null;
  readonly notice: Notice | null;
  readonly popup: Popup | null;
  /** Counts requests to put the cursor into the composer. */
  readonly focus: number;
  /** Counts requests to go to the end of the conversation and stay there. */
  readonly follow: number;
}

export interface Options {
  /** Open this thread, not the last one. */
  readonly threadId?: string;
  /** How long a search waits for the next letter, in ms. */
  readonly searchDelay?: number;
  /** How often a list with running threads is read anew while it is shown, in ms. */
  readonly listInterval?: number;
}

const LAST_THREAD = 'last-thread';

export class ChatModel {
  private readonly signal: Signal<ChatState>;
  private readonly searchDelay: number;
  private readonly listInterval: number;
  private stopWatching: () => void = () => undefined;
  private seen = '';
  private running = false;
  private listViewers = 0;
  private listTicket = 0;
  private listTimer: ReturnType<typeof setTimeout> | undefined;
  private modelTicket = 0;
  /** Left while something typed or done in them had not reached the server; closed when it has. */
  private readonly leaving = new Set<ThreadSession>();
  private disposed = false;

  constructor(
    private readonly backend: Backend,
    private readonly memory: Memory,
    options: Options = {}
  ) {
    this.searchDelay = options.searchDelay ?? 200;
    this.listInterval = options.listInterval ?? 5000;
    const threadId = options.threadId || memory.get(LAST_THREAD) || newThreadId();
    this.signal = new Signal<ChatState>({
      session: backend.open(threadId),
      threads: { items: [], query: '', status: 'unknown' },
      model: null,
      notice: null,
      popup: null,
      focus: 0,
      follow: 0
    });
    this.watch();
  }

  readonly getState = (): ChatState => this.signal.get();

  readonly subscribe = (listener: () => void): (() => void) => this.signal.subscribe(listener);

  get session(): ThreadSession {
    return this.getState().session;
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.listTimer);
    this.stopWatching();
    this.session.dispose();
    for (const session of this.leaving) {
      session.dispose();
    }
    this.leaving.clear();
  }

  // ------------------------------------------------------------------------------------------------ the open thread

  /** A form of one of its artifacts that is too large to come with it. */
  readonly artifact = (artifactId: string, mime: string): Promise<Blob> =>
    this.backend.artifact(this.session.threadId, artifactId, mime);

  readonly openThread = (threadId: string): void => {
    const before = this.session;
    if (threadId === before.threadId) {
      this.set({ popup: null });
      return;
    }
    this.stopWatching();
    this.leave(before);
    const again = [...this.leaving].find(session => session.threadId === threadId);
    if (again) {
      this.leaving.delete(again);
    }
    const notice = this.getState().notice;
    this.set({
      session: again ?? this.backend.open(threadId),
      popup: null,
      notice: notice?.kind === 'deleted' ? notice : null
    });
    this.watch();
  };

  /** Begin a new thread; one that is still empty is new enough. */
  readonly newThread = (): void => {
    const { loaded, connection, messages, outbox } = this.session.getState();
    if (!loaded || connection === 'deleted' || messages.length > 0 || outbox.length > 0) {
      this.openThread(newThreadId());
    }
    this.set({ popup: null });
    this.requestFocus();
  };

  readonly send = (text: string, notebook: Notebook | null): void => {
    const extras = { language: this.language };
    this.session.send(text, notebook ? { ...extras, notebook } : extras);
    const { follow } = this.getState();
    this.set({ notice: null, follow: follow + 1 });
  };

  /** BCP 47; goes with each message, for status lines. Set once by the composition root. */
  language = 'en';

  readonly renameThread = async (threadId: string, title: string): Promise<void> => {
    await this.attempt(async () => {
      await this.backend.renameThread(threadId, title);
      const { threads } = this.getState();
      const items = threads.items.map(item => (item.id === threadId ? { ...item, title } : item));
      this.set({ threads: { ...threads, items } });
    });
  };

  readonly deleteThread = async (threadId: string, title: string): Promise<void> => {
    await this.attempt(async () => {
      await this.backend.deleteThread(threadId);
      if (threadId === this.session.threadId) {
        this.openThread(newThreadId());
      }
      this.set({ notice: { kind: 'deleted', thread: { id: threadId, title } } });
      this.refreshList();
    });
  };

  readonly undoDelete = async (): Promise<void> => {
    const { notice } = this.getState();
    if (notice?.kind === 'deleted') {
      await this.attempt(async () => {
        await this.backend.restoreThread(notice.thread.id);
        this.set({ notice: null });
        this.openThread(notice.thread.id);
        this.refreshList();
      });
    }
  };

  readonly dismissNotice = (): void => this.set({ notice: null });

  // --------------------------------------------------------------------------------------------- what stands over it

  readonly show = (popup: Popup | null): void => this.set({ popup });

  readonly toggle = (popup: Popup): void =>
    this.set({ popup: this.getState().popup === popup ? null : popup });

  readonly requestFocus = (): void => this.set({ focus: this.getState().focus + 1 });

  // ---------------------------------------------------------------------------------------------------- the list

  /** Keep the list up to date while it is shown. Returns how to stop. */
  readonly showList = (): (() => void) => {
    this.listViewers += 1;
    this.refreshList();
    return () => {
      this.listViewers -= 1;
      if (this.listViewers === 0) {
        clearTimeout(this.listTimer);
      }
    };
  };

  readonly search = (query: string): void => {
    const { threads } = this.getState();
    this.set({ threads: { ...threads, query } });
    this.refreshListIn(this.searchDelay);
  };

  readonly refreshList = (): void => void this.loadList();

  readonly loadMore = async (): Promise<void> => {
    const { threads } = this.getState();
    if (threads.next === undefined || threads.status === 'loading') {
      return;
    }
    const ticket = this.listTicket;
    try {
      const page = await this.backend.threads({ query: threads.query, before: threads.next });
      if (ticket === this.listTicket && !this.disposed) {
        const items = [...threads.items, ...page.threads];
        this.set({ threads: { ...threads, items, next: page.next, status: 'ready' } });
      }
    } catch (error) {
      this.fail(error);
    }
  };

  private async loadList(): Promise<void> {
    clearTimeout(this.listTimer);
    this.listTicket += 1;
    const ticket = this.listTicket;
    const { query } = this.getState().threads;
    this.set({ threads: { ...this.getState().threads, status: 'loading' } });
    let list: ThreadList;
    try {
      const page = await this.backend.threads(query ? { query } : {});
      list = { items: page.threads, next: page.next, query, status: 'ready' };
    } catch (error) {
      list = { ...this.getState().threads, status: 'failed', error: sentence(error) };
    }
    if (ticket !== this.listTicket || this.disposed) {
      return;
    }
    this.set({ threads: list });
    if (list.items.some(item => item.running)) {
      this.refreshListIn(this.listInterval);
    }
  }

  private refreshListIn(delay: number): void {
    clearTimeout(this.listTimer);
    this.listTimer = setTimeout(() => this.listViewers > 0 && this.refreshList(), delay);
  }

  // ---------------------------------------------------------------------------------------------------- the model

  readonly refreshModel = async (): Promise<void> => {
    this.modelTicket += 1;
    const ticket = this.modelTicket;
    try {
      const model = await this.backend.model();
      if (ticket === this.modelTicket && !this.disposed) {
        this.set({ model });
      }
    } catch {
      // The badge stays as it is; the connection's own line says what is wrong
    }
  };

  /** Throws what the server said, for the form to show. */
  readonly connectModel = async (access: ModelAccess): Promise<void> => {
    this.take(await this.backend.connectModel(access));
  };

  readonly disconnectModel = async (): Promise<void> => {
    this.take(await this.backend.disconnectModel());
  };

  private take(model: ModelInUse): void {
    this.modelTicket += 1; // an answer that is still on its way is older
    this.set({ model });
  }

  // ------------------------------------------------------------------------------------------------------------------

  private watch(): void {
    const { session } = this;
    this.seen = '';
    this.running = false;
    const look = () => this.look(session.getState());
    this.stopWatching = session.subscribe(look);
    look();
  }

  private look(state: ThreadState): void {
    if (state.messages.length > 0 || state.outbox.length > 0) {
      this.memory.set(LAST_THREAD, state.id);
    }
    const seen = [state.connection, state.title, state.run_id, state.messages.length > 0].join('|');
    if (seen === this.seen) {
      return;
    }
    const connected = state.connection === 'open' && !this.seen.startsWith('open|');
    const answered = this.running && state.run_id === undefined;
    this.seen = seen;
    this.running = state.run_id !== undefined;
    if (connected || answered) {
      void this.refreshModel(); // the server may be another one than before; a server's only model is asked for its name late
    }
    if (state.connection === 'open' && this.listViewers > 0) {
      this.refreshListIn(this.searchDelay);
    }
  }

  private leave(session: ThreadSession): void {
    const done = () => {
      const { outbox, claims } = session.getState();
      return (
        outbox.every(entry => entry.state === 'refused') &&
        Object.values(claims).every(claim => claim === 'others')
      );
    };
    if (done()) {
      session.dispose();
      return;
    }
    this.leaving.add(session);
    const stop = session.subscribe(() => {
      if (!this.leaving.has(session)) {
        stop();
      } else if (done()) {
        stop();
        this.leaving.delete(session);
        session.dispose();
      }
    });
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.fail(error);
    }
  }

  private fail(error: unknown): void {
    this.set({ notice: { kind: 'failed', sentence: sentence(error) } });
  }

  private set(change: Partial<ChatState>): void {
    if (!this.disposed) {
      this.signal.set({ ...this.signal.get(), ...change });
    }
  }
}

/** 22 characters, safe in a URL: 128 random bits. */
export function newThreadId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
}

/** What an error says to a person. */
export function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
