/** Stops, decisions, claims and outcomes that the server has not answered yet: shown, and sent again after a loss. */
import type { Approve, Cancel, Claim, CommandError, Performed, Snapshot } from '../protocol/types';
import { hasEnded } from '../state/reducer';
import { openRuns, pendingApprovals, runById, waitingActions } from '../state/selectors';
import type { ClaimState, Refusal, ThreadState } from '../state/types';

type Order = Cancel | Approve | Claim | Performed;
type View = Pick<ThreadState, 'deciding' | 'cancelling' | 'claims'>;

export class Orders {
  private shown: View = { deciding: {}, claims: {} };
  private readonly unanswered = new Map<string, Order>();
  private count = 0;
  /** Runs that the last Stop is meant for. */
  private targets: readonly string[] = [];

  /** `transmit` sends now, or not at all. `newId` is unique among all clients. */
  constructor(
    private readonly transmit: (order: Order) => void,
    private readonly newId: () => string
  ) {}

  /** What the person sees of them. */
  get view(): View {
    return this.shown;
  }

  /** Stop one run, or all that are open. `connected`: it arrives at once. */
  stop(runId: string | undefined, snapshot: Snapshot, connected: boolean): void {
    this.shown = { ...this.shown, cancelling: {} };
    this.targets = runId === undefined ? openRuns(snapshot).map(run => run.id) : [runId];
    if (runId === undefined && connected) {
      this.give({ type: 'cancel' });
    } else {
      this.stopTargets();
    }
  }

  decide(decision: Omit<Approve, 'type' | 'id'>): void {
    const { approval_id, decision: given } = decision;
    this.setDeciding({ ...this.shown.deciding, [approval_id]: { decision: given } });
    this.give({ ...decision, type: 'approve' });
  }

  /** The same claim has the same id after a loss, by which the server can tell that it is this client's own. */
  claim(action_id: string): void {
    if (this.shown.claims[action_id] === undefined) {
      this.setClaim(action_id, 'asked');
      this.give({ type: 'claim', action_id }, this.newId());
    }
  }

  report(outcome: Omit<Performed, 'type' | 'id'>): void {
    if (this.shown.claims[outcome.action_id] === 'ours') {
      this.setClaim(outcome.action_id, 'done');
      this.give({ ...outcome, type: 'notebook_result' });
    }
  }

  /** After a loss nobody knows what has arrived. Each of them does the same when it arrives twice. */
  giveAgain(): void {
    for (const [id, order] of [...this.unanswered]) {
      if (order.type === 'cancel' && order.run_id === undefined) {
        this.unanswered.delete(id);
        this.stopTargets();
      } else {
        this.transmit(order);
      }
    }
  }

  /** The server has answered; false if it was not about one of these. */
  answered(ref: string, error?: CommandError): boolean {
    const order = this.unanswered.get(ref);
    if (!order) {
      return false;
    }
    this.unanswered.delete(ref);
    if (order.type === 'cancel') {
      if (error || this.targets.length === 0) {
        this.shown = { ...this.shown, cancelling: error && { error: refusal(error) } };
      }
    } else if (order.type === 'claim') {
      this.setClaim(order.action_id, error ? 'others' : 'ours');
    } else if (order.type === 'approve' && error) {
      const { approval_id, decision } = order;
      this.setDeciding({ ...this.shown.deciding, [approval_id]: { decision, error: refusal(error) } });
    }
    return true;
  }

  /** The log has moved: what has come true is no longer on its way. */
  settle(snapshot: Snapshot): void {
    const pending = new Set(pendingApprovals(snapshot).map(({ approval }) => approval.approval_id));
    const deciding = Object.entries(this.shown.deciding);
    const left = deciding.filter(([id]) => pending.has(id));
    if (left.length < deciding.length) {
      this.setDeciding(Object.fromEntries(left));
    }
    const waiting = new Set(waitingActions(snapshot).map(({ action }) => action.action_id));
    const claims = Object.entries(this.shown.claims);
    if (claims.some(([id]) => !waiting.has(id))) {
      this.shown = { ...this.shown, claims: Object.fromEntries(claims.filter(([id]) => waiting.has(id))) };
    }
    const ended = (id: string) => hasEnded(runById(snapshot, id)?.state ?? 'cancelled');
    if (this.targets.length > 0 && this.targets.every(ended)) {
      this.targets = [];
      this.shown = { ...this.shown, cancelling: undefined };
    }
    for (const [id, order] of [...this.unanswered]) {
      if (isSettled(order, { pending, waiting, ended })) {
        this.unanswered.delete(id);
      }
    }
  }

  /** Exactly these runs, not whatever may be running when it arrives. Queued ones first, so that none begins. */
  private stopTargets(): void {
    for (const run_id of this.targets.toReversed()) {
      this.give({ type: 'cancel', run_id });
    }
  }

  private give(order: Order, id = `c${++this.count}`): void {
    this.unanswered.set(id, { ...order, id });
    this.transmit({ ...order, id });
  }

  private setClaim(id: string, state: ClaimState): void {
    this.shown = { ...this.shown, claims: { ...this.shown.claims, [id]: state } };
  }

  private setDeciding(deciding: ThreadState['deciding']): void {
    this.shown = { ...this.shown, deciding };
  }
}

interface Open {
  readonly pending: ReadonlySet<string>;
  readonly waiting: ReadonlySet<string>;
  readonly ended: (runId: string) => boolean;
}

/** What it asks for stands in the log, or can't be any more. */
function isSettled(order: Order, { pending, waiting, ended }: Open): boolean {
  switch (order.type) {
    case 'approve':
      return !pending.has(order.approval_id);
    case 'cancel':
      return order.run_id !== undefined && ended(order.run_id);
    default:
      return !waiting.has(order.action_id);
  }
}

/** The part of a refusal that is shown. */
export function refusal({ error, code, retryable }: CommandError): Refusal {
  return { error, code, retryable };
}
