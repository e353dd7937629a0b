/** Text frames ↔ values. Tolerant of what a newer server adds, strict about what is no frame at all. */
import type { Command, ConnectionFrame, Event, Frame } from './types';

/** The version of the wire that this client speaks. */
export const PROTOCOL = 1;

/** Longest frame that a server takes, in bytes. */
export const MAX_FRAME = 262_144;

/** An event of a type that this client does not know: its number counts, nothing else is done. */
export interface SkippedEvent {
  event_type: 'skipped';
  seq: number;
  from_seq?: number;
}

export type Incoming = Frame | SkippedEvent;

/** What came is no frame: the stream cannot be trusted any further. */
export class WireError extends Error {
  override name = 'WireError';
}

// Records, so that the compiler asks for each type that the schema brings.
const EVENTS: Record<Event['event_type'], true> = {
  run_queued: true,
  run_start: true,
  plan: true,
  agent_change: true,
  status: true,
  reasoning: true,
  token: true,
  tool_start: true,
  tool_output: true,
  artifact: true,
  approval_request: true,
  approval_end: true,
  tool_end: true,
  kernel_changes: true,
  notebook_action: true,
  notebook_result: true,
  summary: true,
  usage: true,
  title: true,
  done: true,
  error: true
};
const CONNECTION_FRAMES: Record<ConnectionFrame['event_type'], true> = {
  hello: true,
  ack: true,
  error: true,
  reset: true,
  heartbeat: true
};

/**
 * The frame in a text; `undefined` for a connection frame of a type that this client does not know.
 *
 * @throws WireError for what is no frame
 */
export function decode(text: string): Incoming | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new WireError(`The server sent what is not JSON: ${String(error)}`);
  }
  if (!isObject(value) || typeof value.event_type !== 'string') {
    throw new WireError(`The server sent what is no frame: ${text.slice(0, 80)}`);
  }
  const { event_type: type, seq, from_seq, data } = value;
  if (seq === undefined) {
    if (!Object.hasOwn(CONNECTION_FRAMES, type)) {
      return undefined;
    }
  } else {
    if (!isPosition(seq) || !(from_seq === undefined || (isPosition(from_seq) && from_seq <= seq))) {
      throw new WireError(`The server sent a ${type} with the number ${String(from_seq)}…${String(seq)}`);
    }
    if (!Object.hasOwn(EVENTS, type)) {
      return { event_type: 'skipped', seq, ...(from_seq === undefined ? {} : { from_seq }) };
    }
  }
  if (!isObject(data)) {
    throw new WireError(`The server sent a ${type} without data`);
  }
  return value as unknown as Frame;
}

/** The text of a command. */
export function encode(command: Command): string {
  return JSON.stringify(command);
}

/** Is it an event of the log? The others speak of this connection only. */
export function isEvent(frame: Incoming): frame is Event | SkippedEvent {
  return 'seq' in frame;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPosition(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
