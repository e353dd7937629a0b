import { readFile } from 'node:fs/promises';
import { expect, expectTypeOf, it } from 'vitest';
import { generate } from '../../generate.mjs';
import type { Approve, Cancel, Command, ConnectionFrame, Event, Frame, Message, TokenEvent } from './types';

it('are what the schema says: `make protocol` writes them anew', async () => {
  const committed = await readFile(new URL('./types.ts', import.meta.url), 'utf8');
  expect(committed).toBe(await generate());
});

it('narrow on their tags', () => {
  expectTypeOf<Extract<Event, { event_type: 'token' }>>().toEqualTypeOf<TokenEvent>();
  expectTypeOf<Extract<Frame, { event_type: 'hello' }>['data']['epoch']>().toBeString();
  expectTypeOf<Extract<Command, { type: 'approve' }>>().toEqualTypeOf<Approve>();
  expectTypeOf<Extract<Command, { type: 'message' }>>().toEqualTypeOf<Message>();
  expectTypeOf<Extract<Command, { type: 'cancel' }>>().toEqualTypeOf<Cancel>();
});

it('demand every case: a forgotten one does not compile', () => {
  const kind = (frame: Event | ConnectionFrame): string => {
    switch (frame.event_type) {
      case 'hello':
      case 'ack':
      case 'reset':
      case 'heartbeat':
        return 'connection';
      case 'error':
        return 'seq' in frame ? frame.run_id : frame.data.code;
      case 'token':
      case 'reasoning':
        return frame.data.token;
      case 'run_queued':
      case 'run_start':
      case 'plan':
      case 'agent_change':
      case 'status':
      case 'tool_start':
      case 'tool_output':
      case 'artifact':
      case 'approval_request':
      case 'approval_end':
      case 'tool_end':
      case 'kernel_changes':
      case 'notebook_action':
      case 'notebook_result':
      case 'summary':
      case 'usage':
      case 'done':
        return frame.run_id;
      case 'title':
        return frame.data.title;
      default:
        return frame satisfies never;
    }
  };
  expect(kind({ event_type: 'title', seq: 1, time: 'now', data: { title: 'Sales' } })).toBe('Sales');
});
