import { describe, expect, it } from 'vitest';
import { Api, ApiError } from './api';
import type { ServerLocation } from './server';

const server: ServerLocation = {
  url: path => `http://h/api/aichat/${path}`,
  socketUrl: () => '',
  headers: () => ({ 'X-XSRFToken': 'x' })
};

/** An API whose server gives these answers; `asked` are the requests. */
function answering(...answers: (Response | Error)[]): { api: Api; asked: string[]; headers: HeadersInit[] } {
  const asked: string[] = [];
  const headers: HeadersInit[] = [];
  const api = new Api(server, async (url, init) => {
    asked.push(`${init.method} ${url.replace('http://h/api/aichat/', '')} ${init.body ?? ''}`.trim());
    headers.push(init.headers ?? {});
    const answer = answers.shift();
    if (!(answer instanceof Response)) {
      throw answer ?? new Error('nothing more to say');
    }
    return answer;
  });
  return { api, asked, headers };
}

function json(value: unknown, status = 200): Response {
  return new Response(JSON.stringify(value), { status });
}

describe('a large artifact', () => {
  it('comes as it is, by its form', async () => {
    const { api, asked } = answering(new Response('\u0001한'));
    const file = await api.artifact('t 1', 'k1-1', 'image/svg+xml');
    expect(await file.text()).toBe('\u0001한');
    expect(asked).toEqual(['GET threads/t%201/artifacts/k1-1?mime=image%2Fsvg%2Bxml']);
  });

  it('that is gone is said in the words of the server', async () => {
    const { api } = answering(json({ error: 'It keeps none.', code: 'not_found', retryable: false }, 404));
    await expect(api.artifact('t', 'k', 'image/png')).rejects.toThrow('It keeps none.');
  });
});

describe('each request', () => {
  it('carries the XSRF header and, with a body, its type', async () => {
    const { api, headers } = answering(json({ threads: [] }), json({}));
    await api.threads();
    await api.createThread();
    expect(headers[0]).toEqual({ Accept: 'application/json', 'X-XSRFToken': 'x' });
    expect(headers[1]).toMatchObject({ 'Content-Type': 'application/json' });
  });

  it('goes to its route', async () => {
    const view = { id: 't' };
    const model = { current: { id: 'offline:rules' } };
    const { api, asked } = answering(
      json({ threads: [], next: 'n' }),
      json(view, 201),
      json(view, 201),
      json(view),
      json(view),
      json(view),
      new Response(null, { status: 204 }),
      json(view),
      json(model),
      json(model),
      json({ agents: [{ name: 'analyst' }] })
    );
    expect(await api.threads({ query: '매출 & co', limit: 20, before: 'b' })).toEqual({
      threads: [],
      next: 'n'
    });
    await api.createThread();
    await api.createThread('Sales');
    await api.thread('t');
    await api.renameThread('t', 'New');
    await api.pinThread('t', true);
    await api.deleteThread('a/b');
    await api.restoreThread('t');
    expect(await api.connectModel({ api_key: 'k', model: 'm' })).toEqual(model.current);
    expect(await api.disconnectModel()).toEqual(model.current);
    expect(await api.agents()).toEqual([{ name: 'analyst' }]);
    expect(asked).toEqual([
      'GET threads?q=%EB%A7%A4%EC%B6%9C+%26+co&limit=20&before=b',
      'POST threads {}',
      'POST threads {"title":"Sales"}',
      'GET threads/t',
      'PATCH threads/t {"title":"New"}',
      'PATCH threads/t {"pinned":true}',
      'DELETE threads/a%2Fb',
      'POST threads/t/restore {}',
      'PUT models/credentials {"api_key":"k","model":"m"}',
      'DELETE models/credentials',
      'GET agents'
    ]);
  });
});

describe('a refusal', () => {
  const failure = (answer: Response | Error) =>
    answering(answer)
      .api.health()
      .catch((error: unknown) => error);

  it('is the sentence of the server, with its code', async () => {
    const refused = json({ error: 'Wait a moment.', code: 'busy', retryable: true }, 429);
    expect(await failure(refused)).toMatchObject({
      name: 'ApiError',
      message: 'Wait a moment.',
      status: 429,
      code: 'busy',
      retryable: true
    });
  });

  it("may be Jupyter's own, with its sentence or as a page", async () => {
    expect(await failure(json({ message: 'Forbidden', reason: null }, 403))).toMatchObject({
      message: 'Forbidden',
      status: 403,
      retryable: false
    });
    const page = new Response('<html>', { status: 502, statusText: 'Bad Gateway' });
    expect(await failure(page)).toMatchObject({
      message: 'The Jupyter server answered 502 Bad Gateway.',
      status: 502,
      code: undefined,
      retryable: true
    });
  });

  it('may be silence', async () => {
    expect(await failure(new TypeError('Failed to fetch'))).toMatchObject({ status: 0, retryable: true });
  });

  it('may be a login page in place of the answer', async () => {
    const error = await failure(new Response('<html>log in</html>'));
    expect(error).toBeInstanceOf(ApiError);
    expect(error).toMatchObject({ status: 403 });
  });
});
