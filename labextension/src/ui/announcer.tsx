/** One polite live region: beginnings, handoffs, questions to the person and endings; never the text itself. */
import { useEffect, useRef, useState } from 'react';
import type { Translate } from '../i18n/translate';
import { pendingApprovals } from '../state/selectors';
import type { ThreadState } from '../state/types';
import { isActive, isHandoff } from './blocks';
import { useSession, useT } from './context';
import { agentName } from './words/agents';
import { failureWords } from './words/failures';

export function Announcer(): JSX.Element {
  const t = useT();
  const session = useSession();
  const [words, setWords] = useState('');
  const before = useRef<ThreadState>(session.getState());
  useEffect(() => {
    before.current = session.getState();
    return session.subscribe(() => {
      const now = session.getState();
      const said = announcement(before.current, now, t);
      before.current = now;
      if (said) {
        setWords(said);
      }
    });
  }, [session, t]);
  return (
    <div role="status" aria-live="polite" className="aichat-hidden">
      {words}
    </div>
  );
}

/** What is worth saying about the way from one state to the next; empty for everything else. */
export function announcement(before: ThreadState, now: ThreadState, t: Translate): string {
  if (!before.loaded || before.id !== now.id || before.head === now.head) {
    return '';
  }
  const said: string[] = [];
  const old = new Map(before.runs.map(run => [run.id, run]));
  for (const run of now.runs) {
    const was = old.get(run.id);
    if (was === run || was?.state === run.state) {
      continue;
    }
    if (isActive(run) && !isActive(was)) {
      said.push(t('The answer begins.'));
    } else if (run.state === 'completed') {
      said.push(t('The answer is complete.'));
    } else if (run.state === 'cancelled') {
      said.push(t('The answer was stopped.'));
    } else if (run.state === 'failed' && run.failure) {
      said.push(failureWords(run.failure, t).sentence);
    }
  }
  const knownHandoffs = new Set(handoffs(before).map(part => part.call_id));
  for (const { call_id, handoff } of handoffs(now)) {
    if (!knownHandoffs.has(call_id)) {
      said.push(t('{agent} takes over: {task}', { agent: agentName(handoff.agent, t), task: handoff.task }));
    }
  }
  if (pendingApprovals(now).length > pendingApprovals(before).length) {
    said.push(t('Your approval is needed.'));
  }
  return said.join(' ');
}

function handoffs(state: ThreadState) {
  return state.messages.flatMap(message =>
    message.parts.flatMap(part => (part.type === 'tool' && isHandoff(part) ? [part] : []))
  );
}
