/**
 * Fold: from frames to what a thread shows. Pure. The twin is `jupyter_aichat/runs/fold.py`; both are compared over
 * `tests/transcripts/`.
 *
 * Frames that come together are folded together: what they touch is copied once, everything else stays the same object,
 * so that a token costs the same in a long thread as in a short one.
 */
import type { Incoming, SkippedEvent } from '../protocol/codec';
import { isEvent } from '../protocol/codec';
import type {
  ApprovalPart,
  ArtifactPart,
  Event,
  NotebookPart,
  RunQueued,
  RunStart,
  Snapshot,
  SnapshotMessage,
  SnapshotRun,
  ToolPart,
  UsageTotal
} from '../protocol/types';
import { assign, Draft, type Fold, type Part } from './draft';
import { place } from './position';

export type RunState = SnapshotRun['state'];
export type { Fold, Part } from './draft';

/** The fold of nothing. */
export function emptyFold(threadId: string): Fold {
  return foldFrom({ id: threadId, title: '', epoch: '', head: 0, messages: [], runs: [] });
}

/** The fold that a snapshot stands for. */
export function foldFrom(snapshot: Snapshot): Fold {
  const clock: Record<string, string> = {};
  for (const run of snapshot.runs) {
    if (!hasEnded(run.state)) {
      clock[run.id] = run.started_at ?? '';
    }
  }
  for (const { run_id, created_at } of snapshot.messages) {
    const known = clock[run_id];
    if (known !== undefined && created_at > known) {
      clock[run_id] = created_at;
    }
  }
  return { snapshot, clock, gap: false };
}

/** The fold with one more frame in it. */
export function reduce(fold: Fold, frame: Incoming): Fold {
  return reduceAll(fold, [frame]);
}

/** The fold with these frames in it, in order. The same object if they change nothing. */
export function reduceAll(fold: Fold, frames: readonly Incoming[]): Fold {
  let draft = new Draft(fold);
  for (const frame of frames) {
    if (isEvent(frame)) {
      take(draft, frame);
    } else if (frame.event_type === 'reset') {
      draft = new Draft(foldFrom(frame.data.snapshot), true);
    }
  }
  return draft.finish();
}

export function hasEnded(state: RunState): boolean {
  return state === 'completed' || state === 'cancelled' || state === 'failed';
}

function take(draft: Draft, event: Event | SkippedEvent): void {
  switch (place(draft.snapshot.head, event)) {
    case 'old':
      return;
    case 'gap':
      draft.findGap();
      return;
    case 'next':
      draft.advance(event.seq);
  }
  if (event.event_type === 'skipped') {
    return;
  }
  if (event.event_type === 'title') {
    draft.thread().title = event.data.title;
    return;
  }
  const { run_id } = event;
  if (!draft.snapshot.runs.some(run => run.id === run_id)) {
    if (event.event_type !== 'run_queued' && event.event_type !== 'run_start') {
      return; // the log never has this; a reader does not fall over it
    }
    draft.addRun({ id: run_id, state: 'queued', message_id: event.data.message.id });
  }
  if ('time' in event) {
    draft.setTime(run_id, event.time);
  }
  apply(draft, event);
}

function apply(draft: Draft, event: Exclude<Event, { event_type: 'title' }>): void {
  const { run_id } = event;
  switch (event.event_type) {
    case 'run_queued':
      question(draft, run_id, event.data);
      break;
    case 'run_start': {
      const { message, agent, model } = event.data;
      if (draft.find(message.id) < 0) {
        question(draft, run_id, event.data);
      }
      setState(draft, run_id, 'running');
      assign(draft.run(run_id), { agent, model, speaking: [agent], started_at: event.time });
      break;
    }
    case 'plan':
      assign(draft.run(run_id), { plan: event.data.steps.length > 0 ? event.data.steps : undefined });
      break;
    case 'agent_change': {
      const { agent, path, task, reason, call_id } = event.data;
      draft.run(run_id).speaking = path;
      if (call_id !== undefined && task !== undefined) {
        const handoff = { agent, path, task, ...(reason === undefined ? {} : { reason }) };
        draft.edit(run_id, isCall(call_id), tool => ({ ...tool, handoff }));
      }
      break;
    }
    case 'status':
      draft.run(run_id).status = event.data;
      break;
    case 'reasoning': {
      const message = answer(draft, run_id, event.data.message_id, event.data.agent);
      assign(message, { reasoning: (message.reasoning ?? '') + event.data.token || undefined });
      break;
    }
    case 'token':
      answer(draft, run_id, event.data.message_id, event.data.agent).content += event.data.token;
      break;
    case 'tool_start': {
      const { tool, agent, message_id } = event.data;
      append(draft, run_id, message_id, agent, { type: 'tool', ...tool, agent, status: 'running' });
      break;
    }
    case 'tool_output': {
      const { call_id, text } = event.data;
      draft.edit(run_id, isCall(call_id), tool => ({ ...tool, stdout: (tool.stdout ?? '') + text }));
      break;
    }
    case 'tool_end': {
      const { tool, duration_ms } = event.data;
      const { status, output } = tool;
      draft.edit(run_id, isCall(tool.call_id), part => assign({ ...part, status, output }, { duration_ms }));
      break;
    }
    case 'artifact':
      attach(draft, run_id, { type: 'artifact', ...event.data });
      break;
    case 'approval_request':
      attach(draft, run_id, { type: 'approval', ...event.data });
      setState(draft, run_id, 'waiting');
      break;
    case 'approval_end': {
      const { approval_id, decision, scope, reason } = event.data;
      draft.edit(run_id, isApproval(approval_id), part =>
        assign({ ...part, decision }, { scope: scope ?? part.scope, reason: reason ?? part.reason })
      );
      if (!hasPendingApproval(draft, run_id) && draft.run(run_id).state === 'waiting') {
        setState(draft, run_id, 'running');
      }
      break;
    }
    case 'kernel_changes':
      draft.run(run_id).changes = event.data;
      break;
    case 'notebook_action':
      attach(draft, run_id, { type: 'notebook', ...event.data });
      break;
    case 'notebook_result': {
      const { action_id, status, result } = event.data;
      draft.edit(run_id, isNotebookAction(action_id), part => assign({ ...part, status }, { result }));
      break;
    }
    case 'summary':
      break;
    case 'usage': {
      const run = draft.run(run_id);
      run.usage = added(run.usage, event.data);
      break;
    }
    case 'done':
      close(draft, run_id, event.data.outcome, event.time);
      draft.run(run_id).duration_ms = event.data.duration_ms;
      break;
    case 'error':
      close(draft, run_id, 'failed', event.time);
      draft.run(run_id).failure = event.data;
      break;
    default:
      event satisfies never;
  }
}

