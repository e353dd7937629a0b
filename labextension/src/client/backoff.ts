/** When to try again. */

const FIRST = 250;
const LONGEST = 15_000;

/** A connection that lasted this long, in ms, was a good one: the next loss begins anew. */
export const STABLE = 30_000;

/** How long to wait before attempt number `attempt` (from 0), in ms. `random` (0 … 1) spreads many clients of one server. */
export function backoff(attempt: number, random: number): number {
  const longest = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 16));
  return longest * (0.5 + random / 2);
}

/** Codes by which a server says "come back" or "stay away"; `true` is the latter. */
export function staysAway(code: number): boolean {
  return code >= 4500 && code <= 4999;
}
