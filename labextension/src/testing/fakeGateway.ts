/**
 * A gateway of one thread, in memory: log, positions, resets, idempotent messages, claims, as the protocol has them. Unlike
 * the real one it answers in the same turn, begins each run at once, and lets a test say what happens in between (also
 * what comes of decisions and notebook actions).
 */
import type { Api } from '../client/api';
import { ApiError } from '../client/api';
import type { WebSocketLike } from '../client/environment';
import type { ServerLocation } from '../client/server';
import { type Incoming, isEvent, PROTOCOL } from '../protocol/codec';
import type { Command, CommandError, Event, Message, Snapshot } from '../protocol/types';
import { emptyFold, reduceAll } from '../state/reducer';

type Health = Awaited<ReturnType<Api['health']>>;
type LogEvent = Extract<Incoming, { seq: number }>;

export class FakeSocket implements WebSocketLike {
  onopen: WebSocketLike['onopen'] = null;
  onmessage: WebSocketLike['onmessage'] = null;
  onclose: WebSocketLike['onclose'] = null;
  /** What the client closed or lost is closed. */
  state: 'connecting' | 'open' | 'closed' = 'connecting';

  constructor(
    readonly gateway: FakeGateway,
    readonly query: URLSearchParams
  ) {}

  send(text: string): void {
    if (this.state !== 'open') {
      throw new Error('the socket is not open');
    }
    this.gateway.receive(this, JSON.parse(text));
  }

  close(): void {
    this.state = 'closed';
  }

  say(frame: object): void {
    this.gateway.sent.push(frame);
    this.onmessage?.({ data: JSON.stringify(frame) } as MessageEvent);
  }

  /** The other side is gone. */
  end(code: number, reason = ''): void {
    if (this.state !== 'closed') {
      this.state = 'closed';
      this.onclose?.({ code, reason } as CloseEvent);
    }
  }
}

export class FakeGateway {
  readonly threadId = 't1';
  epoch = 'e1';
  protocol = PROTOCOL;
  /** Events of the log, in order. */
  log: LogEvent[] = [];
  /** All connections that were ever made. */
  readonly sockets: FakeSocket[] = [];
  /** All commands that arrived. */
  readonly commands: Command[] = [];
  /** All frames that were sent. */
  readonly sent: object[] = [];
  /** `false`: what arrives is lost before it is read. */
  listening = true;
  /** The next command is refused with this. */
  refusal: Omit<CommandError, 'ref'> | undefined;
  /** What REST says, or the status with which it refuses; 0: no answer. */
  restStatus = 200;
  restCalls = 0;
  private readonly runs = new Map<string, string>();
  /** Id of the claim that was accepted, by action. */
  private readonly claimed = new Map<string, string | undefined>();
  /** What arrives before the client has got what its position asks for, waits. */
  private waiting: Command[] | undefined;

  readonly server: ServerLocation = {
    url: path => `http://gateway/api/aichat/${path}`,
    socketUrl: (threadId, query) => `ws://gateway/api/aichat/ws/${threadId}?${new URLSearchParams(query)}`,
    headers: () => ({})
  };

  readonly api: Pick<Api, 'health'> = {
    health: async () => {
      this.restCalls++;
      if (this.restStatus !== 200) {
        throw new ApiError('refused', this.restStatus, undefined, false);
      }
      return { protocol: this.protocol, version: '9.9.9' } as Health;
    }
  };

  readonly openSocket = (url: string): FakeSocket => {
    const socket = new FakeSocket(this, new URL(url).searchParams);
    this.sockets.push(socket);
    return socket;
  };

  /** The newest connection. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) {
      throw new Error('nobody has connected');
    }
    return socket;
  }

  get head(): number {
    return this.log.at(-1)?.seq ?? 0;
  }

  /** The handshake succeeds: hello, and whatever the position asks for. */
  accept(socket = this.socket): void {
    socket.state = 'open';
    socket.onopen?.({} as unknown as globalThis.Event);
    const { epoch, head, protocol } = this;
    const waiting: Command[] = [];
    this.waiting = waiting;
    socket.say({
      event_type: 'hello',
      data: { protocol, version: '9.9.9', epoch, head, approvals: [] }
    });
    const after = Number(socket.query.get('after'));
    if (socket.query.get('epoch') === epoch && after <= head) {
      for (const event of this.log.filter(e => e.seq > after)) {
        socket.say(event);
      }
    } else {
      socket.say({ event_type: 'reset', data: { epoch, head, snapshot: this.snapshot() } });
    }
    this.waiting = undefined;
    for (const command of waiting) {
      this.receive(socket, command);
    }
  }

  /** The fold of the whole log. */
  snapshot(): Snapshot {
    const { snapshot } = reduceAll(emptyFold(this.threadId), this.log);
    return { ...snapshot, epoch: this.epoch };
  }

  /** An event happens; everybody connected hears it. */
  append(event: object): void {
    const logged = event as LogEvent;
    this.log.push(logged);
    for (const socket of this.sockets) {
      if (socket.state === 'open') {
        socket.say(logged);
      }
    }
  }

  /** An event happens, with the next number. */
  happen(event_type: Event['event_type'], data: object, run_id = 'r1'): void {
    const time = new Date(Date.UTC(2026, 10, 22, 9, 0, this.head)).toISOString();
    this.append({ event_type, seq: this.head + 1, run_id, time, data });
  }

  receive(socket: FakeSocket, command: Command): void {
    if (!this.listening) {
      return;
    }
    if (this.waiting) {
      this.waiting.push(command);
      return;
    }
    this.commands.push(command);
    const { refusal } = this;
    if (refusal) {
      this.refusal = undefined;
      socket.say({ event_type: 'error', data: { ref: command.id, ...refusal } });
      return;
    }
    if (command.type === 'claim') {
      const { id, action_id } = command;
      if (this.claimed.has(action_id) && this.claimed.get(action_id) !== id) {
        const error = { error: 'Another client does it.', code: 'conflict', retryable: false };
        socket.say({ event_type: 'error', data: { ref: id, ...error } });
        return;
      }
      this.claimed.set(action_id, id);
    }
    const run_id = command.type === 'message' ? this.begin(command) : undefined;
    socket.say({ event_type: 'ack', data: { ref: command.id, run_id } });
  }

  /** The same `client_id` again is the same run. */
  private begin({ message, client_id = '' }: Message): string {
    const known = this.runs.get(client_id);
    if (known !== undefined) {
      return known;
    }
    const run_id = `r${this.runs.size + 1}`;
    this.runs.set(client_id, run_id);
    const begun = { message: { id: `q${this.runs.size}`, content: message }, client_id };
    this.happen('run_start', { ...begun, agent: 'supervisor', model: 'offline:rules' }, run_id);
    return run_id;
  }

  /** Runs that were begun, one for each message. */
  get begun(): number {
    return this.log.filter(event => isEvent(event) && event.event_type === 'run_start').length;
  }
}
