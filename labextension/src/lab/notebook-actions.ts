/**
 * What agents want done in notebooks that are open in this window. Of all windows exactly one performs an action: the one
 * whose claim the server has accepted. It performs it once, and says what came of it.
 */
import type { NotebookPart, SnapshotMessage } from '../protocol/types';
import { waitingActions } from '../state/selectors';
import type { ThreadSession } from '../state/types';
import { type NewCell, type Origin, Refused } from './notebook-edits';

/** A notebook that is open here. All throw `Refused` when they can't or must not. */
export interface OpenNotebook {
  insert(cell: NewCell, origin: Origin): string;
  replace(cellId: string, source: string, expected?: string): void;
  /** What the cell showed, as text. */
  run(cellId: string, expected?: string): Promise<string>;
}

export interface OpenNotebooks {
  /** `path` as the server knows it. */
  find(path: string): OpenNotebook | undefined;
  /** Called when a notebook may have been opened or renamed. Returns how to stop. */
  subscribe(listener: () => void): () => void;
}

/** Something that has a thread open, and another one later. */
export interface ThreadHolder {
  readonly session: ThreadSession;
  subscribe(listener: () => void): () => void;
}

/** Returns how to stop. */
export function performActions(holder: ThreadHolder, notebooks: OpenNotebooks): () => void {
  const performers = new WeakMap<ThreadSession, Performer>();
  let current: Performer | undefined;
  const follow = () => {
    const { session } = holder;
    let performer = performers.get(session);
    if (!performer) {
      performer = new Performer(session, notebooks);
      performers.set(session, performer);
    }
    if (performer !== current) {
      current?.leave();
      current = performer;
      performer.enter();
    }
  };
  const stops = [holder.subscribe(follow), notebooks.subscribe(() => current?.look())];
  follow();
  return () => {
    current?.leave();
    for (const stop of stops) {
      stop();
    }
  };
}

/** One thread. It stays with what it has claimed, also when the person has gone to another thread. */
class Performer {
  private readonly begun = new Set<string>();
  private watched = false;
  private open = false;

  constructor(
    private readonly session: ThreadSession,
    private readonly notebooks: OpenNotebooks
  ) {}

  enter(): void {
    this.open = true;
    if (!this.watched) {
      this.watched = true;
      this.session.subscribe(() => this.look()); // until the session itself is disposed
    }
    this.look();
  }

  leave(): void {
    this.open = false;
  }

  look(): void {
    const state = this.session.getState();
    for (const { action, message } of waitingActions(state)) {
      const claim = state.claims[action.action_id];
      if (claim === 'ours' && !this.begun.has(action.action_id)) {
        this.begun.add(action.action_id);
        void this.perform(action, message);
      } else if (claim === undefined && this.mayClaim(action)) {
        this.session.claim(action.action_id);
        return; // the state is another one now, and was looked at
      }
    }
  }

  private mayClaim({ notebook }: NotebookPart): boolean {
    const { connection, loaded } = this.session.getState();
    return this.open && loaded && connection === 'open' && this.notebooks.find(notebook) !== undefined;
  }

  private async perform(action: NotebookPart, message: SnapshotMessage): Promise<void> {
    const { action_id } = action;
    const origin = {
      thread: this.session.threadId,
      run: message.run_id,
      message: message.id,
      agent: action.agent
    };
    try {
      const done = await act(action, origin, this.notebooks.find(action.notebook));
      this.session.performed(action_id, 'ok', done);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      if (!(error instanceof Refused)) {
        console.warn('jupyter-aichat: an action in a notebook has failed.', error);
      }
      const output = error instanceof Refused ? error.output : '';
      this.session.performed(action_id, 'error', { error: words, ...(output && { output }) });
    }
  }
}

type Done = { cell_id: string; output?: string };

async function act(
  { kind, args }: NotebookPart,
  origin: Origin,
  notebook: OpenNotebook | undefined
): Promise<Done> {
  if (!notebook) {
    throw new Refused('The notebook is not open any more.');
  }
  const cellId = text(args.cell_id);
  const source = text(args.source);
  if (kind === 'insert_cell' && source !== undefined) {
    const type = args.cell_type === 'markdown' ? 'markdown' : 'code';
    const after = cellId !== undefined && { after: cellId };
    return { cell_id: notebook.insert({ type, source, ...after }, origin) };
  }
  if (kind === 'replace_cell' && cellId !== undefined && source !== undefined) {
    notebook.replace(cellId, source, text(args.expected));
    return { cell_id: cellId };
  }
  if (kind === 'run_cell' && cellId !== undefined) {
    const output = await notebook.run(cellId, text(args.expected));
    return { cell_id: cellId, ...(output && { output }) };
  }
  throw new Refused(`${kind} lacks an argument: it needs a cell_id, a source, or both.`);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
