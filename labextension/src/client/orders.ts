/** Stops and decisions that the server has not answered yet: shown, and sent again after a loss. */
import type { Approve, Cancel, CommandError, Snapshot } from '../protocol/types';
import { hasEnded } from '../state/reducer';
import { openRuns, pendingApprovals, runById } from '../state/selectors';
import type { Refusal, ThreadState } from '../state/types';

type Order = Cancel | Approve;

export class Orders {
  private shown: Pick<ThreadState, 'deciding' | 'cancelling'> = { deciding: {} };
  private readonly unanswered = new Map<string, Order>();
  private count = 0;
  /** Runs that the last Stop is meant for. */
  private targets: readonly string[] = [];

  /** `transmit` sends now, or not at all. */
  constructor(private readonly transmit: (order: Order) => void) {}

  /** What the person sees of them. */
  get view(): Pick<ThreadState, 'deciding' | 'cancelling'> {
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
    } else if (error) {
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
    const ended = (id: string) => hasEnded(runById(snapshot, id)?.state ?? 'cancelled');
    if (this.targets.length > 0 && this.targets.every(ended)) {
      this.targets = [];
      this.shown = { ...this.shown, cancelling: undefined };
    }
    for (const [id, order] of [...this.unanswered]) {
      if (order.type === 'approve' ? !pending.has(order.approval_id) : order.run_id && ended(order.run_id)) {
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

  private give(order: Order): void {
    const id = `c${++this.count}`;
    this.unanswered.set(id, { ...order, id });
    this.transmit({ ...order, id });
  }

  private setDeciding(deciding: ThreadState['deciding']): void {
    this.shown = { ...this.shown, deciding };
  }
}

/** The part of a refusal that is shown. */
export function refusal({ error, code, retryable }: CommandError): Refusal {
  return { error, code, retryable };
}
