/** A fold that is being changed: what it has copied it owns and changes in place, the rest stays as it was. */
import type { Snapshot, SnapshotMessage, SnapshotRun } from '../protocol/types';

export type Part = SnapshotMessage['parts'][number];

/** A thread's fold so far. Never changed in place. */
export interface Fold {
  readonly snapshot: Snapshot;
  /** Time of the last timed event of each run that has not ended: a message that begins with a token takes it. */
  readonly clock: Readonly<Record<string, string>>;
  /** An event did not follow the head and was left out; true until one does. */
  readonly gap: boolean;
}

export class Draft {
  private current: Snapshot;
  private clock: Record<string, string>;
  private gap: boolean;
  private readonly owned = new Set<object>();

  /** `changed`: it differs from what there was before, even if nothing is done to it. */
  constructor(
    private readonly before: Fold,
    private changed = false
  ) {
    ({ snapshot: this.current, clock: this.clock, gap: this.gap } = before);
  }

  /** The changed fold; the one it began with if nothing was changed. The draft must not be used any more. */
  finish(): Fold {
    if (!this.changed) {
      return this.before;
    }
    return { snapshot: this.current, clock: this.clock, gap: this.gap };
  }

  /** To look at. */
  get snapshot(): Readonly<Snapshot> {
    return this.current;
  }

  advance(seq: number): void {
    this.changed = true;
    this.gap = false;
    this.thread().head = seq;
  }

  findGap(): void {
    this.changed ||= !this.gap;
    this.gap = true;
  }

  /** The thread's own fields, to change. */
  thread(): Snapshot {
    if (!this.owned.has(this.current)) {
      this.current = this.own({ ...this.current });
    }
    return this.current;
  }

  addRun(run: SnapshotRun): void {
    this.runs().push(this.own(run));
  }

  /** A run that is there, to change. */
  run(id: string): SnapshotRun {
    return this.ownAt(
      this.runs(),
      this.current.runs.findLastIndex(run => run.id === id)
    );
  }

  /** When the run's last timed event was. */
  time(runId: string): string {
    return this.clock[runId] ?? '';
  }

  setTime(runId: string, time: string): void {
    if (!this.owned.has(this.clock)) {
      this.clock = this.own({ ...this.clock });
    }
    this.clock[runId] = time;
  }

  forgetTime(runId: string): void {
    const { [runId]: _, ...others } = this.clock;
    this.clock = this.own(others);
  }

  addMessage(message: SnapshotMessage): SnapshotMessage {
    this.messages().push(this.own(message));
    return message;
  }

  /** Where a message is, -1 if it is nowhere; sought from the end, where the one that grows is. */
  find(messageId: string): number {
    return this.current.messages.findLastIndex(message => message.id === messageId);
  }

  /** The message at an index, to change. */
  message(at: number): SnapshotMessage {
    return this.ownAt(this.messages(), at);
  }

  /** Where a part of a run is: the message's index and its own, -1 if it is nowhere. Newest message first. */
  findPart(runId: string, matches: (part: Part) => boolean): [message: number, part: number] {
    const { messages } = this.current;
    for (let at = messages.length - 1; at >= 0; at--) {
      const message = messages[at];
      if (message?.run_id === runId) {
        const index = message.parts.findIndex(matches);
        if (index >= 0) {
          return [at, index];
        }
      }
    }
    return [-1, -1];
  }

  /** Replaces one part, if it is there. */
  edit<P extends Part>(runId: string, matches: (part: Part) => part is P, edit: (part: P) => P): void {
    const [at, index] = this.findPart(runId, matches);
    if (at >= 0) {
      const message = this.message(at);
      message.parts = message.parts.map((part, i) => (i === index && matches(part) ? edit(part) : part));
    }
  }

  private messages(): SnapshotMessage[] {
    if (!this.owned.has(this.current.messages)) {
      this.thread().messages = this.own([...this.current.messages]);
    }
    return this.current.messages;
  }

  private runs(): SnapshotRun[] {
    if (!this.owned.has(this.current.runs)) {
      this.thread().runs = this.own([...this.current.runs]);
    }
    return this.current.runs;
  }

  private ownAt<T extends object>(list: T[], at: number): T {
    const item = list[at] as T; // `at` was found in this very list
    if (this.owned.has(item)) {
      return item;
    }
    const copy = this.own({ ...item });
    list[at] = copy;
    return copy;
  }

  private own<T extends object>(value: T): T {
    this.owned.add(value);
    return value;
  }
}

/** Sets what is given and removes what is `undefined`, as the wire leaves it out. */
export function assign<T extends object>(target: T, values: Partial<T>): T {
  Object.assign(target, values);
  for (const key of Object.keys(values) as (keyof T)[]) {
    if (values[key] === undefined) {
      delete target[key];
    }
  }
  return target;
}
