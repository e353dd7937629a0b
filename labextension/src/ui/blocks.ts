/** The order on the screen: who says what, and under which handoff. Pure; made anew for a run only when it changed. */
import type {
  ApprovalPart,
  ArtifactPart,
  Handoff,
  NotebookPart,
  SnapshotMessage,
  SnapshotRun,
  ToolPart
} from '../protocol/types';

export type HandoffPart = ToolPart & { readonly handoff: Handoff };

export type Item =
  | { readonly kind: 'text'; readonly key: string; readonly message: SnapshotMessage }
  | { readonly kind: 'tools'; readonly key: string; readonly parts: readonly ToolPart[] }
  | { readonly kind: 'approval'; readonly key: string; readonly part: ApprovalPart }
  | { readonly kind: 'artifact'; readonly key: string; readonly part: ArtifactPart }
  | { readonly kind: 'notebook'; readonly key: string; readonly part: NotebookPart };

/** What one agent says and does without another one between. */
export interface Block {
  readonly kind: 'block';
  readonly key: string;
  readonly agent: string;
  readonly created_at: string;
  readonly items: readonly Item[];
}

/** A task given to a specialist, and what the specialist made of it. */
export interface HandoffRow {
  readonly kind: 'handoff';
  readonly key: string;
  readonly from: string;
  readonly part: HandoffPart;
  readonly rows: readonly Row[];
}

export type Row = Block | HandoffRow;

/**
 * Specialists at work at the same time stand one below the other, in the order they were asked, although their
 * messages arrive mixed: a message goes below the last handoff to its agent.
 */
export function rowsOf(messages: readonly SnapshotMessage[]): readonly Row[] {
  const top: Row[] = [];
  const below = new Map<string, Row[]>();
  for (const message of messages) {
    const agent = message.agent ?? '';
    const rows = below.get(agent) ?? top;
    if (message.content || message.reasoning) {
      blockItems(rows, message, agent).push({ kind: 'text', key: message.id, message });
    }
    for (const part of message.parts.filter(part => !isShownByNotebook(part, message))) {
      if (part.type === 'tool' && isHandoff(part)) {
        const inside: Row[] = [];
        rows.push({ kind: 'handoff', key: part.call_id, from: agent, part, rows: inside });
        below.set(part.handoff.agent, inside);
      } else {
        addPart(blockItems(rows, message, agent), part);
      }
    }
  }
  return top;
}

/** Figures, tables and notebook actions in these rows, in order, by who made them; nothing else. */
export function keptOf(rows: readonly Row[]): readonly Block[] {
  return rows.flatMap(row => {
    if (row.kind === 'handoff') {
      return keptOf(row.rows);
    }
    const items = row.items.filter(item => item.kind === 'artifact' || item.kind === 'notebook');
    return items.length > 0 ? [{ ...row, items }] : [];
  });
}

export function isHandoff(part: ToolPart): part is HandoffPart {
  return part.handoff !== undefined;
}

/** The row of a notebook action says all that the row of its call would. */
function isShownByNotebook(part: SnapshotMessage['parts'][number], { parts }: SnapshotMessage): boolean {
  return (
    part.type === 'tool' &&
    parts.some(
      other => other.type === 'notebook' && other.call_id === part.call_id && other.kind === part.name
    )
  );
}

function blockItems(rows: Row[], message: SnapshotMessage, agent: string): Item[] {
  const last = rows[rows.length - 1];
  if (last?.kind === 'block' && last.agent === agent) {
    return last.items as Item[];
  }
  const items: Item[] = [];
  const nth = rows.filter(row => row.key.startsWith(`${message.id}#`)).length;
  rows.push({ kind: 'block', key: `${message.id}#${nth}`, agent, created_at: message.created_at, items });
  return items;
}

function addPart(items: Item[], part: SnapshotMessage['parts'][number]): void {
  if (part.type === 'approval') {
    items.push({ kind: 'approval', key: part.approval_id, part });
    return;
  }
  if (part.type === 'artifact') {
    items.push({ kind: 'artifact', key: part.id, part });
    return;
  }
  if (part.type === 'notebook') {
    items.push({ kind: 'notebook', key: part.action_id, part });
    return;
  }
  const last = items[items.length - 1];
  if (last?.kind === 'tools') {
    (last.parts as ToolPart[]).push(part);
  } else {
    items.push({ kind: 'tools', key: part.call_id, parts: [part] });
  }
}

/** One question with all that answers it. */
export interface RunGroup {
  readonly id: string;
  readonly run: SnapshotRun | undefined;
  readonly question: SnapshotMessage | undefined;
  readonly answer: readonly SnapshotMessage[];
}

/** The thread by runs, in order. Groups in which nothing changed are those of `before`, so that they need no drawing. */
export function groupRuns(
  messages: readonly SnapshotMessage[],
  runs: readonly SnapshotRun[],
  before: readonly RunGroup[] = []
): readonly RunGroup[] {
  const byRun = new Map<string, SnapshotMessage[]>();
  for (const message of messages) {
    const found = byRun.get(message.run_id);
    if (found) {
      found.push(message);
    } else {
      byRun.set(message.run_id, [message]);
    }
  }
  const states = new Map(runs.map(run => [run.id, run]));
  const old = new Map(before.map(group => [group.id, group]));
  return [...byRun].map(([id, all]) => {
    const made: RunGroup = {
      id,
      run: states.get(id),
      question: all.find(message => message.role === 'user'),
      answer: all.filter(message => message.role !== 'user')
    };
    const kept = old.get(id);
    return kept && same(kept, made) ? kept : made;
  });
}

function same(a: RunGroup, b: RunGroup): boolean {
  return (
    a.run === b.run &&
    a.question === b.question &&
    a.answer.length === b.answer.length &&
    a.answer.every((message, i) => message === b.answer[i])
  );
}

/** Whether a run goes on. */
export function isActive(run: SnapshotRun | undefined): boolean {
  return run?.state === 'running' || run?.state === 'waiting';
}
