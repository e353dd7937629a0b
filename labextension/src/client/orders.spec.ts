/** Claims and outcomes of notebook actions, over connections that break. Stops and decisions are in session.spec.ts. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Command } from '../protocol/types';
import { FakeEnvironment } from '../testing/fakeEnvironment';
import { FakeGateway } from '../testing/fakeGateway';
import { Session } from './session';

let gateway: FakeGateway;
let environment: FakeEnvironment;

beforeEach(() => {
  gateway = new FakeGateway();
  environment = new FakeEnvironment(gateway.openSocket);
});

const CONFLICT = { error: 'Another client does it.', code: 'conflict', retryable: false } as const;

/** A session in whose thread an action waits. */
function waiting(): Session {
  const { server, api, threadId } = gateway;
  const session = new Session({ threadId, server, api, environment });
  gateway.accept();
  gateway.happen('run_start', { message: { id: 'q', content: 'Hi' }, agent: 'writer', model: 'x' });
  gateway.happen('notebook_action', {
    action_id: 'na1',
    call_id: 'k1',
    agent: 'writer',
    kind: 'insert_cell',
    notebook: 'a.ipynb',
    args: { source: '1' }
  });
  environment.draw();
  return session;
}

function lose(): void {
  gateway.socket.end(1006);
  environment.advance(15_000);
  gateway.accept();
  environment.draw();
}

const sent = (type: Command['type']) => gateway.commands.filter(command => command.type === type);
const claims = (session: Session) => session.getState().claims;

describe('a claim', () => {
  it('is asked once, and answered: the action is ours', () => {
    const session = waiting();
    session.claim('na1');
    session.claim('na1');
    expect(sent('claim')).toEqual([{ type: 'claim', id: expect.any(String), action_id: 'na1' }]);
    expect(claims(session)).toEqual({ na1: 'ours' });
  });

  it('that was refused leaves the action to others, for good', () => {
    const session = waiting();
    gateway.refusal = CONFLICT;
    session.claim('na1');
    expect(claims(session)).toEqual({ na1: 'others' });
    session.claim('na1');
    session.performed('na1', 'ok', { cell_id: 'c1' });
    expect(sent('claim')).toHaveLength(1);
    expect(sent('notebook_result')).toEqual([]);
  });

  it('whose answer was lost is asked again as the same claim', () => {
    const session = waiting();
    gateway.listening = false;
    session.claim('na1');
    expect(claims(session)).toEqual({ na1: 'asked' });
    gateway.listening = true;
    lose();
    expect(claims(session)).toEqual({ na1: 'ours' });
    const [again, ...more] = sent('claim');
    expect(again?.id).toMatch(/^client-/);
    expect(more).toEqual([]);
  });

  it('is forgotten when the action has an outcome, or its run has ended', () => {
    const session = waiting();
    gateway.listening = false;
    session.claim('na1');
    gateway.happen('notebook_result', { action_id: 'na1', status: 'ok', result: { cell_id: 'c9' } });
    environment.draw();
    expect(claims(session)).toEqual({});
    gateway.listening = true;
    lose();
    expect(sent('claim')).toEqual([]);
  });
});

describe('an outcome', () => {
  it('is told once, and only of an action that is ours', () => {
    const session = waiting();
    session.performed('na1', 'ok', { cell_id: 'c1' });
    expect(sent('notebook_result')).toEqual([]);
    session.claim('na1');
    session.performed('na1', 'ok', { cell_id: 'c1' });
    session.performed('na1', 'error', { error: 'No.' });
    expect(sent('notebook_result')).toMatchObject([
      { action_id: 'na1', status: 'ok', result: { cell_id: 'c1' } }
    ]);
    expect(claims(session)).toEqual({ na1: 'done' });
  });

  it('that nobody has heard is told again after a loss, until it stands in the log', () => {
    const session = waiting();
    session.claim('na1');
    gateway.listening = false;
    session.performed('na1', 'ok', { cell_id: 'c1' });
    gateway.listening = true;
    lose();
    expect(sent('notebook_result')).toHaveLength(1);
    expect(sent('claim')).toHaveLength(1);
    gateway.happen('notebook_result', { action_id: 'na1', status: 'ok', result: { cell_id: 'c1' } });
    environment.draw();
    lose();
    expect(sent('notebook_result')).toHaveLength(1);
    expect(claims(session)).toEqual({});
  });
});

describe('an edited approval', () => {
  it('carries the code', () => {
    const session = waiting();
    session.approve('ap1', 'd'.repeat(64), 'edit', { code: '1 + 1', scope: 'once' });
    expect(sent('approve')).toMatchObject([{ decision: 'edit', code: '1 + 1', scope: 'once' }]);
  });
});
