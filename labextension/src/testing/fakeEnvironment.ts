/** Surroundings under a test's hand: time stands still until it is told to go on. */
import type { Cancel, Environment, WebSocketLike } from '../client/environment';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

export class FakeEnvironment implements Environment {
  online = true;
  private time = Date.UTC(2026, 10, 22, 9);
  private ids = 0;
  private readonly timers = new Set<Timer>();
  private readonly frames = new Set<() => void>();
  private readonly watchers = new Set<() => void>();

  /** `name` is the beginning of each new id, so that two of them have different ones. */
  constructor(
    readonly openSocket: (url: string) => WebSocketLike,
    private readonly name = 'client'
  ) {}

  readonly now = () => this.time;
  readonly random = () => 1;
  readonly isOnline = () => this.online;
  readonly newId = () => `${this.name}-${++this.ids}`;

  after(ms: number, callback: () => void): Cancel {
    const timer = { at: this.time + ms, callback };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  nextFrame(callback: () => void): Cancel {
    this.frames.add(callback);
    return () => this.frames.delete(callback);
  }

  onReturn(listener: () => void): Cancel {
    this.watchers.add(listener);
    return () => this.watchers.delete(listener);
  }

  /** Time goes on; what is due happens in order. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const next = [...this.timers].sort((a, b) => a.at - b.at)[0];
      if (!next || next.at > end) {
        break;
      }
      this.timers.delete(next);
      this.time = next.at;
      next.callback();
    }
    this.time = end;
  }

  /** The machine sleeps: time goes on, nothing happens. */
  sleep(ms: number): void {
    this.time += ms;
  }

  /** A picture is drawn. Returns how many callbacks were waiting for it. */
  draw(): number {
    const waiting = [...this.frames];
    this.frames.clear();
    for (const callback of waiting) {
      callback();
    }
    return waiting.length;
  }

  /** Somebody looks at the page again, or the network is back. */
  comeBack(): void {
    for (const watcher of this.watchers) {
      watcher();
    }
  }

  /** Is anything left that would still happen? */
  get isQuiet(): boolean {
    return this.timers.size === 0 && this.frames.size === 0 && this.watchers.size === 0;
  }
}

/** A storage that only this test sees. */
export class FakeStorage {
  readonly values = new Map<string, string>();
  readonly get = (name: string): string | null => this.values.get(name) ?? null;
  readonly set = (name: string, value: string | null): void => {
    if (value === null) {
      this.values.delete(name);
    } else {
      this.values.set(name, value);
    }
  };
}
