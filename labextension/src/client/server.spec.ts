// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { labServer, pageServer } from './server';

const position = { after: '16', epoch: 'e 1' };

function page(html: string, attributes: Record<string, string> = {}): void {
  document.body.innerHTML = html;
  for (const name of document.body.getAttributeNames()) {
    document.body.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(attributes)) {
    document.body.setAttribute(name, value);
  }
}

function config(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `<script id="jupyter-config-data" type="application/json">${text}</script>`;
}

beforeEach(() => {
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(
    'http://hub:8000/user/me/lab/tree/a.ipynb?reset'
  );
  page('');
});

describe('the server of JupyterLab', () => {
  const settings = {
    baseUrl: 'http://hub:8000/user/me/',
    wsUrl: 'ws://hub:8000/user/me/',
    token: 'secret',
    appendToken: false
  };

  it('is below its base URL; the socket gets no token where the cookie is enough', () => {
    const server = labServer(settings);
    expect(server.url('threads?q=x')).toBe('http://hub:8000/user/me/api/aichat/threads?q=x');
    expect(server.socketUrl('a-b_1', position)).toBe(
      'ws://hub:8000/user/me/api/aichat/ws/a-b_1?after=16&epoch=e+1'
    );
  });

  it('gets a token where it is another host', () => {
    const server = labServer({ ...settings, wsUrl: 'wss://elsewhere/base', appendToken: true });
    expect(server.socketUrl('t', {})).toBe('wss://elsewhere/base/api/aichat/ws/t?token=secret');
  });

  it('gets the token and the XSRF cookie with each request, the one that Tornado reads', () => {
    const holding = (cookie: string) => ({ cookie, location: document.location }) as Document;
    expect(labServer(settings, holding('_xsrf=2|abc|def')).headers()).toEqual({
      Authorization: 'token secret',
      'X-XSRFToken': '2|abc|def'
    });
    const several = holding('a=1; _xsrf=hub; not_xsrf=3; _xsrf=mine');
    expect(labServer({ ...settings, token: '' }, several).headers()).toEqual({ 'X-XSRFToken': 'mine' });
  });
});

describe('the server of a page', () => {
  it('is in the configuration of Lab and Notebook 7', () => {
    page(config({ baseUrl: '/user/me/', token: 'secret', wsUrl: '' }));
    const server = pageServer();
    expect(server?.url('health')).toBe('http://hub:8000/user/me/api/aichat/health');
    expect(server?.socketUrl('t', {})).toBe('ws://hub:8000/user/me/api/aichat/ws/t');
  });

  it('may have its sockets on another host, which gets the token', () => {
    page(config({ baseUrl: '/', token: 'secret', wsUrl: 'wss://elsewhere/x' }));
    expect(pageServer()?.socketUrl('t', {})).toBe('wss://elsewhere/x/api/aichat/ws/t?token=secret');
  });

  it('is in the body of nbclassic', () => {
    page('', { 'data-base-url': '/nb/', 'data-jupyter-api-token': 'secret' });
    const server = pageServer();
    expect(server?.url('health')).toBe('http://hub:8000/nb/api/aichat/health');
    expect(server?.headers()).toEqual({ Authorization: 'token secret' });
  });

  it.each([
    ['nothing', ''],
    ['what is not JSON', config('{')]
  ])('is none where the page has %s', (_, html) => {
    page(html);
    expect(pageServer()).toBeNull();
  });
});
