// @vitest-environment happy-dom
import { fireEvent, screen, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { ArtifactPart, SnapshotMessage, ToolPart } from '../protocol/types';
import { answer, run, userMessage } from './testing/fakes';
import { button, openChat, press } from './testing/render';
import { foldable } from './tool-rows';

function tool(call_id: string, more: Partial<ToolPart> = {}): ToolPart {
  return {
    type: 'tool',
    call_id,
    name: 'read_file',
    args: { path: `data/${call_id}.csv` },
    agent: 'analyst',
    status: 'ok',
    duration_ms: 1240,
    output: 'a,b',
    ...more
  };
}

async function show(answers: SnapshotMessage[], state: 'running' | 'completed' = 'completed') {
  const chat = await openChat();
  chat.change({
    messages: [userMessage('m1', 'Question', 'r1'), ...answers],
    runs: [run('r1', state, { agent: 'supervisor' })],
    run_id: state === 'running' ? 'r1' : undefined
  });
  return chat;
}

describe('tool rows', () => {
  it('say in words what was done and how long it took; what went in and came out is behind them', async () => {
    await show([answer('m2', 'analyst', 'r1', { parts: [tool('sales')] })]);
    const row = screen.getByRole('button', { name: /^Read sales\.csv/ });
    expect(row.textContent).toContain('1.2 s');
    expect(row.getAttribute('aria-expanded')).toBe('false');
    expect(screen.queryByText('a,b')).toBeNull();
    fireEvent.click(row);
    expect(row.getAttribute('aria-expanded')).toBe('true');
    expect(screen.getByText('a,b')).toBeTruthy();
    expect(screen.getByText(/"path": "data\/sales\.csv"/)).toBeTruthy();
  });

  it('that failed are open, and stay as the reader leaves them', async () => {
    const parts = [tool('sales', { status: 'error', output: 'There is no such file.' })];
    const { change, session } = await show([answer('m2', 'analyst', 'r1', { parts })]);
    expect(screen.getByText('There is no such file.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: /^Could not read sales\.csv/ }));
    expect(screen.queryByText('There is no such file.')).toBeNull();
    change({ head: session().getState().head + 1 });
    expect(screen.queryByText('There is no such file.')).toBeNull();
  });

  it('show twelve lines of a long result, then all of them', async () => {
    const output = Array.from({ length: 2301 }, (_, i) => `line ${i + 1}`).join('\n');
    await show([answer('m2', 'analyst', 'r1', { parts: [tool('sales', { output })] })]);
    await press(/^Read sales\.csv/);
    expect(screen.queryByText(/line 13\b/)).toBeNull();
    await press('Show all 2,301 lines');
    expect(screen.getByText(/line 2301$/)).toBeTruthy();
  });

  it('fold from four finished ones on, when nothing more is added to them', async () => {
    const parts = ['a', 'b', 'c', 'd'].map(id => tool(id));
    const { change } = await show([answer('m2', 'analyst', 'r1', { parts })], 'running');
    expect(button(/steps/)).toBeNull();
    change({ run_id: undefined, runs: [run('r1', 'completed')] });
    expect(screen.getByRole('button', { name: /^4 steps/ }).textContent).toContain('5 s');
    await press(/^4 steps/);
    expect(screen.getByRole('button', { name: /^Read b\.csv/ })).toBeTruthy();
  });

  it('that failed or still run are never folded away', () => {
    const parts = [
      ...['a', 'b', 'c', 'd'].map(id => tool(id)),
      tool('e', { status: 'error' }),
      tool('f', { status: 'running' })
    ];
    const pieces = foldable(parts, true);
    expect(pieces.map(piece => (Array.isArray(piece) ? piece.length : (piece as ToolPart).call_id))).toEqual([
      4,
      'e',
      'f'
    ]);
  });
});

describe('handoff rows', () => {
  const task = 'Check revenue by quarter';
  const reason = 'It is a question about a table.';
  const handoff: ToolPart = {
    ...tool('k1'),
    name: 'ask_analyst',
    agent: 'supervisor',
    handoff: { agent: 'analyst', path: ['supervisor', 'analyst'], task, reason }
  };

  it('say who gives what to whom, with the reason behind the chevron', async () => {
    await show([answer('m2', 'supervisor', 'r1', { content: 'I ask.', parts: [handoff] })]);
    const row = screen.getByRole('button', { name: /Supervisor to Analyst:/ });
    expect(row.textContent).toContain(task);
    fireEvent.click(row);
    expect(screen.getByText('Reason')).toBeTruthy();
    expect(screen.getAllByText(reason).length).toBeGreaterThan(0);
  });

  const whole = [
    answer('m2', 'supervisor', 'r1', { content: 'I ask.', parts: [handoff] }),
    answer('m3', 'analyst', 'r1', { content: 'Figures.' }),
    answer('m4', 'supervisor', 'r1', { content: 'So it is.' })
  ];

  it("stand above the specialist's own words, and those above the supervisor's answer", async () => {
    await show(whole, 'running');
    const text = screen.getByRole('log').textContent ?? '';
    const order = ['I ask.', task, 'Figures.', 'So it is.'].map(part => text.indexOf(part));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    const analyst = screen.getByRole('region', { name: 'Analyst' });
    expect(analyst.dataset.agent).toBe('analyst');
    expect(within(analyst).getByText('Figures.')).toBeTruthy();
  });

  it("take the specialist's words behind the chevron when the answer is there", async () => {
    const { change } = await show(whole, 'running');
    change({ run_id: undefined, runs: [run('r1', 'completed', { agent: 'supervisor' })] });
    expect(screen.queryByText('Figures.')).toBeNull();
    expect(screen.getByText('So it is.')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: /Supervisor to Analyst:/ }));
    expect(screen.getByText('Figures.')).toBeTruthy();
  });

  it('leave figures and tables in sight, which belong to the answer', async () => {
    const chart: ArtifactPart = {
      type: 'artifact',
      id: 'k-1',
      call_id: 'k',
      agent: 'analyst',
      title: 'Revenue by region',
      bundle: { 'image/png': 'iVBORw0KGgo=' }
    };
    const drawn = [
      whole[0],
      answer('m3', 'analyst', 'r1', { content: 'Figures.', parts: [chart] }),
      whole[2]
    ];
    await show(drawn as SnapshotMessage[]);
    expect(screen.queryByText('Figures.')).toBeNull();
    expect(screen.getByRole('figure', { name: 'Revenue by region' })).toBeTruthy();
  });

  it.each([
    ['failed', whole],
    ['cancelled', whole],
    ['completed', whole.slice(0, 2)]
  ] as const)('leave them in sight where there is no answer: %s', async (state, messages) => {
    const { change } = await show([...messages], 'running');
    change({ run_id: undefined, runs: [run('r1', state, { agent: 'supervisor' })] });
    expect(screen.getByText('Figures.')).toBeTruthy();
  });

  it('leave in sight what a specialist wrote that failed', async () => {
    const failed: ToolPart = { ...handoff, status: 'error', output: 'It broke.' };
    const messages = [
      answer('m2', 'supervisor', 'r1', { content: 'I ask.', parts: [failed] }),
      ...whole.slice(1)
    ];
    await show(messages);
    expect(screen.getByText('Figures.')).toBeTruthy();
  });
});

describe("the person's messages", () => {
  it('that wait behind another say where they stand, and can be taken back', async () => {
    const chat = await openChat();
    chat.change({
      run_id: 'r1',
      messages: [
        userMessage('m1', 'One', 'r1'),
        userMessage('m2', 'Two', 'r2'),
        userMessage('m3', 'Three', 'r3')
      ],
      runs: [run('r1', 'running'), run('r2', 'queued'), run('r3', 'queued')]
    });
    expect(screen.getByText('Queued · 1st')).toBeTruthy();
    expect(screen.getByText('Queued · 2nd')).toBeTruthy();
    fireEvent.click(screen.getAllByRole('button', { name: 'Cancel' })[1] as HTMLElement);
    expect(chat.session().asked).toEqual([['cancel', 'r3']]);
  });

  it('that could not be sent stay, with the reason, Retry and Discard', async () => {
    const chat = await openChat();
    const entry = (client_id: string, state: 'waiting' | 'sending' | 'refused') => ({
      client_id,
      state,
      message: { type: 'message' as const, message: `Text of ${client_id}` },
      created_at: ''
    });
    chat.change({
      outbox: [
        entry('c1', 'sending'),
        entry('c2', 'waiting'),
        { ...entry('c3', 'refused'), error: { error: 'The queue is full.', code: 'busy', retryable: true } }
      ]
    });
    expect(screen.getAllByRole('group', { name: 'Not sent yet' })).toHaveLength(2);
    expect(screen.getByText('The queue is full.')).toBeTruthy();
    fireEvent.click(screen.getAllByRole('button', { name: 'Retry' })[1] as HTMLElement);
    fireEvent.click(screen.getAllByRole('button', { name: 'Discard' })[0] as HTMLElement);
    expect(chat.session().asked).toEqual([
      ['retry', 'c3'],
      ['discard', 'c2']
    ]);
  });
});
