import { describe, expect, it } from 'vitest';
import { decode, encode, isEvent, PROTOCOL, WireError } from './codec';
import schema from './schema.json';

describe('decode', () => {
  it('reads events of the log and frames of the connection', () => {
    const event = decode(
      '{"event_type":"token","seq":17,"run_id":"r4","data":{"token":"갑","agent":"supervisor","message_id":"m8"}}'
    );
    expect(event).toMatchObject({ event_type: 'token', seq: 17, data: { token: '갑' } });
    const refused = decode('{"event_type":"error","data":{"error":"no","code":"busy","retryable":true}}');
    expect(refused && isEvent(refused)).toBe(false);
  });

  it('keeps the number of an event it does not know, and no more', () => {
    expect(decode('{"event_type":"steer","seq":9,"run_id":"r1","data":{"message":"x"}}')).toEqual({
      event_type: 'skipped',
      seq: 9
    });
    expect(decode('{"event_type":"kernel_trace","from_seq":3,"seq":9,"data":[]}')).toEqual({
      event_type: 'skipped',
      from_seq: 3,
      seq: 9
    });
  });

  it('leaves out connection frames it does not know', () => {
    expect(decode('{"event_type":"weather","data":{}}')).toBeUndefined();
    expect(decode('{"event_type":"toString","data":{}}')).toBeUndefined();
  });

  it.each([
    ['not JSON', 'hello'],
    ['no object', '[]'],
    ['null', 'null'],
    ['no type', '{"data":{}}'],
    ['a type that is no text', '{"event_type":1,"data":{}}'],
    ['no data', '{"event_type":"done","seq":1}'],
    ['a number below one', '{"event_type":"done","seq":0,"data":{}}'],
    ['a number that is none', '{"event_type":"done","seq":"1","data":{}}'],
    ['a range that runs backwards', '{"event_type":"token","from_seq":5,"seq":4,"data":{}}']
  ])('refuses %s', (_, text) => {
    expect(() => decode(text)).toThrow(WireError);
  });
});

describe('encode', () => {
  it('leaves out what is not given', () => {
    expect(encode({ type: 'cancel', id: 'c1', run_id: undefined })).toBe('{"type":"cancel","id":"c1"}');
  });
});

it('speaks the version that the schema describes', () => {
  expect(schema.description).toContain(`protocol ${PROTOCOL}.`);
});
