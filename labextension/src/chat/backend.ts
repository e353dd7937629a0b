/** Client and interface put together, the same way in Lab and in the panel. */
import { Api } from '../client/api';
import { browserEnvironment, tabStorage } from '../client/environment';
import type { ServerLocation } from '../client/server';
import { Session } from '../client/session';
import type { Backend } from '../ui/ports';

export interface BackendOptions {
  readonly server: ServerLocation;
  /** Apart for each view: two views of one thread have a draft each. */
  readonly view: string;
  /** Lab brings its own. */
  readonly webSocket?: typeof WebSocket;
}

export function createBackend({ server, view, webSocket }: BackendOptions): Backend {
  const api = new Api(server, (url, init) => fetch(url, init));
  const environment = browserEnvironment(document, webSocket);
  const storage = tabStorage(`jupyter-aichat:${server.url('')}:${view}:`);
  return {
    open: threadId => new Session({ threadId, server, api, environment, storage }),
    threads: options => api.threads(options),
    renameThread: (threadId, title) => api.renameThread(threadId, title),
    deleteThread: threadId => api.deleteThread(threadId),
    restoreThread: threadId => api.restoreThread(threadId),
    artifact: (threadId, artifactId, mime) => api.artifact(threadId, artifactId, mime),
    model: async () => (await api.health()).model,
    connectModel: access => api.connectModel(access),
    disconnectModel: () => api.disconnectModel()
  };
}
