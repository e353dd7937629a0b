/** One thread, live: follows its log over a socket that may break at any time, and carries a person's commands to it. */

import type { Incoming } from '../protocol/codec';
import { decode, encode, MAX_FRAME, WireError } from '../protocol/codec';
import type { Ack, Approve, CommandError, Performed } from '../protocol/types';
import { emptyFold, reduceAll } from '../state/reducer';
import type { MessageExtras, ThreadSession, ThreadState } from '../state/types';
import type { Api } from './api';
import type { Cancel, Environment, Storage } from './environment';
import { Follower } from './follower';
import { Orders, refusal } from './orders';
import { Outbox } from './outbox';
import { mismatch, probe } from './probe';
import type { ServerLocation } from './server';
import { type Loss, ReconnectingSocket } from './socket';

/** Close code of a thread that does not exist (any more). */
const DELETED = 4504;

export interface SessionOptions {
  readonly threadId: string;
  readonly server: ServerLocation;
  /** Asked when a handshake fails. */
  readonly api: Pick<Api, 'health'>;
  readonly environment: Environment;
  /** Keeps the draft and unsent messages over a reload; two views of one thread need one each. */
  readonly storage?: Storage;
}

/** How things stand with the server. */
type Link = Pick<ThreadState, 'connection' | 'retryAt' | 'refusal' | 'versions'>;

export class Session implements ThreadSession {
  readonly threadId: string;
  private readonly environment: Environment;
  private readonly socket: ReconnectingSocket;
  private readonly follower = new Follower();
  private readonly outbox: Outbox;
  private readonly orders: Orders;
  private readonly listeners = new Set<() => void>();

  private link: Link = { connection: 'connecting' };
  private fold: ReturnType<typeof emptyFold>;
  private loaded = false;
  /** What was received and is not folded yet. */
  private received: Incoming[] = [];
  private state: ThreadState;

  private probing = false;
  private disposed = false;
  private stopFrame: Cancel | undefined;
  private readonly stopWatching: Cancel;

  /** Connects at once. */
  constructor(private readonly options: SessionOptions) {
    const { threadId, environment, storage } = options;
    this.threadId = threadId;
    this.environment = environment;
    this.outbox = new Outbox(threadId, storage);
    this.fold = emptyFold(threadId);
    this.socket = new ReconnectingSocket(
      environment,
      () => options.server.socketUrl(threadId, this.follower.begin()),
      {
        text: text => this.receive(text),
        lost: loss => this.lost(loss)
      }
    );
    this.orders = new Orders(
      order => {
        if (this.follower.isOpen) {
          this.socket.send(encode(order));
        }
      },
      () => environment.newId()
    );
    this.state = this.compose();
    this.stopWatching = environment.onReturn(() => this.wake());
    this.socket.connect();
  }

  readonly getState = (): ThreadState => this.state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly send = (text: string, extras: MessageExtras = {}): string => {
    const id = this.environment.newId();
    this.outbox.add({ ...extras, type: 'message', id, message: text, client_id: id }, this.environment.now());
    this.deliver(id);
    this.publish();
    return id;
  };

  readonly retry = (clientId: string): void => {
    this.deliver(clientId);
    this.publish();
  };

  readonly discard = (clientId: string): void => {
    this.outbox.remove(new Set([clientId]));
    this.publish();
  };

  readonly cancel = (runId?: string): void => {
    this.orders.stop(runId, this.fold.snapshot, this.follower.isOpen);
    this.publish();
  };

  readonly approve = (
    approvalId: string,
    digest: string,
    decision: Approve['decision'],
    options: Pick<Approve, 'scope' | 'reason' | 'code'> = {}
  ): void => {
    this.orders.decide({ ...options, approval_id: approvalId, digest, decision });
    this.publish();
  };

  readonly claim = (actionId: string): void => {
    this.orders.claim(actionId);
    this.publish();
  };

  readonly performed = (
    actionId: string,
    status: Performed['status'],
    result: NonNullable<Performed['result']>
  ): void => {
    this.orders.report({ action_id: actionId, status, result });
    this.publish();
  };

  readonly retryNow = (): void => {
    if (isLasting(this.link)) {
      this.setLink({ connection: 'connecting' });
    }
    this.socket.connect();
  };

  readonly getDraft = (): string => this.outbox.draft;

  readonly setDraft = (text: string): void => {
    this.outbox.draft = text;
  };

  readonly dispose = (): void => {
    this.disposed = true;
    this.stopFrame?.();
    this.stopWatching();
    this.socket.halt();
    this.listeners.clear();
  };

  // -- from the server ------------------------------------------------------------------------------------------

  private receive(text: string): void {
    let frame: Incoming | undefined;
    try {
      frame = decode(text);
    } catch (error) {
      if (!(error instanceof WireError)) {
        throw error;
      }
      this.startOver(error.message);
      return;
    }
    const verdict = frame?.event_type === 'hello' ? mismatch(frame.data) : undefined;
    if (verdict) {
      this.socket.halt();
      this.setLink(verdict);
    } else if (frame) {
      this.follow(frame);
    }
  }

