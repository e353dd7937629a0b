// @vitest-environment happy-dom
/** Requests for actions in the kernel and the notebook; those for files are in approval-card.spec.tsx. */
import { act, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ActionView, ApprovalPart } from '../../protocol/types';
import type { EditorOptions } from '../ports';
import { answer, run, userMessage } from '../testing/fakes';
import { button, openChat, press, type Setup, type } from '../testing/render';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => void vi.useRealTimers());

const DIGEST = 'd'.repeat(64);
const later = (ms = 1000) => vi.setSystemTime(Date.now() + ms);
const SAFE = { names: [{ name: 'q3', change: 'creates' }] } satisfies ApprovalPart['effects'];

const CODE: ActionView = {
  kind: 'run_code',
  code: 'q3 = df[df.quarter == 3]',
  language: 'python',
  notebook: 'work/sales-q3.ipynb',
  kernel: 'Python 3 (ipykernel)',
  kernel_state: 'idle'
};

function approval(action: Partial<ActionView> = {}, more: Partial<ApprovalPart> = {}): ApprovalPart {
  return {
    type: 'approval',
    approval_id: 'ap1',
    call_id: 'k1',
    agent: 'analyst',
    action: { ...CODE, ...action },
    effects: SAFE,
    digest: DIGEST,
    expires_at: '2026-11-23T09:00:00.000Z',
    ...more
  };
}

async function ask(part = approval(), setup: Setup = {}) {
  const chat = await openChat(setup);
  const show = (one = part) =>
    chat.change({
      run_id: 'r1',
      messages: [userMessage('m1', 'Question', 'r1'), answer('m2', 'analyst', 'r1', { parts: [one] })],
      runs: [run('r1', 'waiting')]
    });
  show();
  return { ...chat, show };
}

const card = () => screen.getByRole('region', { name: /^(Analyst wants|분석가의 요청)/ });
const editor = () => within(card()).getByRole<HTMLTextAreaElement>('textbox', { name: /wants to run/ });

describe('a request', () => {
  it.each<[string, Partial<ActionView>]>([
    ['Analyst wants to run Python in sales-q3.ipynb', {}],
    ['Analyst wants to run R in Python 3 (ipykernel)', { language: 'r', notebook: undefined }],
    ['Analyst wants to run SQL in sales-q3.ipynb', { kind: 'run_sql', sql: 'SELECT 1' }],
    ['Analyst wants to insert a cell into sales-q3.ipynb', { kind: 'insert_cell', source: 'x' }],
    [
      'Analyst wants to insert a Markdown cell into sales-q3.ipynb',
      { kind: 'insert_cell', source: 'x', cell_type: 'markdown' }
    ],
    ['Analyst wants to change a cell in sales-q3.ipynb', { kind: 'replace_cell', source: 'x' }],
    ['Analyst wants to run a cell in sales-q3.ipynb', { kind: 'run_cell', source: 'x' }],
    ['Analyst wants to write the file out/q3.md', { kind: 'write_file', path: 'out/q3.md', content: '# Q3' }],
    ['Analyst wants to look at variables in sales-q3.ipynb', { kind: 'inspect_variables', code: undefined }]
  ])('says who wants what: %s', async (heading, action) => {
    await ask(approval(action));
    expect(screen.getByRole('heading', { name: heading })).toBeTruthy();
  });

  it('lets no file pretend to be another', async () => {
    await ask(approval({ kind: 'write_file', path: 'a\u202evsc.py', content: 'x' }));
    expect(
      screen.getByRole('heading', { name: 'Analyst wants to write the file a⟨U+202E⟩vsc.py' })
    ).toBeTruthy();
  });

  it('shows kernel, code, count of lines and effects', async () => {
    await ask(approval({ kernel_state: 'busy' }));
    const text = card().textContent ?? '';
    expect(text).toContain('Kernel: Python 3 (ipykernel), busy. It runs when the kernel is free.');
    expect(text).toContain('q3 = df[df.quarter == 3]');
    expect(text).toContain('1 line');
    expect(text).toContain('creates q3');
  });

  it('speaks Korean', async () => {
    await ask(approval(), {
      host: host => {
        host.language = 'ko';
      }
    });
    expect(card().textContent).toMatch(/^분석가의 요청: sales-q3\.ipynb에서 Python 코드를 실행할까요\?/);
    expect(button('고치기')).toBeTruthy();
    expect(card().textContent).toContain('1줄');
  });

  it('shows fourteen lines of long code, then all of it', async () => {
    const code = Array.from({ length: 40 }, (_, i) => `x${i + 1} = ${i + 1}`).join('\n');
    await ask(approval({ code }));
    expect(card().textContent).toContain('40 lines');
    expect(card().textContent).toContain('x14 = 14');
    expect(card().textContent).not.toContain('x15 = 15');
    await press('Show all 40 lines');
    expect(card().textContent).toContain('x40 = 40');
  });

  it('writes hidden characters out and warns of them, of gaps too', async () => {
    const code = `if a != "\u202euser":${'\n'.repeat(12)}    grant()`;
    const hidden = [{ line: 1, column: 10, code: 'U+202E', name: 'RIGHT-TO-LEFT OVERRIDE' }];
    await ask(approval({ code }, { effects: { ...SAFE, hidden } }));
    expect(card().textContent).toContain('if a != "⟨U+202E⟩user":');
    expect(card().textContent).not.toContain('\u202e');
    expect(card().textContent).toContain(
      'Hidden character in line 1, column 10: U+202E RIGHT-TO-LEFT OVERRIDE'
    );
    expect(card().textContent).toContain('There are long empty stretches in it: read to the end.');
  });

  it('warns of hidden characters also where the server has not', async () => {
    await ask(approval({ code: 'pass\u200bword = 1' }));
    expect(card().textContent).toContain('There are hidden characters in it; they are written out.');
  });

  it.each<Partial<ActionView>>([
    { code: '"<img src=x onerror=alert(1)>"' },
    { code: '"<img src=x onerror=alert(1)>"', language: 'klingon' },
    { kind: 'write_file', path: 'a.txt', code: undefined, content: '"<img src=x onerror=alert(1)>"' }
  ])('shows text as text, whatever is in it: %#', async action => {
    await ask(approval(action));
    expect(card().querySelector('img')).toBeNull();
    expect(card().textContent).toContain('<img src=x onerror=alert(1)>');
  });
});

