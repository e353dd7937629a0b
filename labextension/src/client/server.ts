/** Where the Jupyter server is, seen from JupyterLab and from a page that only holds a widget. */

/** A server, and how to speak to it. The login cookie is enough on the same host; a token is never put into a URL there. */
export interface ServerLocation {
  /** Address of a REST route below `api/aichat/`. */
  url(path: string): string;
  /** Address of a thread's socket. */
  socketUrl(threadId: string, query: Readonly<Record<string, string>>): string;
  /** What a REST request must carry: the XSRF cookie's value, and the token for another host. */
  headers(): Record<string, string>;
}

/** What `@jupyterlab/services` knows of its server; a structural part of `ServerConnection.ISettings`. */
export interface LabServerSettings {
  readonly baseUrl: string;
  readonly wsUrl: string;
  readonly token: string;
  readonly appendToken: boolean;
}

interface Parts {
  readonly base: URL;
  readonly socket: URL;
  readonly token: string;
  /** Another host does not get our cookie. */
  readonly foreign: boolean;
  readonly cookies: () => string;
}

/** The server of JupyterLab or Notebook 7: `app.serviceManager.serverSettings`. */
export function labServer(settings: LabServerSettings, page: Document = document): ServerLocation {
  return location({
    base: directory(settings.baseUrl, page),
    socket: directory(settings.wsUrl, page),
    token: settings.token,
    foreign: settings.appendToken,
    cookies: () => page.cookie
  });
}

/**
 * The server of the page a widget stands in; `null` where the page is not a Jupyter server's (VS Code, Colab, a
 * static export).
 */
export function pageServer(page: Document = document): ServerLocation | null {
  const found = pageConfig(page);
  if (!found) {
    return null;
  }
  const base = directory(found.baseUrl, page);
  const socket = directory(found.wsUrl || found.baseUrl, page);
  const foreign = socket.host !== page.location.host;
  return location({ base, socket, token: found.token, foreign, cookies: () => page.cookie });
}

function pageConfig(page: Document): { baseUrl: string; wsUrl: string; token: string } | null {
  const config = page.getElementById('jupyter-config-data')?.textContent;
  if (config) {
    let read: Record<string, unknown>;
    try {
      read = Object(JSON.parse(config));
    } catch {
      return null;
    }
    return { baseUrl: text(read.baseUrl) || '/', wsUrl: text(read.wsUrl), token: text(read.token) };
  }
  const { baseUrl, jupyterApiToken } = page.body?.dataset ?? {}; // nbclassic
  return baseUrl ? { baseUrl, wsUrl: '', token: jupyterApiToken ?? '' } : null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function location({ base, socket, token, foreign, cookies }: Parts): ServerLocation {
  const wsBase = new URL(socket);
  wsBase.protocol = socket.protocol.replace('http', 'ws');
  return {
    url: path => new URL(`api/aichat/${path}`, base).toString(),
    socketUrl: (threadId, query) => {
      const url = new URL(`api/aichat/ws/${encodeURIComponent(threadId)}`, wsBase);
      for (const [name, value] of Object.entries(query)) {
        url.searchParams.set(name, value);
      }
      if (foreign && token) {
        url.searchParams.set('token', token);
      }
      return url.toString();
    },
    headers: () => {
      // The last one, if there are several: it is the one that Tornado reads
      const xsrf = [...cookies().matchAll(/(?:^|;\s*)_xsrf=([^;]*)/g)].at(-1)?.[1];
      return {
        ...(xsrf ? { 'X-XSRFToken': xsrf } : {}),
        ...(token ? { Authorization: `token ${token}` } : {})
      };
    }
  };
}

function directory(address: string, page: Document): URL {
  const url = new URL(address, page.location.href);
  if (!url.pathname.endsWith('/')) {
    url.pathname += '/';
  }
  url.search = '';
  url.hash = '';
  return url;
}