  private follow(frame: Incoming): void {
    switch (this.follower.step(frame)) {
      case 'open':
        this.setLink({ connection: 'open' });
        this.sendAgain();
        break;
      case 'replace':
        this.received = [frame];
        this.schedule();
        break;
      case 'take':
        this.received.push(frame);
        this.schedule();
        break;
      case 'answer':
        if (frame.event_type === 'ack' || (frame.event_type === 'error' && !('seq' in frame))) {
          this.answered(frame.data);
        }
        break;
      case 'gap':
        this.startOver('events are missing');
        break;
      case 'skip':
        break;
    }
  }

  private answered(answer: Ack | CommandError): void {
    const { ref } = answer;
    const error = 'error' in answer ? answer : undefined;
    if (ref !== undefined && this.orders.answered(ref, error)) {
      this.publish();
    } else if (error && ref !== undefined && this.outbox.find(ref)) {
      this.outbox.refuse(ref, refusal(error));
      this.publish();
    } else if (error) {
      console.warn(`jupyter_aichat: the server refused a command: ${error.error}`);
    }
  }

  private schedule(): void {
    this.stopFrame ??= this.environment.nextFrame(() => {
      this.stopFrame = undefined;
      const frames = this.received;
      this.received = [];
      this.fold = reduceAll(this.fold, frames);
      this.loaded = true;
      this.outbox.remove(clientIds(frames));
      this.orders.settle(this.fold.snapshot);
      this.publish();
    });
  }

  // -- the connection -------------------------------------------------------------------------------------------

  private startOver(reason: string): void {
    console.warn(`jupyter_aichat: connecting again: ${reason}`);
    this.socket.restart(reason);
  }

  private wake(): void {
    // Who was told to stay away does so until the person asks
    const { connection, refusal } = this.link;
    if (connection !== 'deleted' && (refusal === undefined || refusal.code < 1000)) {
      this.socket.wake();
    }
  }

  private lost({ code, reason, opened, retryAt }: Loss): void {
    this.follower.end();
    this.outbox.hold();
    if (retryAt === undefined) {
      this.setLink(
        code === DELETED ? { connection: 'deleted' } : { connection: 'refused', refusal: { code, reason } }
      );
    } else if (opened || !(isLasting(this.link) || this.link.connection === 'connecting')) {
      this.setLink(this.away(retryAt));
    }
    if (!opened && retryAt !== undefined) {
      void this.probe(retryAt);
    }
  }

  /** A handshake has failed, and the browser does not say why. */
  private async probe(retryAt: number): Promise<void> {
    if (this.probing) {
      return;
    }
    this.probing = true;
    const verdict = await probe(this.options.api);
    this.probing = false;
    if (this.follower.isOpen || this.disposed) {
      return; // it has come up meanwhile
    }
    if (verdict) {
      this.socket.halt();
    }
    this.setLink(verdict ?? this.away(this.link.retryAt ?? retryAt));
  }

  private away(retryAt: number): Link {
    return { connection: this.environment.isOnline() ? 'reconnecting' : 'offline', retryAt };
  }

  // -- to the server --------------------------------------------------------------------------------------------

  private deliver(clientId: string): void {
    const entry = this.outbox.find(clientId);
    if (!entry) {
      return;
    }
    const text = encode(entry.message);
    if (new TextEncoder().encode(text).length > MAX_FRAME) {
      // The server would close the connection over it, again and again
      this.outbox.refuse(clientId, {
        error: 'The message is too long.',
        code: 'too_large',
        retryable: false
      });
      return;
    }
    this.outbox.mark(clientId, 'sending');
    if (!(this.follower.isOpen && this.socket.send(text))) {
      this.outbox.mark(clientId, 'waiting');
    }
  }

  private sendAgain(): void {
    this.orders.giveAgain();
    for (const { client_id, state } of this.outbox.entries) {
      if (state === 'waiting') {
        this.deliver(client_id);
      }
    }
    this.publish();
  }

  // -- the state ------------------------------------------------------------------------------------------------

  private setLink(link: Link): void {
    this.link = link;
    this.publish();
  }

  private compose(): ThreadState {
    const { snapshot } = this.fold;
    const { loaded, link, outbox, orders } = this;
    return { ...snapshot, ...link, ...orders.view, loaded, outbox: outbox.entries };
  }

  private publish(): void {
    if (!this.disposed) {
      this.state = this.compose();
      for (const listener of this.listeners) {
        listener();
      }
    }
  }
}

function isLasting({ connection }: Link): boolean {
  const lasting: readonly ThreadState['connection'][] = ['absent', 'refused', 'mismatch', 'deleted'];
  return lasting.includes(connection);
}

/** The messages that are in the log now, by the id that their sender gave them. */
function clientIds(frames: readonly Incoming[]): Set<string> {
  const sources = frames.flatMap(frame => {
    switch (frame.event_type) {
      case 'run_queued':
      case 'run_start':
        return [frame.data.client_id];
      case 'reset':
        return frame.data.snapshot.messages.map(message => message.client_id);
      default:
        return [];
    }
  });
  return new Set(sources.filter(id => id !== undefined));
}
