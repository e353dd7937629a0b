/** What every component may ask for: the surroundings, the language, the chat as a whole, and this thread. */
import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from 'react';
import { type Translate, translator } from '../i18n/translate';
import type { ThreadSession, ThreadState } from '../state/types';
import type { ChatModel, ChatState } from './chat-model';
import type { Host } from './ports';
import { Typing } from './typing';

interface Chat {
  readonly model: ChatModel;
  readonly host: Host;
  readonly t: Translate;
  readonly typing: Typing;
}

const ChatContext = createContext<Chat | null>(null);

export function ChatProvider(props: { model: ChatModel; host: Host; children: ReactNode }): JSX.Element {
  const { model, host, children } = props;
  const chat = useMemo(
    () => ({ model, host, t: translator(host.language), typing: new Typing() }),
    [model, host]
  );
  return <ChatContext.Provider value={chat}>{children}</ChatContext.Provider>;
}

function useChat(): Chat {
  const chat = useContext(ChatContext);
  if (!chat) {
    throw new Error('A component of the chat stands outside of ChatProvider.');
  }
  return chat;
}

export const useT = (): Translate => useChat().t;
export const useHost = (): Host => useChat().host;
export const useTyping = (): Typing => useChat().typing;
export const useChatModel = (): ChatModel => useChat().model;

/** The chat's state; the component is drawn again only when `select` gives something else. */
export function useChatState<T>(select: (state: ChatState) => T): T {
  const { model } = useChat();
  return useSyncExternalStore(model.subscribe, () => select(model.getState()));
}

export const useSession = (): ThreadSession => useChatState(state => state.session);

/** The open thread's state; drawn again only when `select` gives something else. */
export function useThread<T>(select: (state: ThreadState) => T): T {
  const session = useSession();
  return useSyncExternalStore(session.subscribe, () => select(session.getState()));
}
