/** What the screen shows of one thread, and what it may ask of it. The user interface knows nothing else of the network. */
import type { Approve, CommandError, Message, Performed, Snapshot } from '../protocol/types';

/**
 * - `connecting`: the first attempt, nothing known yet
 * - `open`: live
 * - `reconnecting`: it was lost and comes back by itself (`retryAt`)
 * - `offline`: the browser says there is no network; goes on by itself when there is
 * - `refused`: the server does not want us: logged out, too many windows, policy (`refusal`)
 * - `absent`: this Jupyter server has no chat extension
 * - `mismatch`: it speaks another version of the protocol (`versions`)
 * - `deleted`: the thread does not exist (any more)
 *
 * The last four stay until `retryNow`, or until the page comes back to the foreground.
 */
export type Connection =
  | 'connecting'
  | 'open'
  | 'reconnecting'
  | 'offline'
  | 'refused'
  | 'absent'
  | 'mismatch'
  | 'deleted';

/** Why a command was refused. */
export type Refusal = Pick<CommandError, 'error' | 'code' | 'retryable'>;

/**
 * A message that does not stand in the log yet. `waiting`: not on its way (no connection); `sending`: on its way or
 * stored, its event is not here yet; `refused`: see `error`, and `retry` or `discard` it.
 */
export interface OutboxEntry {
  readonly client_id: string;
  readonly state: 'waiting' | 'sending' | 'refused';
  readonly message: Message;
  readonly error?: Refusal;
  /** ISO 8601, when the person pressed Send. */
  readonly created_at: string;
}

/** A decision that is on its way, or was refused. It is gone when the approval has ended. */
export interface Deciding {
  readonly decision: Approve['decision'];
  readonly error?: Refusal;
}

/**
 * How this client stands to a notebook action that has no outcome yet. `asked`: it wants to perform it; `ours`: nobody else
 * does; `done`: performed, the outcome is on its way; `others`: it was refused, and does nothing.
 */
export type ClaimState = 'asked' | 'ours' | 'done' | 'others';

/** A thread's snapshot, kept up to date, and how things stand with the connection. Never changed in place. */
export interface ThreadState extends Readonly<Snapshot> {
  /** False until the first snapshot is here: until then "no messages" means "not known". */
  readonly loaded: boolean;
  readonly connection: Connection;
  /** When the next attempt is made, in ms since 1970; while `reconnecting`. */
  readonly retryAt?: number;
  /** What the server said, while `refused`. */
  readonly refusal?: { readonly code: number; readonly reason: string };
  /** While `mismatch`: protocols of both sides, and the server's package version. */
  readonly versions?: { readonly client: number; readonly server: number; readonly package: string };
  /** Messages of this page that do not stand in `messages` yet, in order. */
  readonly outbox: readonly OutboxEntry[];
  /** By approval id. */
  readonly deciding: Readonly<Record<string, Deciding>>;
  /** By action id; gone when the action's outcome stands in the log. */
  readonly claims: Readonly<Record<string, ClaimState>>;
  /** Stop was pressed and the run has not ended yet; `error` if the server refused to. */
  readonly cancelling?: { readonly error?: Refusal };
}

/** What goes with a message. */
export type MessageExtras = Pick<Message, 'agent' | 'model' | 'context' | 'notebook' | 'language'>;

/** One thread, live. Made for `useSyncExternalStore(session.subscribe, session.getState)`; all methods are bound. */
export interface ThreadSession {
  readonly threadId: string;
  getState(): ThreadState;
  /** Called after each change, at most once per animation frame while text streams. Returns how to stop. */
  subscribe(listener: () => void): () => void;
  /** Ask. Kept and sent later if there is no connection. Returns the message's `client_id`. */
  send(text: string, extras?: MessageExtras): string;
  /** Send a refused or waiting message (again), as the same message. */
  retry(clientId: string): void;
  /** Drop a message that was not accepted. */
  discard(clientId: string): void;
  /** Stop one run, or (without `runId`) the running run and those queued behind it. */
  cancel(runId?: string): void;
  approve(
    approvalId: string,
    digest: string,
    decision: Approve['decision'],
    options?: Pick<Approve, 'scope' | 'reason' | 'code'>
  ): void;
  /** Ask to be the one that performs a notebook action; asked before: nothing happens. */
  claim(actionId: string): void;
  /** Say what came of an action that is `ours`. */
  performed(actionId: string, status: Performed['status'], result: NonNullable<Performed['result']>): void;
  /** "Retry now", "Check again". */
  retryNow(): void;
  /** Text that was typed and not sent; survives a reload of the page. */
  getDraft(): string;
  setDraft(text: string): void;
  dispose(): void;
}