describe('a request to change a cell', () => {
  const change = { kind: 'replace_cell', before: 'a = 1\nb = 2', source: 'a = 1\nb = 3\nc = 4' } as const;
  const lines = () => [...card().querySelectorAll('.aichat-diff > span')].map(line => line.textContent);

  it('shows what goes and what comes, in signs and in words', async () => {
    await ask(approval({ ...change, code: undefined }, { effects: undefined }));
    expect(lines()).toEqual([' a = 1', '−removed: b = 2', '+added: b = 3', '+added: c = 4']);
    expect(card().textContent).toContain('2 lines added, 1 removed');
  });

  it('writes hidden characters out on both sides, and shows text as text', async () => {
    const before = 'x = "\u202e"';
    const source = '"<img src=x onerror=alert(1)>\u200b"';
    await ask(approval({ ...change, code: undefined, before, source }, { effects: undefined }));
    expect(lines()).toEqual(['−removed: x = "⟨U+202E⟩"', '+added: "<img src=x onerror=alert(1)>⟨U+200B⟩"']);
    expect(card().querySelector('img')).toBeNull();
  });

  it('can be edited; what is decided is then the edited text', async () => {
    const { session } = await ask(approval({ ...change, code: undefined }, { effects: undefined }));
    await press('Edit');
    const field = within(card()).getByRole<HTMLTextAreaElement>('textbox');
    expect(field.value).toBe(change.source);
    type(field, 'a = 2');
    later();
    await press('Approve with changes');
    expect(session().asked).toEqual([['approve', 'ap1', DIGEST, 'edit', { code: 'a = 2', scope: 'once' }]]);
  });

  it('keeps its difference when it is decided', async () => {
    await ask(approval({ ...change, code: undefined }, { decision: 'approved' }));
    fireEvent.click(screen.getByRole('button', { name: /^Approved/ }));
    expect(document.querySelectorAll('.aichat-diff [data-change="removed"]')).toHaveLength(1);
  });
});

describe('a decision about code', () => {
  it('is for once, unless something else is chosen', async () => {
    const { session } = await ask();
    later();
    await press('Approve');
    fireEvent.change(screen.getByRole('combobox', { name: 'Valid for' }), { target: { value: 'run' } });
    await press('Approve');
    expect(session().asked).toEqual([
      ['approve', 'ap1', DIGEST, 'approve', { scope: 'once' }],
      ['approve', 'ap1', DIGEST, 'approve', { scope: 'run' }]
    ]);
  });

  it('is for once alone, where the code does more than create names', async () => {
    await ask(approval({}, { effects: { files: [{ path: 'a.csv', access: 'write' }] } }));
    expect(screen.queryByRole('combobox', { name: 'Valid for' })).toBeNull();
    expect(card().textContent).toContain('Once');
  });

  it('waits anew when the code becomes another', async () => {
    const { session, show } = await ask();
    later();
    show(approval({ code: 'q3 = 4' }, { digest: 'e'.repeat(64) }));
    later(399);
    await press('Approve');
    expect(session().asked).toEqual([]);
    later(1);
    await press('Approve');
    expect(session().asked).toHaveLength(1);
  });

  it('is not taken by Enter alone, and by Ctrl+Enter only inside the card', async () => {
    const { session, composer } = await ask();
    later();
    for (const target of [screen.getByRole('heading', { name: /wants to run/ }), composer()]) {
      fireEvent.keyDown(target, { key: 'Enter' });
    }
    expect(session().asked).toEqual([]);
    fireEvent.keyDown(screen.getByRole('heading', { name: /wants to run/ }), { key: 'Enter', ctrlKey: true });
    expect(session().asked).toHaveLength(1);
  });
});

