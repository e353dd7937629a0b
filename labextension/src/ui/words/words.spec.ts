import { describe, expect, it } from 'vitest';
import { translator } from '../../i18n/translate';
import type { RunFailure, ToolPart } from '../../protocol/types';
import { agentMark, agentName } from './agents';
import { failureWords } from './failures';
import { modelHost, modelName, reasonWords } from './model';
import { clock, duration, ordinal, relativeTime } from './time';
import { toolWords } from './tools';

const en = translator('en');
const ko = translator('ko');

describe('agents', () => {
  it('have names in both languages and one letter; strangers keep theirs and get two', () => {
    expect([agentName('analyst', en), agentName('analyst', ko), agentMark('analyst')]).toEqual([
      'Analyst',
      '분석가',
      'A'
    ]);
    expect([agentName('sales_bot', ko), agentMark('sales_bot')]).toEqual(['Sales bot', 'Sa']);
  });

  it('are not confused by names that every object has', () => {
    expect(agentName('constructor', en)).toBe('Constructor');
  });
});

describe('tool calls', () => {
  const call = (name: string, args: ToolPart['args'], status: ToolPart['status'] = 'ok') => ({
    name,
    args,
    status
  });

  it.each([
    [call('read_file', { path: 'data/sales.csv' }, 'running'), 'Reading sales.csv…', 'sales.csv 읽는 중…'],
    [call('read_file', { path: 'data/sales.csv' }), 'Read sales.csv', 'sales.csv 읽음'],
    [call('read_file', { path: 'sales.csv' }, 'error'), 'Could not read sales.csv', 'sales.csv 읽지 못함'],
    [call('list_files', { path: '' }), 'Listed files', '파일 목록 확인함'],
    [call('profile_table', { path: 'a/b.csv' }), 'Profiled b.csv', 'b.csv 살펴봄'],
    [
      call('analyse_table', { path: 'b.csv', operation: 'missing' }),
      'Analysed b.csv · missing values',
      'b.csv 분석함 · 결측치'
    ],
    [call('ask_analyst', { task: 'x' }, 'running'), 'Task for Analyst', '분석가에게 맡긴 일'],
    [call('fetch_weather', { path: 'seoul' }), 'Fetch weather · seoul', 'Fetch weather · seoul'],
    [call('fetch_weather', {}), 'Fetch weather', 'Fetch weather']
  ])('%j is said in words', (part, english, korean) => {
    expect(toolWords(part, en)).toBe(english);
    expect(toolWords(part, ko)).toBe(korean);
  });
});

describe('failures', () => {
  const failed = (code: RunFailure['code'], more: Partial<RunFailure> = {}): RunFailure => ({
    error: 'The server says this.',
    code,
    retryable: true,
    ...more
  });

  it.each([
    [
      failed('model_auth', { host: 'api.openai.com' }),
      'api.openai.com refused the API key.',
      'Change key',
      'api.openai.com에서 API 키를 거부했어요.',
      '키 변경'
    ],
    [
      failed('model_not_found', { host: 'h', model: 'gpt-9' }),
      'h has no model "gpt-9".',
      'Choose a model',
      'h에 "gpt-9" 모델이 없어요.',
      '모델 선택'
    ],
    [
      failed('model_rate', { host: 'h', retry_after: 19.2 }),
      'h is limiting requests. Try again in 20 s.',
      'Try again',
      'h의 요청 한도에 도달했어요. 20초 후 다시 시도하세요.',
      '다시 시도'
    ],
    [
      failed('interrupted'),
      'The server restarted during this answer. The text so far is kept; no code is repeated by itself.',
      'Ask again',
      '답변 중에 서버가 재시작됐어요. 지금까지의 내용은 저장했고, 코드를 자동으로 다시 실행하지 않아요.',
      '다시 질문'
    ]
  ])('%j has a sentence and a button', (failure, english, button, korean, korButton) => {
    expect(failureWords(failure, en)).toMatchObject({ sentence: english, button });
    expect(failureWords(failure, ko)).toMatchObject({ sentence: korean, button: korButton });
  });

  it("that only the server can explain are said in the server's words, in Korean by what is known", () => {
    expect(failureWords(failed('limit'), en).sentence).toBe('The server says this.');
    expect(failureWords(failed('limit'), ko).sentence).toMatch(/한도에 도달했어요/);
  });

  it('of a newer server are not swallowed', () => {
    const strange = failed('brand_new' as RunFailure['code']);
    expect(failureWords(strange, ko).sentence).toBe('The server says this.');
  });

  it('of the model lead to its settings, a full conversation to a new one', () => {
    expect(failureWords(failed('model_auth'), en).remedy).toBe('model');
    expect(failureWords(failed('model_context'), en).remedy).toBe('thread');
    expect(failureWords(failed('internal'), en).remedy).toBe('again');
  });
});

describe('the model', () => {
  it('has a name and a host that a person knows', () => {
    const model = { id: 'openai:qwen3:8b', provider: 'openai', reason: '', offline: false };
    expect(modelName(model.id)).toBe('qwen3:8b');
    expect(modelHost({ ...model, url: 'http://127.0.0.1:11434/v1' })).toBe('127.0.0.1:11434');
    expect(modelHost(model)).toBe('openai');
  });

  it.each([
    ['OPENAI_API_KEY is set.', 'OPENAI_API_KEY 값이 설정되어 있어요.'],
    ['OPENAI_BASE_URL is set to http://h/v1.', 'OPENAI_BASE_URL=http://h/v1 값이 설정되어 있어요.'],
    [
      'The model m is set, and OPENAI_BASE_URL is set to http://h/v1.',
      '모델 m, 그리고 OPENAI_BASE_URL=http://h/v1 값이 설정되어 있어요.'
    ],
    ['Something new.', 'Something new.']
  ])('was chosen because: %s', (reason, korean) => {
    expect(reasonWords(reason, en)).toBe(reason);
    expect(reasonWords(reason, ko)).toBe(korean);
  });
});

describe('times', () => {
  it('run as clocks and are told as durations', () => {
    expect([clock(14_200), clock(723_000), clock(3_723_000), clock(-5)]).toEqual([
      '0:14',
      '12:03',
      '1:02:03',
      '0:00'
    ]);
    expect([40, 1_240, 9_960, 18_400, 125_000].map(ms => duration(ms, en))).toEqual([
      '40 ms',
      '1.2 s',
      '10 s',
      '18 s',
      '2 min 5 s'
    ]);
    expect(duration(125_000, ko)).toBe('2분 5초');
  });

  it('are told by their distance from now', () => {
    const now = Date.parse('2026-11-22T12:00:00Z');
    const at = (iso: string, t = en) => relativeTime(iso, now, t);
    expect(at('2026-11-22T11:59:30Z')).toBe('now');
    expect(at('2026-11-22T12:00:30Z')).toBe('now'); // a server whose clock is ahead
    expect(at('2026-11-22T11:55:00Z')).toMatch(/5 min/);
    expect(at('2026-11-21T11:00:00Z')).toBe('yesterday');
    expect(at('2026-11-03T11:00:00Z')).toBe('Nov 3');
    expect(at('2026-11-22T11:55:00Z', ko)).toBe('5분 전');
    expect(at('no time')).toBe('');
  });

  it('count places', () => {
    expect([1, 2, 3, 4, 11, 21].map(n => ordinal(n, en))).toEqual([
      '1st',
      '2nd',
      '3rd',
      '4th',
      '11th',
      '21st'
    ]);
    expect(ordinal(2, ko)).toBe('2');
  });
});