function question(draft: Draft, run_id: string, { message, client_id }: RunQueued | RunStart): void {
  const { id, content, context } = message;
  const created_at = draft.time(run_id);
  const question: SnapshotMessage = { id, role: 'user', content, parts: [], run_id, created_at };
  draft.addMessage(assign(question, { context, client_id }));
}

function close(draft: Draft, runId: string, state: RunState, time: string): void {
  setState(draft, runId, state);
  assign(draft.run(runId), { ended_at: time, status: undefined, speaking: undefined });
  draft.forgetTime(runId);
  draft.snapshot.messages.forEach((message, at) => {
    if (message.run_id === runId && message.parts.some(isRunning)) {
      draft.message(at).parts = message.parts.map(part =>
        isRunning(part) ? { ...part, status: 'cancelled' } : part
      );
    }
  });
}

function setState(draft: Draft, runId: string, state: RunState): void {
  draft.run(runId).state = state;
  const current = draft.snapshot.runs.find(run => run.state === 'running' || run.state === 'waiting');
  assign(draft.thread(), { run_id: current?.id });
}

function hasPendingApproval(draft: Draft, runId: string): boolean {
  const isPending = (part: Part) => part.type === 'approval' && part.decision === undefined;
  return draft.snapshot.messages.some(m => m.run_id === runId && m.parts.some(isPending));
}

/** The part goes to the message that owns its call, else to the agent's last one, else to a new one. */
function attach(draft: Draft, runId: string, part: ApprovalPart | ArtifactPart | NotebookPart): void {
  const { call_id, agent } = part;
  const owner = call_id === undefined ? -1 : draft.findPart(runId, isCall(call_id))[0];
  const { messages } = draft.snapshot;
  const last = messages.findLast(m => m.run_id === runId && m.role === 'assistant' && m.agent === agent);
  const message = messages[owner] ?? last;
  append(draft, runId, message?.id ?? `${runId}-a`, message?.agent ?? agent, part);
}

function append(draft: Draft, runId: string, messageId: string, agent: string, part: Part): void {
  const message = answer(draft, runId, messageId, agent);
  message.parts = [...message.parts, part];
}

/** The message with this id, to change; made if it is new. */
function answer(draft: Draft, run_id: string, id: string, agent: string): SnapshotMessage {
  const at = draft.find(id);
  if (at >= 0) {
    return draft.message(at);
  }
  const created_at = draft.time(run_id);
  return draft.addMessage({ id, role: 'assistant', agent, content: '', parts: [], run_id, created_at });
}

function added(total: UsageTotal | undefined, more: UsageTotal): UsageTotal {
  const { input_tokens = 0, output_tokens = 0, cost } = total ?? {};
  const sum = {
    input_tokens: input_tokens + more.input_tokens,
    output_tokens: output_tokens + more.output_tokens
  };
  return cost === undefined && more.cost === undefined
    ? sum
    : { ...sum, cost: (cost ?? 0) + (more.cost ?? 0) };
}

function isCall(callId: string) {
  return (part: Part): part is ToolPart => part.type === 'tool' && part.call_id === callId;
}

function isApproval(id: string) {
  return (part: Part): part is ApprovalPart => part.type === 'approval' && part.approval_id === id;
}

function isNotebookAction(id: string) {
  return (part: Part): part is NotebookPart => part.type === 'notebook' && part.action_id === id;
}

function isRunning(part: Part): part is ToolPart {
  return part.type === 'tool' && part.status === 'running';
}
