/** What the client needs of its surroundings, so that tests run without a browser, a network or real time. */

/** The part of a `WebSocket` that is used. */
export interface WebSocketLike {
  onopen: ((event: Event) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  send(text: string): void;
  close(code?: number): void;
}

/** Stops what it was given for; harmless afterwards. */
export type Cancel = () => void;

export interface Environment {
  openSocket(url: string): WebSocketLike;
  /** In ms since 1970. */
  now(): number;
  after(ms: number, callback: () => void): Cancel;
  /** Before the next picture is drawn; soon, if none is drawn because the tab is hidden. */
  nextFrame(callback: () => void): Cancel;
  /** 0 … 1 */
  random(): number;
  /** An id that nobody else makes. */
  newId(): string;
  /** What the browser says; a server on this machine answers all the same. */
  isOnline(): boolean;
  /** There may be a network again: the browser says so, or somebody looks at the page again. */
  onReturn(listener: () => void): Cancel;
}

/** Small texts that outlive a reload of the page. */
export interface Storage {
  get(name: string): string | null;
  set(name: string, value: string | null): void;
}

/** How long a hidden tab, where no picture is drawn, waits until it catches up. */
const HIDDEN_FRAME = 250;

/** The browser this page stands in. */
export function browserEnvironment(page: Document = document, webSocket = WebSocket): Environment {
  const view = page.defaultView ?? window;
  return {
    openSocket: url => new webSocket(url),
    now: () => Date.now(),
    after,
    nextFrame: callback => {
      // Whichever comes first: a hidden tab draws nothing, and one may be hidden after the request was made
      const stop = () => {
        cancelAnimationFrame(request);
        stopTimer();
      };
      const run = () => {
        stop();
        callback();
      };
      const request = requestAnimationFrame(run);
      const stopTimer = after(HIDDEN_FRAME, run);
      return stop;
    },
    random: Math.random,
    newId: () =>
      // randomUUID is missing on plain http
      Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join(
        ''
      ),
    isOnline: () => view.navigator.onLine,
    onReturn: listener => {
      const seen = () => {
        if (page.visibilityState === 'visible') {
          listener();
        }
      };
      view.addEventListener('online', listener);
      page.addEventListener('visibilitychange', seen);
      return () => {
        view.removeEventListener('online', listener);
        page.removeEventListener('visibilitychange', seen);
      };
    }
  };
}

function after(ms: number, callback: () => void): Cancel {
  const timer = setTimeout(callback, ms);
  return () => clearTimeout(timer);
}

/**
 * The tab's own storage: it survives a reload and dies with the tab, so that nothing typed long ago is sent by surprise.
 * A page that may not store forgets.
 */
export function tabStorage(prefix: string): Storage {
  return {
    get: name => {
      try {
        return sessionStorage.getItem(prefix + name);
      } catch {
        return null;
      }
    },
    set: (name, value) => {
      try {
        if (value === null) {
          sessionStorage.removeItem(prefix + name);
        } else {
          sessionStorage.setItem(prefix + name, value);
        }
      } catch {
        // Full or forbidden
      }
    }
  };
}