describe('code that the person changes', () => {
  it('is approved as it was changed, for once', async () => {
    const { session } = await ask();
    fireEvent.change(screen.getByRole('combobox', { name: 'Valid for' }), { target: { value: 'thread' } });
    await press('Edit');
    expect(document.activeElement).toBe(editor());
    type(editor(), 'q3 = df.head(10)\n');
    later();
    await press('Approve with changes');
    expect(session().asked).toEqual([
      ['approve', 'ap1', DIGEST, 'edit', { code: 'q3 = df.head(10)\n', scope: 'once' }]
    ]);
  });

  it('says that the effects were read before, and can be left as it was', async () => {
    const { session } = await ask();
    await press('Edit');
    type(editor(), 'rm()');
    expect(card().textContent).toContain('Read from the code as it was before your changes:');
    await press('Discard changes');
    expect(card().textContent).toContain('q3 = df[df.quarter == 3]');
    later();
    await press('Approve');
    expect(session().asked).toEqual([['approve', 'ap1', DIGEST, 'approve', { scope: 'once' }]]);
  });

  it('that is the same in the end is an ordinary approval; nothing at all is none', async () => {
    const { session } = await ask();
    await press('Edit');
    later();
    type(editor(), '  ');
    expect(button('Approve with changes')?.disabled).toBe(true);
    fireEvent.keyDown(editor(), { key: 'Enter', ctrlKey: true });
    expect(session().asked).toEqual([]);
    type(editor(), CODE.code ?? '');
    fireEvent.keyDown(editor(), { key: 'Enter', ctrlKey: true });
    expect(session().asked).toEqual([['approve', 'ap1', DIGEST, 'approve', { scope: 'once' }]]);
  });

  it('has lost its hidden characters, and the card says so', async () => {
    const { session } = await ask(approval({ code: 'a = "\u202ex"' }));
    await press('Edit');
    expect(editor().value).toBe('a = "x"');
    expect(card().textContent).toContain('What you edit is the text without them.');
    later();
    await press('Approve with changes');
    expect(session().asked).toMatchObject([['approve', 'ap1', DIGEST, 'edit', { code: 'a = "x"' }]]);
  });

  it('cannot be changed where it is not the code that is decided about', async () => {
    await ask(approval({ kind: 'run_cell', source: 'x = 1' }));
    expect(button('Edit')).toBeNull();
  });
});

describe('in Lab', () => {
  it("code stands in Lab's own editor: to be read, then to be written in, and removed with the card", async () => {
    const mounted: (EditorOptions & { gone: boolean })[] = [];
    const { session, change } = await ask(approval({ code: 'a = "\u200b"' }), {
      host: host => {
        Object.assign(host, {
          mountEditor: (_: HTMLElement, options: EditorOptions) => {
            const one = { ...options, gone: false };
            mounted.push(one);
            return () => {
              one.gone = true;
            };
          }
        });
      }
    });
    expect(mounted).toMatchObject([{ text: 'a = "⟨U+200B⟩"', language: 'python', gone: false }]);
    expect(mounted[0]?.onChange).toBeUndefined();
    await press('Edit');
    expect(mounted[0]?.gone).toBe(true);
    expect(mounted[1]).toMatchObject({ text: 'a = ""', gone: false });
    act(() => mounted[1]?.onChange?.('a = 1'));
    expect(mounted).toHaveLength(2);
    later();
    await press('Approve with changes');
    expect(session().asked).toMatchObject([['approve', 'ap1', DIGEST, 'edit', { code: 'a = 1' }]]);
    change({ messages: [], runs: [] });
    expect(mounted[1]?.gone).toBe(true);
  });
});

describe('a decided request', () => {
  it.each<[Partial<ApprovalPart>, RegExp]>([
    [{ decision: 'approved', scope: 'run' }, /^Approved: Analyst · Python in sales-q3\.ipynb.*This run$/],
    [{ decision: 'edited' }, /^Approved with changes: Analyst · Python in sales-q3\.ipynb$/],
    [{ decision: 'denied', reason: 'No.' }, /^Denied: Analyst · Python in sales-q3\.ipynb · No\.$/],
    [{ decision: 'expired' }, /^Not decided in time: Analyst · Python/],
    [{ decision: 'cancelled' }, /^Cancelled: Analyst · Python/]
  ])('is one row with the code behind it: %#', async (more, words) => {
    await ask(approval({}, more));
    const row = screen.getByRole('button', { name: words });
    expect(screen.queryByText(/q3 = df/)).toBeNull();
    fireEvent.click(row);
    expect(row.getAttribute('aria-expanded')).toBe('true');
    expect(screen.getByText(/1 line/)).toBeTruthy();
    expect(document.body.textContent).toContain('q3 = df[df.quarter == 3]');
    expect(button('Approve')).toBeNull();
  });
});
