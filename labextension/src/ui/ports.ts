/** What the interface needs from outside: a server to ask, surroundings to act on, a place to remember things. */
import type { Language } from '../i18n/translate';
import type { Notebook, ThreadView } from '../protocol/types';
import type { ThreadSession } from '../state/types';
import type { IconSet } from './icon-names';
import type { Readable } from './readable';

/** The model that answers, and why it was chosen. */
export interface ModelInUse {
  /** "provider:name" */
  readonly id: string;
  readonly provider: string;
  readonly url?: string;
  /** Why this one was chosen, in words (English). */
  readonly reason: string;
  /** Rules instead of a model. */
  readonly offline: boolean;
  /** The person has connected it, and can go back. */
  readonly connected?: boolean;
}

export interface ThreadPage {
  readonly threads: readonly ThreadView[];
  readonly next?: string;
}

/** What a person enters to connect a model. The key goes to the server and never comes back. */
export interface ModelAccess {
  readonly api_key?: string;
  readonly base_url?: string;
  readonly model?: string;
}

/** The server's side of the chat: the REST client and the factory of sessions, seen from here. */
export interface Backend {
  /** The thread, live. Opening an id nobody has used yet is how a new thread begins. */
  open(threadId: string): ThreadSession;
  threads(options: { query?: string; before?: string }): Promise<ThreadPage>;
  renameThread(threadId: string, title: string): Promise<unknown>;
  deleteThread(threadId: string): Promise<unknown>;
  restoreThread(threadId: string): Promise<unknown>;
  /** One form of an artifact that is kept apart from the thread, because it is large. */
  artifact(threadId: string, artifactId: string, mime: string): Promise<Blob>;
  model(): Promise<ModelInUse>;
  /** Answers with what is in use from now on; throws the server's sentence. */
  connectModel(access: ModelAccess): Promise<ModelInUse>;
  disconnectModel(): Promise<ModelInUse>;
}

export interface Preferences {
  /** Enter sends and Shift+Enter makes a new line; otherwise Enter makes a new line and Ctrl/⌘+Enter sends. */
  readonly sendWithEnter: boolean;
}

export interface EditorOptions {
  readonly text: string;
  /** As highlighters name it: "python", "sql", "markdown", …; "" for plain text. */
  readonly language: string;
  /** What a screen reader calls it. */
  readonly label: string;
  /** The text can be changed, and gets the cursor; without it, it can only be read. */
  readonly onChange?: (text: string) => void;
}

/** Where the chat stands: JupyterLab's sidebar, or a panel between the cells. */
export interface Host {
  readonly place: 'sidebar' | 'panel';
  readonly language: Language;
  readonly icons: IconSet;
  readonly preferences: Readable<Preferences>;
  /** The notebook that is open beside the chat, if any. */
  readonly notebook: Readable<Notebook | null>;
  /** Put text into a new cell below the active one, so that undo takes it back. Offered while a notebook is open. */
  readonly insertCell?: (source: string, type?: 'code' | 'markdown') => void;
  /** Open a notebook at a cell. */
  readonly showCell?: (notebook: string, cellId: string) => void;
  /** Show code in a real editor inside of `place`. Returns how to remove it. Without it, code is plain text. */
  readonly mountEditor?: (place: HTMLElement, options: EditorOptions) => () => void;
  /** Open a file or notebook of the server. */
  readonly openPath?: (path: string) => void;
  /** Paths of tables (CSV, Parquet, Excel) a person may want to ask about, nearest first. */
  readonly suggestFiles?: () => Promise<readonly string[]>;
}

/** Small texts that outlive the page, such as which thread was open. Never keys, never answers. */
export interface Memory {
  get(name: string): string | null;
  set(name: string, value: string | null): void;
}

/** The browser's storage, apart for each server; a page that may not store simply forgets. */
export function browserMemory(server: string, storage: () => Storage = () => window.localStorage): Memory {
  const key = (name: string) => `jupyter-aichat:${server}:${name}`;
  return {
    get: name => {
      try {
        return storage().getItem(key(name));
      } catch {
        return null;
      }
    },
    set: (name, value) => {
      try {
        if (value === null) {
          storage().removeItem(key(name));
        } else {
          storage().setItem(key(name), value);
        }
      } catch {
        // Storage is full or forbidden: the chat works without it
      }
    }
  };
}
