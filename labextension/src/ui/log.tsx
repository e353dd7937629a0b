/** The conversation: a document that grows at its end, and stays where the reader holds it. */
import { useRef } from 'react';
import { queuedRuns } from '../state/selectors';
import { groupRuns, type RunGroup } from './blocks';
import { useChatState, useT, useThread } from './context';
import { Dock } from './dock';
import { Empty } from './empty';
import { useFollow } from './follow';
import { RunView } from './run-view';
import { UnsentMessage } from './user-message';

export function Log(): JSX.Element {
  const t = useT();
  const follow = useChatState(state => state.follow);
  const loaded = useThread(state => state.loaded);
  const outbox = useThread(state => state.outbox);
  const groups = useGroups();
  const queue = useThread(queuedRuns);
  const { scroller, content, behind, onScroll, pin, unpin, isPinned } = useFollow(follow);
  const empty = loaded && groups.length === 0 && outbox.length === 0;
  return (
    <div className="aichat-log-frame">
      <div
        ref={scroller}
        role="log"
        aria-label={t('Conversation')}
        aria-live="off"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        className="aichat-log"
        onScroll={onScroll}
        onWheel={event => event.deltaY < 0 && unpin()}
        onClick={event => (event.target as Element).closest('[aria-expanded]') && unpin()}
        onKeyDown={event => {
          if (event.key === 'End' && event.target === event.currentTarget) {
            pin();
          } else if (event.key === 'PageUp' || event.key === 'ArrowUp' || event.key === 'Home') {
            unpin();
          }
        }}
      >
        <div ref={content} className="aichat-log-content">
          {empty && <Empty />}
          {groups.map(group => (
            <RunView
              key={group.id}
              group={group}
              queued={queue.findIndex(run => run.id === group.id) + 1}
              isPinned={isPinned}
            />
          ))}
          {outbox.map(entry => (
            <UnsentMessage key={entry.client_id} entry={entry} />
          ))}
        </div>
      </div>
      {behind && (
        <button type="button" className="aichat-pill" onClick={pin}>
          <span aria-hidden="true">↓</span> {t('New messages')}
        </button>
      )}
      <Dock scroller={scroller} unpin={unpin} />
    </div>
  );
}

function useGroups(): readonly RunGroup[] {
  const messages = useThread(state => state.messages);
  const runs = useThread(state => state.runs);
  const before = useRef<{ messages: unknown; runs: unknown; groups: readonly RunGroup[] }>();
  if (before.current?.messages !== messages || before.current.runs !== runs) {
    before.current = { messages, runs, groups: groupRuns(messages, runs, before.current?.groups) };
  }
  return before.current.groups;
}
