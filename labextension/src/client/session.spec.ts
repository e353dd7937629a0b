import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeEnvironment, FakeStorage } from '../testing/fakeEnvironment';
import { FakeGateway } from '../testing/fakeGateway';
import { transcript, transcripts } from '../testing/transcripts';
import { Session } from './session';

let gateway: FakeGateway;
let environment: FakeEnvironment;

beforeEach(() => {
  gateway = new FakeGateway();
  environment = new FakeEnvironment(gateway.openSocket);
  vi.spyOn(console, 'warn').mockImplementation(() => {});
});
afterEach(() => vi.restoreAllMocks());

function open(storage?: FakeStorage): Session {
  const { server, api, threadId } = gateway;
  return new Session({ threadId, server, api, environment, storage });
}

/** A session that has seen all there is. */
function connected(storage?: FakeStorage): Session {
  const session = open(storage);
  gateway.accept();
  environment.draw();
  return session;
}

/** Time goes on until the next attempt, which succeeds. */
function reconnect(): void {
  environment.advance(15_000);
  gateway.accept();
  environment.draw();
}

/** Lets what was promised happen: the probe is the only thing that is awaited. */
async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) {
    await Promise.resolve();
  }
}

describe('a new connection', () => {
  it('asks for everything, without an epoch, and shows the snapshot', () => {
    gateway.log = [...transcript('simple-answer').frames] as typeof gateway.log;
    const session = open();
    expect(session.getState()).toMatchObject({ connection: 'connecting', loaded: false, messages: [] });
    expect(gateway.socket.query.toString()).toBe('after=0');
    gateway.accept();
    environment.draw();
    expect(session.getState()).toMatchObject({ connection: 'open', loaded: true, ...gateway.snapshot() });
  });

  it('is loaded also when the thread is empty', () => {
    expect(connected().getState()).toMatchObject({ loaded: true, messages: [], head: 0 });
  });
});

describe('while text streams', () => {
  it('tells its listeners once per frame, and gives the same state in between', () => {
    const session = connected();
    const listener = vi.fn();
    session.subscribe(listener);
    gateway.happen('run_start', {
      message: { id: 'q', content: 'Hi' },
      agent: 'supervisor',
      model: 'x'
    });
    for (let i = 0; i < 100; i++) {
      gateway.happen('token', { token: `${i} `, agent: 'supervisor', message_id: 'a' });
    }
    const before = session.getState();
    expect(listener).not.toHaveBeenCalled();
    expect(environment.draw()).toBe(1);
    expect(listener).toHaveBeenCalledTimes(1);
    expect(before.messages).toEqual([]);
    expect(session.getState().messages[1]?.content).toMatch(/^0 1 .* 99 $/);
    expect(session.getState()).toBe(session.getState());
  });

  it('is silent after the listener has left', () => {
    const session = connected();
    const listener = vi.fn();
    session.subscribe(listener)();
    session.send('Hi');
    expect(listener).not.toHaveBeenCalled();
  });
});

describe.each(transcripts())('a loss during $name', ({ frames, snapshot }) => {
  it('after any frame ends in the same state, with nothing sent twice', () => {
    for (let cut = 0; cut <= frames.length; cut++) {
      gateway = new FakeGateway();
      environment = new FakeEnvironment(gateway.openSocket);
      const session = connected();
      frames.forEach((frame, i) => {
        if (i === cut) {
          gateway.socket.end(1006);
          if (i % 2 === 0) {
            environment.draw(); // with and without a picture between the last event and the loss
          }
        }
        gateway.append(frame);
      });
      if (cut < frames.length) {
        reconnect();
      }
      environment.draw();
      const { id: _, epoch: __, ...expected } = snapshot;
      expect(session.getState()).toMatchObject(expected);
      expect(session.getState().messages).toEqual(snapshot.messages);
      const numbers = gateway.sent.flatMap(frame => ('seq' in frame ? [frame.seq] : []));
      expect(numbers).toEqual(frames.flatMap(frame => ('seq' in frame ? [frame.seq] : [])));
      session.dispose();
    }
  });
});

