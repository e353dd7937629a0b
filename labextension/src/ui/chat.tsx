/** The chat: all regions, top to bottom. One root for the sidebar and for the panel between the cells. */
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Connection } from '../state/types';
import { Announcer } from './announcer';
import { Banner } from './banner';
import type { ChatModel } from './chat-model';
import { Composer } from './composer';
import { ChatProvider, useHost, useSession, useThread } from './context';
import { Header } from './header';
import { Log } from './log';
import { PlanLine } from './plan';
import type { Host } from './ports';
import { StatusLine } from './status-line';
import { ThreadColumn } from './threads';
import { Unavailable } from './unavailable';

export function Chat({ model, host }: { model: ChatModel; host: Host }): JSX.Element {
  return (
    <ChatProvider model={model} host={host}>
      <Root />
    </ChatProvider>
  );
}

/** The list of threads stands beside the conversation from this width on, in px. */
const WIDE = 720;

function Root(): JSX.Element {
  const { place, language } = useHost();
  const { threadId } = useSession();
  const root = useRef<HTMLDivElement>(null);
  const wide = useWiderThan(WIDE, root);
  const loaded = useThread(state => state.loaded);
  const blocked = useThread(state => isBlocked(state.connection));
  return (
    // Keys typed here are not Lab's shortcuts
    <div ref={root} className="aichat" data-place={place} data-lm-suppress-shortcuts="true" lang={language}>
      <div className="aichat-frame">
        {wide && place === 'sidebar' && !blocked && <ThreadColumn />}
        <div className="aichat-main">
          <Header />
          <Banner />
          <PlanLine />
          {blocked && !loaded ? <Unavailable /> : <Log key={`log ${threadId}`} />}
          <StatusLine />
          {!blocked ? <Composer key={`composer ${threadId}`} /> : loaded && <Unavailable />}
        </div>
      </div>
      <Announcer />
    </div>
  );
}

/** Nothing can be sent until somebody does something about it. */
function isBlocked(connection: Connection): boolean {
  return (
    connection === 'absent' ||
    connection === 'mismatch' ||
    connection === 'refused' ||
    connection === 'deleted'
  );
}

function useWiderThan(width: number, ref: RefObject<HTMLElement>): boolean {
  const [wider, setWider] = useState(false);
  useEffect(() => {
    if (!ref.current || typeof ResizeObserver === 'undefined') {
      return undefined;
    }
    const observer = new ResizeObserver(([entry]) => setWider((entry?.contentRect.width ?? 0) >= width));
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [width, ref]);
  return wider;
}
