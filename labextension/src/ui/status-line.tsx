/** Who is at work, at what, and for how long; when nobody is, what the last answer took. Always 24 px. */
import { useEffect, useRef, useState } from 'react';
import type { SnapshotRun } from '../protocol/types';
import type { ThreadState } from '../state/types';
import { isActive, isHandoff } from './blocks';
import { useT, useThread } from './context';
import { agentName } from './words/agents';
import { modelName } from './words/model';
import { clock, duration } from './words/time';

const CLOCK_FROM_MS = 3000;
const SILENT_FROM_MS = 5000;

export function StatusLine(): JSX.Element {
  const run = useThread(currentRun);
  return (
    <div className="aichat-status">
      {run === undefined ? null : isActive(run) ? <Working run={run} /> : <Rested run={run} />}
    </div>
  );
}

/** The run that goes on, else the last one that has ended. */
function currentRun(state: ThreadState): SnapshotRun | undefined {
  return state.runs.find(isActive) ?? state.runs.filter(run => run.state !== 'queued').pop();
}

function Rested({ run }: { run: SnapshotRun }): JSX.Element {
  const t = useT();
  const tokens = run.usage ? run.usage.input_tokens + run.usage.output_tokens : 0;
  const facts = [
    ...(tokens > 0 ? [t('{n} tokens', { n: tokens })] : []),
    ...(run.duration_ms ? [duration(run.duration_ms, t)] : [])
  ];
  return <span className="aichat-status-words">{facts.join(' · ')}</span>;
}

function Working({ run }: { run: SnapshotRun }): JSX.Element {
  const t = useT();
  const head = useThread(state => state.head);
  const toolRuns = useThread(state => hasRunningTool(state, run.id));
  const stopping = useThread(state => state.cancelling !== undefined && !state.cancelling.error);
  const now = useNow(1000);
  const begun = useBegin(run);
  const lastText = useLastChange(head);
  const agent = run.status?.agent ?? run.speaking?.[run.speaking.length - 1] ?? run.agent ?? 'supervisor';
  const elapsed = now - begun;
  const writing = useThread(state => isWriting(state, run.id, agent));
  const waiting = run.state === 'waiting';
  const silent = !waiting && !toolRuns && now - lastText >= SILENT_FROM_MS;
  const words = stopping
    ? t('Stopping…')
    : waiting
      ? t('Waiting for you')
      : silent
        ? t('Still working: waiting for the model ({model})', { model: modelName(run.model ?? '') })
        : writing
          ? t('Writing…')
          : (run.status?.text ?? t('Working…'));
  return (
    <>
      {run.status?.progress !== undefined && (
        <span
          className="aichat-progress"
          role="progressbar"
          aria-label={t('Progress')}
          aria-valuenow={Math.round(run.status.progress * 100)}
          style={{ inlineSize: `${run.status.progress * 100}%` }}
        />
      )}
      <span className={waiting ? 'aichat-dot aichat-dot-waiting' : 'aichat-dot'} data-agent={agent} />
      <span className="aichat-status-agent" data-agent={agent}>
        {agentName(agent, t)}
      </span>
      <span className={waiting ? 'aichat-status-words aichat-warn' : 'aichat-status-words'}>{words}</span>
      {!waiting && elapsed >= CLOCK_FROM_MS && <span className="aichat-status-clock">{clock(elapsed)}</span>}
    </>
  );
}

/** The agent's newest message grows: it has text, and calls nothing yet. */
function isWriting(state: ThreadState, runId: string, agent: string): boolean {
  const last = state.messages.findLast(message => message.run_id === runId && message.agent === agent);
  return last !== undefined && last.content !== '' && last.parts.length === 0;
}

/** Then the silence is the tool's, and its own words say more. */
function hasRunningTool(state: ThreadState, runId: string): boolean {
  return state.messages.some(
    message =>
      message.run_id === runId &&
      message.parts.some(part => part.type === 'tool' && part.status === 'running' && !isHandoff(part))
  );
}

function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** When the run began, by this clock: a server's clock may be minutes off, so its time is only a hint after a reload. */
function useBegin(run: SnapshotRun): number {
  const begun = useRef<{ id: string; at: number }>();
  if (begun.current?.id !== run.id) {
    const said = Date.parse(run.started_at ?? '');
    const now = Date.now();
    begun.current = { id: run.id, at: said <= now ? said : now };
  }
  return begun.current.at;
}

function useLastChange(value: unknown): number {
  const last = useRef({ value, at: Date.now() });
  if (last.current.value !== value) {
    last.current = { value, at: Date.now() };
  }
  return last.current.at;
}