describe('the position', () => {
  it('goes with each new attempt', () => {
    connected();
    gateway.happen('title', { title: 'One' });
    gateway.happen('title', { title: 'Two' });
    gateway.socket.end(1012);
    environment.advance(15_000);
    expect(Object.fromEntries(gateway.socket.query)).toEqual({ after: '2', epoch: 'e1' });
  });

  it('is given up when the server has another epoch', () => {
    const session = connected();
    gateway.happen('title', { title: 'Before' });
    environment.draw();
    gateway.socket.end(1006);
    gateway.epoch = 'e2';
    gateway.log = [];
    gateway.happen('title', { title: 'After the backup' });
    reconnect();
    expect(session.getState()).toMatchObject({ epoch: 'e2', head: 1, title: 'After the backup' });
    gateway.happen('title', { title: 'Later' });
    environment.draw();
    expect(session.getState().title).toBe('Later');
  });

  it('is kept over a gap: what is missing is fetched', () => {
    const session = connected();
    gateway.happen('title', { title: 'One' });
    const { socket } = gateway;
    socket.state = 'closed'; // the next event passes it by
    gateway.happen('title', { title: 'Two' });
    socket.state = 'open';
    gateway.happen('title', { title: 'Three' });
    expect(socket.state).toBe('closed');
    environment.advance(250);
    expect(Object.fromEntries(gateway.socket.query)).toEqual({ after: '1', epoch: 'e1' });
    gateway.accept();
    environment.draw();
    expect(session.getState()).toMatchObject({ title: 'Three', head: 3, connection: 'open' });
  });

  it('is given up when a connection cannot use even the first thing it gets', () => {
    connected();
    gateway.happen('title', { title: 'One' });
    gateway.socket.end(1006);
    environment.advance(250);
    const { socket } = gateway;
    socket.state = 'open';
    socket.say({
      event_type: 'hello',
      data: { protocol: 1, version: '1', epoch: 'e1', head: 9, approvals: [] }
    });
    socket.say({ event_type: 'title', seq: 9, time: '', data: { title: 'Nine' } });
    environment.advance(15_000);
    expect(gateway.socket.query.toString()).toBe('after=0');
  });

  it('notices a silent loss: the server is further for longer than from one heartbeat to the next', () => {
    connected();
    const { socket } = gateway;
    socket.say({ event_type: 'heartbeat', data: { head: 1 } });
    expect(socket.state).toBe('open');
    socket.say({ event_type: 'heartbeat', data: { head: 1 } });
    expect(socket.state).toBe('closed');
  });

  it('does not mind a heartbeat that overtakes its events', () => {
    connected();
    const { socket } = gateway;
    socket.say({ event_type: 'heartbeat', data: { head: 1 } });
    gateway.happen('title', { title: 'One' });
    socket.say({ event_type: 'heartbeat', data: { head: 1 } });
    socket.say({ event_type: 'heartbeat', data: { head: 1 } });
    expect(socket.state).toBe('open');
  });

  it('starts over when the server sends what is no frame', () => {
    connected();
    gateway.socket.onmessage?.({ data: '<html>' } as MessageEvent);
    expect(gateway.sockets[0]?.state).toBe('closed');
    environment.advance(250);
    expect(gateway.sockets).toHaveLength(2);
  });
});

