/** Questions to a thread's state that more than one part of the screen asks. Same state, same object. */
import type {
  ApprovalPart,
  NotebookPart,
  Snapshot,
  SnapshotMessage,
  SnapshotRun,
  UsageTotal
} from '../protocol/types';
import { hasEnded } from './reducer';

type Runs = Pick<Snapshot, 'runs'>;
type Messages = Pick<Snapshot, 'messages'>;

/** An approval that waits for a person, and the message it stands in. */
export interface PendingApproval {
  readonly approval: ApprovalPart;
  readonly message: SnapshotMessage;
}

/** The run that is running or waiting. */
export function currentRun({ runs, run_id }: Runs & Pick<Snapshot, 'run_id'>): SnapshotRun | undefined {
  return run_id === undefined ? undefined : runById({ runs }, run_id);
}

export function runById({ runs }: Runs, id: string): SnapshotRun | undefined {
  return runs.findLast(run => run.id === id);
}

/** Runs whose turn has not come, in order. */
export const queuedRuns = remember(
  ({ runs }: Runs) => runs,
  (runs): readonly SnapshotRun[] => runs.filter(run => run.state === 'queued')
);

/** Runs that a Stop would end: the current one and those behind it. */
export const openRuns = remember(
  ({ runs }: Runs) => runs,
  (runs): readonly SnapshotRun[] => runs.filter(run => !hasEnded(run.state))
);

/** Approvals that wait for a person, oldest first. */
export const pendingApprovals = remember(
  ({ messages }: Messages) => messages,
  (messages): readonly PendingApproval[] =>
    messages.flatMap(message =>
      message.parts.flatMap(part =>
        part.type === 'approval' && part.decision === undefined ? [{ approval: part, message }] : []
      )
    )
);

/** A notebook action that waits for a client, and the message it stands in. */
export interface WaitingAction {
  readonly action: NotebookPart;
  readonly message: SnapshotMessage;
}

/** Notebook actions without an outcome, of runs that go on, oldest first. */
export function waitingActions({ messages, runs }: Messages & Runs): readonly WaitingAction[] {
  const open = new Set(runs.filter(run => !hasEnded(run.state)).map(run => run.id));
  return notebookActions({ messages }).filter(({ message }) => open.has(message.run_id));
}

const notebookActions = remember(
  ({ messages }: Messages) => messages,
  (messages): readonly WaitingAction[] =>
    messages.flatMap(message =>
      message.parts.flatMap(part =>
        part.type === 'notebook' && part.status === undefined ? [{ action: part, message }] : []
      )
    )
);

/** Tokens of all runs; `cost` is there if any of them has one. */
export const totalUsage = remember(
  ({ runs }: Runs) => runs,
  (runs): UsageTotal => {
    const total: UsageTotal = { input_tokens: 0, output_tokens: 0 };
    for (const { usage } of runs) {
      total.input_tokens += usage?.input_tokens ?? 0;
      total.output_tokens += usage?.output_tokens ?? 0;
      if (usage?.cost !== undefined) {
        total.cost = (total.cost ?? 0) + usage.cost;
      }
    }
    return total;
  }
);

/** Remembers what was made of each object for as long as that object lives. */
function remember<S, K extends object, V>(pick: (state: S) => K, make: (key: K) => V): (state: S) => V {
  const made = new WeakMap<K, { value: V }>();
  return state => {
    const key = pick(state);
    let known = made.get(key);
    if (!known) {
      known = { value: make(key) };
      made.set(key, known);
    }
    return known.value;
  };
}
