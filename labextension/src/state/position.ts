/** Where a frame stands against a head: next, old, or with something missing in between. */
import type { Incoming } from '../protocol/codec';

export type Place = 'next' | 'old' | 'gap';

/**
 * `next`: it begins right behind the head. `old`: all of it is known. `gap`: events are missing before it, or it is
 * joined tokens of which only some are known.
 */
export function place(head: number, event: Extract<Incoming, { seq: number }>): Place {
  const from = ('from_seq' in event ? event.from_seq : undefined) ?? event.seq;
  if (from === head + 1) {
    return 'next';
  }
  return event.seq <= head ? 'old' : 'gap';
}