describe('the outbox', () => {
  it('shows a message until it stands in the log, and then only there', () => {
    const session = connected();
    const id = session.send('Hello', { language: 'ko' });
    expect(gateway.commands).toEqual([
      { type: 'message', id, client_id: id, message: 'Hello', language: 'ko' }
    ]);
    expect(session.getState().outbox).toMatchObject([{ client_id: id, state: 'sending' }]);
    expect(session.getState().messages).toEqual([]);
    environment.draw();
    expect(session.getState().outbox).toEqual([]);
    expect(session.getState().messages).toMatchObject([{ client_id: id, content: 'Hello' }]);
  });

  it('keeps what is typed without a connection, and sends it in order', () => {
    const session = open();
    session.send('One');
    session.send('Two');
    expect(session.getState().outbox.map(entry => entry.state)).toEqual(['waiting', 'waiting']);
    gateway.accept();
    environment.draw();
    expect(session.getState().messages.map(message => message.content)).toEqual(['One', 'Two']);
    expect(session.getState().outbox).toEqual([]);
  });

  it.each([
    ['before it arrived', false],
    ['before its answer arrived', true]
  ])('sends once what was lost %s', (_, arrives) => {
    const session = connected();
    const first = gateway.socket;
    gateway.listening = arrives;
    if (arrives) {
      first.onmessage = null; // the answer and the event are lost
    }
    session.send('Once');
    first.end(1006);
    expect(session.getState().outbox).toMatchObject([{ state: 'waiting' }]);
    gateway.listening = true;
    reconnect();
    expect(gateway.begun).toBe(1);
    expect(session.getState().messages.map(message => message.content)).toEqual(['Once']);
    expect(session.getState().outbox).toEqual([]);
  });

  it('survives a reload of the page, and is still sent once', () => {
    const storage = new FakeStorage();
    const before = connected(storage);
    gateway.socket.onmessage = null;
    before.send('Arrived, but nobody told');
    before.dispose();
    const offline = open(storage);
    offline.send('Typed without a connection');
    offline.dispose();
    const after = connected(storage);
    expect(after.getState().messages.map(message => message.content)).toEqual([
      'Arrived, but nobody told',
      'Typed without a connection'
    ]);
    expect(gateway.begun).toBe(2);
    expect(storage.values.size).toBe(0);
  });

  it.each(['{', '{}', '[1]', '[{"client_id":"a","message":{},"state":"waiting"}]'])(
    'does not fall over what somebody else has stored: %s',
    text => {
      const storage = new FakeStorage();
      storage.set('outbox:t1', text);
      expect(connected(storage).getState().outbox).toEqual([]);
    }
  );

  it('shows why a message was refused; it can be sent again as the same, or dropped', () => {
    const session = connected();
    gateway.refusal = { error: 'Eight messages wait already.', code: 'busy', retryable: true };
    const id = session.send('Ninth');
    expect(session.getState().outbox).toMatchObject([
      { state: 'refused', error: { code: 'busy', retryable: true, error: 'Eight messages wait already.' } }
    ]);
    gateway.socket.end(1006);
    reconnect();
    expect(gateway.commands).toHaveLength(1); // not by itself
    session.retry(id);
    environment.draw();
    expect(session.getState()).toMatchObject({ outbox: [], messages: [{ content: 'Ninth', client_id: id }] });
    gateway.refusal = { error: 'No.', code: 'forbidden', retryable: false };
    session.discard(session.send('Never'));
    expect(session.getState().outbox).toEqual([]);
  });

  it('refuses what no server takes, and stays connected', () => {
    const session = connected();
    session.send('가'.repeat(100_000));
    expect(session.getState().outbox).toMatchObject([{ state: 'refused', error: { code: 'too_large' } }]);
    expect(gateway.commands).toEqual([]);
  });

  it('keeps a draft', () => {
    const storage = new FakeStorage();
    connected(storage).setDraft('Half a tho');
    expect(connected(storage).getDraft()).toBe('Half a tho');
    connected(storage).setDraft('');
    expect(storage.values.size).toBe(0);
  });
});

describe('Stop', () => {
  function running(): Session {
    const session = connected();
    session.send('Go');
    environment.draw();
    gateway.commands.length = 0;
    return session;
  }
  const done = { content: '', agent: 'supervisor', outcome: 'cancelled', duration_ms: 1 };

  it('is shown until the run has ended', () => {
    const session = running();
    session.cancel();
    expect(gateway.commands).toEqual([{ type: 'cancel', id: 'c1' }]);
    expect(session.getState().cancelling).toEqual({});
    gateway.happen('done', done);
    environment.draw();
    expect(session.getState().cancelling).toBeUndefined();
  });

  it('says so when the server refuses', () => {
    const session = running();
    gateway.refusal = { error: 'It runs on another server.', code: 'conflict', retryable: false };
    session.cancel();
    expect(session.getState().cancelling).toMatchObject({ error: { code: 'conflict' } });
  });

  it('is forgotten when there was nothing to stop', () => {
    const session = connected();
    session.cancel();
    expect(session.getState().cancelling).toBeUndefined();
  });

  it('pressed without a connection is meant for the run that was shown, whatever runs later', () => {
    const session = running();
    gateway.socket.end(1006);
    session.cancel();
    reconnect();
    expect(gateway.commands).toEqual([{ type: 'cancel', id: 'c1', run_id: 'r1' }]);
    gateway.happen('done', done);
    environment.draw();
    gateway.socket.end(1006);
    reconnect();
    expect(gateway.commands).toHaveLength(1);
  });

  it('lost on the way is sent again, for the same run', () => {
    const session = running();
    gateway.listening = false;
    session.cancel();
    gateway.socket.end(1006);
    gateway.listening = true;
    reconnect();
    expect(gateway.commands).toEqual([{ type: 'cancel', id: 'c2', run_id: 'r1' }]);
  });
});

