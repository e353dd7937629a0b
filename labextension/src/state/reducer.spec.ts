import { describe, expect, it } from 'vitest';
import type { Incoming } from '../protocol/codec';
import type { Event, Snapshot } from '../protocol/types';
import { transcript, transcripts } from '../testing/transcripts';
import { emptyFold, type Fold, foldFrom, reduce, reduceAll } from './reducer';

/** A fold that has the transcript's thread and epoch and nothing else. */
function start({ id, epoch }: Snapshot): Fold {
  return foldFrom({ id, title: '', epoch, head: 0, messages: [], runs: [] });
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}

function token(seq: number, text: string, message_id = 'm2'): Event {
  return { event_type: 'token', seq, run_id: 'r1', data: { token: text, agent: 'supervisor', message_id } };
}

describe.each(transcripts())('transcript $name', ({ frames, snapshot }) => {
  it('folds to its snapshot, one frame at a time, and changes nothing in place', () => {
    const fold = frames.reduce((before, frame) => freeze(reduce(before, frame)), freeze(start(snapshot)));
    expect(fold.snapshot).toEqual(snapshot);
    expect(fold.gap).toBe(false);
  });

  it('folds to the same in one piece, and in two pieces wherever it is cut', () => {
    expect(reduceAll(start(snapshot), frames).snapshot).toEqual(snapshot);
    for (let cut = 1; cut < frames.length; cut++) {
      const first = freeze(reduceAll(start(snapshot), frames.slice(0, cut)));
      expect(reduceAll(first, frames.slice(cut)).snapshot).toEqual(snapshot);
    }
  });

  it('goes on from a snapshot taken anywhere', () => {
    for (let cut = 1; cut < frames.length; cut++) {
      const taken = reduceAll(start(snapshot), frames.slice(0, cut)).snapshot;
      const reset: Incoming = {
        event_type: 'reset',
        data: { epoch: taken.epoch, head: taken.head, snapshot: structuredClone(taken) }
      };
      const rest = reduceAll(emptyFold(snapshot.id), [reset, ...frames.slice(cut)]);
      expect(withoutTimes(rest.snapshot)).toEqual(withoutTimes(snapshot));
    }
  });

  it('does not mind events that come twice', () => {
    const half = Math.floor(frames.length / 2);
    const twice = [...frames.slice(0, half), ...frames];
    expect(reduceAll(start(snapshot), twice).snapshot).toEqual(snapshot);
  });
});

/** A snapshot does not tell when its last event was, so a message that begins right after it may have an older time. */
function withoutTimes(snapshot: Snapshot): unknown {
  return { ...snapshot, messages: snapshot.messages.map(({ created_at: _, ...message }) => message) };
}

describe('a gap', () => {
  const { frames, snapshot } = transcript('simple-answer');
  const before = reduceAll(start(snapshot), frames.slice(0, 4));

  it('is noticed, and nothing behind it is taken', () => {
    const after = reduceAll(before, frames.slice(5));
    expect(after.gap).toBe(true);
    expect(after.snapshot).toEqual(before.snapshot);
  });

  it('is closed by what was missing', () => {
    const after = reduceAll(reduceAll(before, frames.slice(5)), frames.slice(4));
    expect(after.gap).toBe(false);
    expect(after.snapshot).toEqual(snapshot);
  });

  it('is also one when joined tokens overlap what is known, because they cannot be taken apart', () => {
    const joined: Incoming = { ...token(6, 'both'), from_seq: 4 } as Incoming;
    const after = reduce(before, joined);
    expect(after.gap).toBe(true);
    expect(after.snapshot).toBe(before.snapshot);
  });

  it('is closed by a reset', () => {
    const reset: Incoming = { event_type: 'reset', data: { epoch: 'e2', head: snapshot.head, snapshot } };
    expect(reduceAll(before, [...frames.slice(5), reset])).toMatchObject({ gap: false, snapshot });
  });
});

describe('sharing', () => {
  it('keeps what a token does not touch, and the fold itself when nothing changes', () => {
    const { frames, snapshot } = transcript('several-turns');
    const before = reduceAll(start(snapshot), frames);
    const next = { ...token(snapshot.head + 1, '3', 'm6'), run_id: 'r3' } as Event;
    const after = reduce(before, next);
    expect(after.snapshot.runs).toBe(before.snapshot.runs);
    before.snapshot.messages.forEach((message, i) => {
      expect(after.snapshot.messages[i]).toBe(message);
    });
    expect(reduceAll(after, frames)).toBe(after);
    expect(reduceAll(after, [{ event_type: 'heartbeat', data: { head: 99 } }])).toBe(after);
  });

  it('makes one new message of many tokens that come together', () => {
    const { frames, snapshot } = transcript('simple-answer');
    const before = reduceAll(start(snapshot), frames.slice(0, 3));
    const message = before.snapshot.messages.at(-1);
    const after = reduceAll(
      before,
      Array.from({ length: 1000 }, (_, i) => token(4 + i, 'x'))
    );
    expect(after.snapshot.messages).toHaveLength(before.snapshot.messages.length);
    expect(after.snapshot.messages.at(-1)?.content).toBe(`안${'x'.repeat(1000)}`);
    expect(message?.content).toBe('안');
  });

  it('looks at no older message for a token: a long thread costs what a short one does', () => {
    let looks = 0;
    const messages: Snapshot['messages'] = Array.from({ length: 500 }, (_, i) => ({
      get id() {
        looks++;
        return `m${i}`;
      },
      role: 'assistant',
      agent: 'supervisor',
      content: '',
      parts: [],
      run_id: 'r1',
      created_at: ''
    }));
    const runs: Snapshot['runs'] = [{ id: 'r1', state: 'running', message_id: 'm0' }];
    const first = foldFrom({ id: 't', title: '', epoch: 'e', head: 0, messages, runs });
    const begun = reduce(first, token(1, 'a', 'm-new'));
    looks = 0;
    const after = reduceAll(reduce(begun, token(2, 'b', 'm-new')), [token(3, 'c', 'm-new')]);
    expect(after.snapshot.messages.at(-1)?.content).toBe('abc');
    expect(looks).toBe(0);
  });
});
