/** A WebSocket that comes back: backoff, silence that counts as loss, close codes. Knows nothing of what is said on it. */
import { backoff, STABLE, staysAway } from './backoff';
import type { Cancel, Environment, WebSocketLike } from './environment';

/** The server says something every 20 s; a connection that is silent for this long, in ms, is dead. */
export const SILENCE = 45_000;
/** How long a handshake may take, in ms. */
export const HANDSHAKE = 20_000;

export interface Loss {
  /** Close code; 1006 if the connection broke or was given up. */
  readonly code: number;
  readonly reason: string;
  /** Whether the handshake had succeeded: if not, the server may be another one than we think. */
  readonly opened: boolean;
  /** When the next attempt is made, in ms since 1970; not given if the server said to stay away. */
  readonly retryAt?: number;
}

export interface SocketListener {
  /** A text has come. */
  text(text: string): void;
  lost(loss: Loss): void;
}

export class ReconnectingSocket {
  private socket: WebSocketLike | undefined;
  private opened = false;
  private openedAt = 0;
  private heardAt = 0;
  private attempt = 0;
  private stopTimer: Cancel = () => {};

  /** `address` is asked before each attempt. Nothing happens before `connect`. */
  constructor(
    private readonly environment: Environment,
    private readonly address: () => string,
    private readonly listener: SocketListener
  ) {}

  /** Connect now, unless there is a connection or one is being made. */
  connect(): void {
    if (this.socket) {
      return;
    }
    this.stopTimer();
    const socket = this.environment.openSocket(this.address());
    this.socket = socket;
    this.opened = false;
    this.heardAt = this.environment.now();
    socket.onopen = () => {
      this.opened = true;
      this.openedAt = this.heardAt = this.environment.now();
    };
    socket.onmessage = ({ data }) => {
      this.heardAt = this.environment.now();
      this.listener.text(String(data));
    };
    socket.onclose = ({ code, reason }) => this.lose(code, reason);
    this.watch(HANDSHAKE);
  }

  /** False if it could not be sent. */
  send(text: string): boolean {
    if (!this.socket || !this.opened) {
      return false;
    }
    try {
      this.socket.send(text);
      return true;
    } catch {
      return false; // it closes just now; `onclose` tells
    }
  }

  /** Somebody looks again after a while: notice at once what a sleeping timer has missed, and do not wait any longer. */
  wake(): void {
    if (this.socket) {
      this.listen();
    } else {
      this.connect();
    }
  }

  /** What came cannot be continued: drop the connection and make a new one after the usual wait. */
  restart(reason: string): void {
    if (this.socket) {
      this.lose(1006, reason);
    }
  }

  /** Stay away until `connect`. */
  halt(): void {
    this.stopTimer();
    this.drop();
  }

  /** Give up a connection that has said nothing for too long. */
  private listen(): void {
    const limit = this.opened ? SILENCE : HANDSHAKE;
    const silent = this.environment.now() - this.heardAt;
    if (silent >= limit) {
      this.lose(1006, 'silence');
    } else {
      this.watch(limit - silent);
    }
  }

  private watch(ms: number): void {
    this.stopTimer();
    this.stopTimer = this.environment.after(ms, () => this.listen());
  }

  private lose(code: number, reason: string): void {
    const { opened } = this;
    const now = this.environment.now();
    this.halt();
    if (staysAway(code)) {
      this.listener.lost({ code, reason, opened });
      return;
    }
    if (opened && now - this.openedAt >= STABLE) {
      this.attempt = 0;
    }
    const wait = backoff(this.attempt++, this.environment.random());
    this.stopTimer = this.environment.after(wait, () => this.connect());
    this.listener.lost({ code, reason, opened, retryAt: now + wait });
  }

  private drop(): void {
    const { socket } = this;
    this.socket = undefined;
    this.opened = false;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
  }
}