describe('a decision', () => {
  const digest = 'a'.repeat(64);

  function asked(): Session {
    const session = connected();
    for (const frame of transcript('approval-pending').frames) {
      gateway.append(frame);
    }
    environment.draw();
    return session;
  }

  it('is shown as on its way until the approval has ended', () => {
    const session = asked();
    session.approve('ap2', digest, 'approve', { scope: 'thread' });
    expect(gateway.commands).toEqual([
      { type: 'approve', id: 'c1', approval_id: 'ap2', digest, decision: 'approve', scope: 'thread' }
    ]);
    expect(session.getState().deciding).toEqual({ ap2: { decision: 'approve' } });
    gateway.happen('approval_end', { approval_id: 'ap2', decision: 'approved', scope: 'thread' });
    environment.draw();
    expect(session.getState().deciding).toEqual({});
    expect(session.getState().runs[0]?.state).toBe('running');
  });

  it('that is refused says why', () => {
    const session = asked();
    gateway.refusal = { error: 'It is another action.', code: 'digest_mismatch', retryable: false };
    session.approve('ap2', digest, 'deny', { reason: 'No' });
    expect(session.getState().deciding).toMatchObject({
      ap2: { decision: 'deny', error: { code: 'digest_mismatch' } }
    });
  });

  it('that was lost is sent again; one that somebody else has settled is not', () => {
    const session = asked();
    gateway.listening = false;
    session.approve('ap2', digest, 'approve');
    gateway.socket.end(1006);
    gateway.listening = true;
    reconnect();
    expect(gateway.commands).toHaveLength(1);
    gateway.listening = false;
    session.approve('ap2', digest, 'deny');
    gateway.happen('approval_end', { approval_id: 'ap2', decision: 'denied' });
    environment.draw();
    gateway.listening = true;
    gateway.socket.end(1006);
    reconnect();
    expect(gateway.commands).toHaveLength(1);
  });
});

describe('when a connection is lost', () => {
  it('it says when it tries again, waits longer each time, and never longer than 15 s', () => {
    const session = connected();
    const waits: number[] = [];
    for (let i = 0; i < 9; i++) {
      gateway.socket.end(i % 2 ? 4408 : 1006);
      const { connection, retryAt = 0 } = session.getState();
      expect(connection).toBe('reconnecting');
      waits.push(retryAt - environment.now());
      environment.advance(waits.at(-1) ?? 0);
      gateway.accept();
    }
    expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
    environment.advance(29_000);
    gateway.socket.say({ event_type: 'heartbeat', data: { head: 0 } });
    environment.advance(1_000);
    gateway.socket.end(1006);
    expect((session.getState().retryAt ?? 0) - environment.now()).toBe(250); // it had been stable
    session.dispose();
  });

  it('it calls it offline while the browser has no network, and goes on when it has', () => {
    const session = connected();
    environment.online = false;
    gateway.socket.end(1006);
    expect(session.getState().connection).toBe('offline');
    environment.online = true;
    environment.comeBack();
    expect(gateway.sockets).toHaveLength(2);
    gateway.accept();
    expect(session.getState()).toMatchObject({ connection: 'open' });
    expect(session.getState().retryAt).toBeUndefined();
  });

  it('"Retry now" does not wait', () => {
    const session = connected();
    gateway.socket.end(1012);
    session.retryNow();
    expect(gateway.sockets).toHaveLength(2);
    session.retryNow(); // it is on its way
    expect(gateway.sockets).toHaveLength(2);
  });

  it('it notices silence after 45 s, and a handshake that hangs after 20 s', () => {
    const session = connected();
    environment.advance(44_000);
    gateway.socket.say({ event_type: 'heartbeat', data: { head: 0 } });
    environment.advance(44_999);
    expect(session.getState().connection).toBe('open');
    environment.advance(1);
    expect(session.getState().connection).toBe('reconnecting');
    expect(gateway.sockets[0]?.state).toBe('closed');
    environment.advance(250);
    expect(gateway.sockets).toHaveLength(2);
    environment.advance(20_000);
    expect(gateway.sockets[1]?.state).toBe('closed');
  });

  it('it notices at once when a machine wakes up', () => {
    const session = connected();
    environment.sleep(3_600_000);
    environment.comeBack();
    expect(session.getState().connection).toBe('reconnecting');
    environment.advance(250);
    gateway.accept();
    expect(session.getState().connection).toBe('open');
  });

  it('nothing of an old connection counts', () => {
    const session = connected();
    const old = gateway.socket;
    const { onmessage } = old;
    environment.sleep(60_000);
    environment.comeBack();
    expect(old.onmessage).toBeNull();
    expect(onmessage).not.toBeNull();
    old.say({ event_type: 'title', seq: 1, time: '', data: { title: 'Ghost' } });
    environment.draw();
    expect(session.getState().title).toBe('');
  });
});

