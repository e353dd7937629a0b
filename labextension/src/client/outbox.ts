/** Messages that do not stand in the log yet, and the text that was not sent. Both survive a reload of the page. */
import type { Message } from '../protocol/types';
import type { OutboxEntry, Refusal } from '../state/types';
import type { Storage } from './environment';

export class Outbox {
  private list: readonly OutboxEntry[];

  constructor(
    private readonly threadId: string,
    private readonly storage: Storage | undefined
  ) {
    this.list = restored(storage?.get(this.name('outbox')) ?? null);
  }

  /** In the order in which they were sent. A new list after each change. */
  get entries(): readonly OutboxEntry[] {
    return this.list;
  }

  get draft(): string {
    return this.storage?.get(this.name('draft')) ?? '';
  }

  set draft(text: string) {
    this.storage?.set(this.name('draft'), text === '' ? null : text);
  }

  add(message: Message & { client_id: string }, now: number): OutboxEntry {
    const entry: OutboxEntry = {
      client_id: message.client_id,
      state: 'waiting',
      message,
      created_at: new Date(now).toISOString()
    };
    this.set([...this.list, entry]);
    return entry;
  }

  find(clientId: string): OutboxEntry | undefined {
    return this.list.find(entry => entry.client_id === clientId);
  }

  mark(clientId: string, state: 'waiting' | 'sending'): void {
    this.change(clientId, ({ error: _, ...entry }) => ({ ...entry, state }));
  }

  /** The connection is lost: what was on its way waits for the next one. */
  hold(): void {
    for (const { client_id, state } of this.list) {
      if (state === 'sending') {
        this.mark(client_id, 'waiting');
      }
    }
  }

  refuse(clientId: string, error: Refusal): void {
    this.change(clientId, entry => ({ ...entry, state: 'refused', error }));
  }

  /** These stand in the log now, or are not wanted any more. */
  remove(clientIds: ReadonlySet<string>): void {
    if (this.list.some(entry => clientIds.has(entry.client_id))) {
      this.set(this.list.filter(entry => !clientIds.has(entry.client_id)));
    }
  }

  private change(clientId: string, change: (entry: OutboxEntry) => OutboxEntry): void {
    this.set(this.list.map(entry => (entry.client_id === clientId ? change(entry) : entry)));
  }

  private set(list: readonly OutboxEntry[]): void {
    this.list = list;
    this.storage?.set(this.name('outbox'), list.length === 0 ? null : JSON.stringify(list));
  }

  private name(kind: string): string {
    return `${kind}:${this.threadId}`;
  }
}

/** What a page that is gone has left. What was on its way may or may not have arrived: it is sent again, as the same. */
function restored(text: string | null): OutboxEntry[] {
  if (text === null) {
    return [];
  }
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list)
      ? list
          .filter(isEntry)
          .map(entry => (entry.state === 'sending' ? { ...entry, state: 'waiting' as const } : entry))
      : [];
  } catch {
    return []; // somebody else's, or half of it
  }
}

function isEntry(value: unknown): value is OutboxEntry {
  const { client_id, message, state } = Object(value) as Partial<OutboxEntry>;
  return (
    typeof client_id === 'string' &&
    typeof message?.message === 'string' &&
    message.client_id === client_id &&
    (state === 'waiting' || state === 'sending' || state === 'refused')
  );
}
