/** The whole chat on a page, with a person's hands: found by role and name, as a person finds it. */
import { act, cleanup, fireEvent, render, screen } from '@testing-library/react';
import { afterEach } from 'vitest';
import { Chat } from '../chat';
import { ChatModel } from '../chat-model';
import { FakeBackend, FakeHost, type FakeSession, memory } from './fakes';

afterEach(cleanup);

export interface Setup {
  readonly host?: (host: FakeHost) => void;
  readonly backend?: (backend: FakeBackend) => void;
}

export async function openChat(setup: Setup = {}) {
  const backend = new FakeBackend();
  const host = new FakeHost();
  setup.backend?.(backend);
  setup.host?.(host);
  const model = new ChatModel(backend, memory(), { threadId: 't1', searchDelay: 0 });
  model.language = host.language;
  await act(async () => void render(<Chat model={model} host={host} />));
  const session = () => model.session as FakeSession;
  return {
    backend,
    host,
    model,
    session,
    /** Something happens; all of the screen follows. */
    change: (part: Parameters<FakeSession['change']>[0]) => act(() => session().change(part)),
    composer: () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: /^(Message|메시지)$/ })
  };
}

export function type(field: HTMLElement, text: string): void {
  fireEvent.change(field, { target: { value: text } });
}

/** Press and wait for what comes of it. */
export async function press(name: string | RegExp, role = 'button'): Promise<void> {
  await act(async () => void fireEvent.click(screen.getByRole(role, { name })));
}

export const button = (name: string | RegExp) => screen.queryByRole<HTMLButtonElement>('button', { name });
