/**
 * Where this client stands in a thread's log, and what each frame means there. No I/O.
 *
 * The position (epoch, number of the last event received) is all that a new connection needs to go on.
 */
import type { Incoming } from '../protocol/codec';
import { isEvent } from '../protocol/codec';
import { place } from '../state/position';

/**
 * - `open`: the connection stands; commands may be sent
 * - `take`: the next event, fold it · `replace`: a snapshot, all before it is in it
 * - `skip`: nothing new
 * - `gap`: it cannot be continued from here, a new connection is needed
 * - `answer`: of a command
 */
export type Step = 'open' | 'take' | 'replace' | 'skip' | 'gap' | 'answer';

export class Follower {
  private head = 0;
  private epoch: string | undefined;
  /** What the connection must say next. */
  private expects: 'hello' | 'reset' | 'events' = 'hello';
  /** Whether this connection has brought anything that could be used. */
  private progress = false;
  /** Head of the last heartbeat, if nothing has come since. */
  private promised: number | undefined;

  /** Has the server said hello on this connection? */
  get isOpen(): boolean {
    return this.expects !== 'hello';
  }

  /** A new connection begins: how to ask for what comes next. */
  begin(): Record<string, string> {
    this.end();
    this.progress = false;
    return this.epoch === undefined ? { after: '0' } : { after: String(this.head), epoch: this.epoch };
  }

  /** The connection is gone. */
  end(): void {
    this.expects = 'hello';
    this.promised = undefined;
  }

  step(frame: Incoming): Step {
    if (isEvent(frame)) {
      return this.event(frame);
    }
    switch (frame.event_type) {
      case 'hello': {
        const { epoch, head } = frame.data;
        this.expects = epoch === this.epoch && head >= this.head ? 'events' : 'reset';
        return 'open';
      }
      case 'reset':
        this.epoch = frame.data.epoch;
        this.head = frame.data.head;
        this.expects = 'events';
        this.moved();
        return 'replace';
      case 'heartbeat':
        return this.heartbeat(frame.data.head);
      case 'ack':
      case 'error':
        return 'answer';
      default:
        return frame satisfies never;
    }
  }

  private event(event: Extract<Incoming, { seq: number }>): Step {
    const where = this.expects === 'events' ? place(this.head, event) : 'gap';
    if (where === 'next') {
      this.head = event.seq;
      this.moved();
      return 'take';
    }
    return where === 'old' ? 'skip' : this.gap();
  }

  /** Events may be on their way behind a heartbeat; but not for longer than until the next one. */
  private heartbeat(head: number): Step {
    if (this.promised !== undefined && this.promised > this.head) {
      return this.gap();
    }
    this.promised = head;
    return 'skip';
  }

  private moved(): void {
    this.progress = true;
    this.promised = undefined;
  }

  /** If a connection could not use even the first thing it got, the position itself is no good. */
  private gap(): Step {
    if (!this.progress) {
      this.epoch = undefined;
    }
    return 'gap';
  }
}
