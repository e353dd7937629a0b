/** The REST side: the list of threads, what the server is, models and keys. */
import type { Snapshot, ThreadView } from '../protocol/types';
import type { ServerLocation } from './server';

/** The browser's `fetch`. Not Lab's `makeRequest`: it would add credentials a second time. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ThreadPage {
  threads: ThreadView[];
  /** Give it as `before` to get the next page. */
  next?: string;
}

export interface Plugin {
  name: string;
  kind: string;
  /** "ok", or what is wrong with it. */
  status: string;
  error?: string;
  /** The package it comes from. */
  source?: string;
}

export interface ModelInUse {
  /** "provider:name" */
  id: string;
  provider: string;
  url?: string;
  /** Why this one was chosen, in words (English). */
  reason: string;
  /** Rules instead of a model. */
  offline: boolean;
  /** Nothing leaves this machine. */
  local?: boolean;
  /** The person has connected it, and can go back. */
  connected?: boolean;
}

export interface Health {
  status: string;
  version: string;
  protocol: number;
  model: ModelInUse;
  store: { url: string; status: string; warnings?: string[] };
  plugins: Plugin[];
  runs: number;
  sockets: number;
}

export interface Model {
  id: string;
  provider: string;
  label: string;
}

export interface Models {
  /** Id of the one that answers when a message names none. */
  current: string;
  /** Those that its server offers. */
  models: Model[];
}

export interface Agent {
  name: string;
  description: string;
  tools: string[];
  source: string;
}

/** Where a model is and how to get in; at least one of them. The key goes to the server and never comes back. */
export interface ModelAccess {
  base_url?: string;
  /** Its name at the provider. */
  model?: string;
  api_key?: string;
}

/** The server refused, or could not be reached (`status` 0). */
export class ApiError extends Error {
  constructor(
    message: string,
    /** HTTP status; 0 if there was no answer. */
    readonly status: number,
    /** The wire's word for the reason, where the server gave one. */
    readonly code: string | undefined,
    readonly retryable: boolean
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

export class Api {
  constructor(
    private readonly server: ServerLocation,
    private readonly fetch: Fetch
  ) {}

  /** Newest first, this server root's first. `query` searches titles and messages. */
  threads(options: { query?: string; limit?: number; before?: string } = {}): Promise<ThreadPage> {
    const { query, limit, before } = options;
    const search = new URLSearchParams();
    if (query) {
      search.set('q', query);
    }
    if (limit !== undefined) {
      search.set('limit', String(limit));
    }
    if (before) {
      search.set('before', before);
    }
    return this.request('GET', search.size > 0 ? `threads?${search}` : 'threads');
  }

  createThread(title?: string): Promise<ThreadView> {
    return this.request('POST', 'threads', title ? { title } : {});
  }

  thread(id: string): Promise<Snapshot> {
    return this.request('GET', thread(id));
  }

  renameThread(id: string, title: string): Promise<ThreadView> {
    return this.request('PATCH', thread(id), { title });
  }

  pinThread(id: string, pinned: boolean): Promise<ThreadView> {
    return this.request('PATCH', thread(id), { pinned });
  }

  /** Can be undone for 7 days. */
  async deleteThread(id: string): Promise<void> {
    await this.request('DELETE', thread(id));
  }

  restoreThread(id: string): Promise<ThreadView> {
    return this.request('POST', `${thread(id)}/restore`, {});
  }

  /** One form of an artifact that is too large for the log. */
  async artifact(threadId: string, artifactId: string, mime: string): Promise<Blob> {
    const search = new URLSearchParams({ mime });
    const path = `${thread(threadId)}/artifacts/${encodeURIComponent(artifactId)}?${search}`;
    return (await this.answer('GET', path)).blob();
  }

  health(): Promise<Health> {
    return this.request('GET', 'health');
  }

  models(): Promise<Models> {
    return this.request('GET', 'models');
  }

  async agents(): Promise<Agent[]> {
    return (await this.request<{ agents: Agent[] }>('GET', 'agents')).agents;
  }

  /** Connect a model; works at once, without a restart. The answer is what answers from now on. */
  async connectModel(access: ModelAccess): Promise<ModelInUse> {
    return (await this.request<{ current: ModelInUse }>('PUT', 'models/credentials', access)).current;
  }

  /** Forget what was connected: the server's own settings decide again. */
  async disconnectModel(): Promise<ModelInUse> {
    return (await this.request<{ current: ModelInUse }>('DELETE', 'models/credentials')).current;
  }

  private async request<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await this.answer(method, path, body);
    if (response.status === 204) {
      return undefined as T;
    }
    try {
      return (await response.json()) as T;
    } catch {
      // A login page in place of the answer
      throw new ApiError(
        'The Jupyter server did not answer with JSON; are you still logged in?',
        403,
        undefined,
        false
      );
    }
  }

  private async answer(method: string, path: string, body?: object): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json', ...this.server.headers() };
    if (body !== undefined) {
      headers['Content-Type'] = 'application/json';
    }
    const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
    let response: Response;
    try {
      response = await this.fetch(
        this.server.url(path),
        body === undefined ? init : { ...init, body: JSON.stringify(body) }
      );
    } catch (error) {
      throw new ApiError(`The Jupyter server does not answer (${String(error)}).`, 0, undefined, true);
    }
    if (!response.ok) {
      throw await refused(response);
    }
    return response;
  }
}

function thread(id: string): string {
  return `threads/${encodeURIComponent(id)}`;
}

async function refused(response: Response): Promise<ApiError> {
  let body: { error?: unknown; message?: unknown; code?: unknown; retryable?: unknown } = {};
  try {
    body = Object(await response.json());
  } catch {
    // Jupyter's own error pages are HTML
  }
  const { error, message, code, retryable } = body;
  const text = typeof error === 'string' ? error : typeof message === 'string' ? message : '';
  return new ApiError(
    text || `The Jupyter server answered ${response.status} ${response.statusText}.`,
    response.status,
    typeof code === 'string' ? code : undefined,
    typeof retryable === 'boolean' ? retryable : response.status >= 500
  );
}
