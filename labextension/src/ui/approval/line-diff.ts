/** What changes between two texts, line by line. */

export interface DiffLine {
  readonly change: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Beyond so many pairs of lines no more is compared: all of the old is gone then, and all of the new has come. */
const PAIRS = 1_000_000;

/** Removed lines stand before those that take their place. */
export function diffOf(before: readonly string[], after: readonly string[]): readonly DiffLine[] {
  let head = 0;
  while (head < before.length && head < after.length && before[head] === after[head]) {
    head++;
  }
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && before.at(-1 - tail) === after.at(-1 - tail)) {
    tail++;
  }
  const old = before.slice(head, before.length - tail);
  const now = after.slice(head, after.length - tail);
  return [
    ...marked('same', before.slice(0, head)),
    ...(old.length * now.length > PAIRS
      ? [...marked('removed', old), ...marked('added', now)]
      : between(old, now)),
    ...marked('same', before.slice(before.length - tail))
  ];
}

/** By the longest common part. */
function between(old: readonly string[], now: readonly string[]): DiffLine[] {
  const width = now.length + 1;
  const common = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      common[i * width + j] =
        old[i] === now[j]
          ? (common[(i + 1) * width + j + 1] ?? 0) + 1
          : Math.max(common[(i + 1) * width + j] ?? 0, common[i * width + j + 1] ?? 0);
    }
  }
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) {
      lines.push({ change: 'same', text: old[i] ?? '' });
      i++;
      j++;
    } else if ((common[(i + 1) * width + j] ?? 0) >= (common[i * width + j + 1] ?? 0)) {
      lines.push({ change: 'removed', text: old[i++] ?? '' });
    } else {
      lines.push({ change: 'added', text: now[j++] ?? '' });
    }
  }
  return [...lines, ...marked('removed', old.slice(i)), ...marked('added', now.slice(j))];
}

function marked(change: DiffLine['change'], lines: readonly string[]): DiffLine[] {
  return lines.map(text => ({ change, text }));
}