describe('a server that cannot be used', () => {
  it.each([
    [4503, 'refused'],
    [4508, 'refused'],
    [4501, 'refused'],
    [4504, 'deleted']
  ])('closes with %i: %s, and it stays away', (code, connection) => {
    const session = connected();
    gateway.socket.end(code, 'the reason');
    expect(session.getState().connection).toBe(connection);
    environment.advance(3_600_000);
    environment.comeBack();
    expect(gateway.sockets).toHaveLength(1);
    session.retryNow();
    expect(session.getState()).toMatchObject({ connection: 'connecting' });
    expect(session.getState().refusal).toBeUndefined();
    gateway.accept();
    expect(session.getState().connection).toBe('open');
  });

  it.each([
    [404, 'absent'],
    [403, 'refused'],
    [401, 'refused']
  ])(
    'answers %i to the handshake and to REST: %s, until somebody looks again',
    async (status, connection) => {
      gateway.restStatus = status;
      const session = open();
      gateway.socket.end(1006);
      await settle();
      expect(session.getState().connection).toBe(connection);
      environment.advance(3_600_000);
      expect(gateway.sockets).toHaveLength(1);
      environment.comeBack();
      expect(gateway.sockets).toHaveLength(2);
      expect(session.getState().connection).toBe(connection); // until there is news
      gateway.socket.end(1006);
      await settle();
      expect(session.getState().connection).toBe(connection);
      session.retryNow();
      gateway.accept();
      expect(session.getState()).toMatchObject({ connection: 'open' });
    }
  );

  it.each([
    ['in its hello', true],
    ['in its health', false]
  ])('speaks another version, said %s', async (_, handshake) => {
    gateway.protocol = 2;
    const session = open();
    if (handshake) {
      gateway.accept();
    } else {
      gateway.socket.end(1006);
      await settle();
    }
    expect(session.getState()).toMatchObject({
      connection: 'mismatch',
      versions: { client: 1, server: 2, package: '9.9.9' }
    });
    environment.advance(60_000);
    expect(gateway.sockets).toHaveLength(1);
    gateway.protocol = 1;
    session.retryNow();
    gateway.accept();
    expect(session.getState().connection).toBe('open');
    expect(session.getState().versions).toBeUndefined();
  });

  it.each([0, 502])('does not answer (%i): it goes on trying', async status => {
    gateway.restStatus = status;
    const session = open();
    gateway.socket.end(1006);
    expect(session.getState().connection).toBe('connecting');
    await settle();
    expect(session.getState().connection).toBe('reconnecting');
    environment.advance(250);
    gateway.accept();
    expect(session.getState().connection).toBe('open');
  });

  it('is not blamed when it has come up while it was asked', async () => {
    gateway.restStatus = 404;
    const session = open();
    gateway.socket.end(1006);
    environment.advance(250);
    gateway.accept();
    await settle();
    expect(session.getState().connection).toBe('open');
  });
});

it('leaves nothing behind', () => {
  const session = connected();
  gateway.happen('title', { title: 'x' });
  const { socket } = gateway;
  session.dispose();
  expect(socket.state).toBe('closed');
  expect(environment.isQuiet).toBe(true);
});
