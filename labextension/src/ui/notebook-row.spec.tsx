// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { translator } from '../i18n/translate';
import type { KernelChanges, NotebookPart, SnapshotRun } from '../protocol/types';
import { answer, run, userMessage } from './testing/fakes';
import { button, openChat, press, type Setup } from './testing/render';
import { changeWords } from './words/changes';

const ko: Setup = {
  host: host => {
    host.language = 'ko';
  }
};

function action(more: Partial<NotebookPart> = {}): NotebookPart {
  return {
    type: 'notebook',
    action_id: 'na1',
    call_id: 'k1',
    agent: 'writer',
    kind: 'insert_cell',
    notebook: 'work/01-quickstart.ipynb',
    args: { source: '# Report' },
    ...more
  };
}

async function show(part: NotebookPart, state: SnapshotRun['state'] = 'completed', setup: Setup = {}) {
  const asked: unknown[][] = [];
  const chat = await openChat({
    ...setup,
    host: host => {
      setup.host?.(host);
      Object.assign(host, {
        openPath: (path: string) => asked.push(['open', path]),
        showCell: (...cell: unknown[]) => asked.push(['show', ...cell])
      });
    }
  });
  const tool = { type: 'tool', call_id: 'k1', name: part.kind, args: {}, agent: 'writer' } as const;
  chat.change({
    messages: [
      userMessage('m1', 'Question', 'r1'),
      answer('m2', 'writer', 'r1', { parts: [{ ...tool, status: 'ok' }, part] })
    ],
    runs: [run('r1', state)],
    run_id: state === 'running' ? 'r1' : undefined
  });
  return { ...chat, asked };
}

describe('an action in a notebook', () => {
  it('that is done is one row, and a press shows the cell', async () => {
    const { asked } = await show(action({ status: 'ok', result: { cell_id: 'c9' } }));
    await press('Inserted a cell in 01-quickstart.ipynb');
    expect(asked).toEqual([['show', 'work/01-quickstart.ipynb', 'c9']]);
    expect(button(/New cell/)).toBeNull(); // the row of its call would say the same
  });

  it.each<[NotebookPart['kind'], string]>([
    ['replace_cell', 'Changed a cell in 01-quickstart.ipynb'],
    ['run_cell', 'Ran a cell in 01-quickstart.ipynb']
  ])('of the kind %s says so, and knows its cell', async (kind, words) => {
    const { asked } = await show(action({ kind, status: 'ok', args: { cell_id: 'c1' } }));
    await press(words);
    expect(asked).toEqual([['show', 'work/01-quickstart.ipynb', 'c1']]);
  });

  it('that waits asks for the notebook, and a press opens it', async () => {
    const { asked } = await show(action(), 'running');
    await press('Open 01-quickstart.ipynb to insert a cell');
    expect(asked).toEqual([['open', 'work/01-quickstart.ipynb']]);
  });

  it('that somebody has claimed is going on', async () => {
    const { change } = await show(action(), 'running');
    change({ claims: { na1: 'ours' } });
    expect(button('Inserting a cell into 01-quickstart.ipynb…')).toBeTruthy();
  });

  it('that failed says why, in the language of the reader if the words are ours', async () => {
    const error = 'The cell was edited in the meantime. Read it again.';
    await show(action({ kind: 'replace_cell', status: 'error', result: { error } }));
    expect(screen.getByText(error)).toBeTruthy();
    await show(action({ kind: 'replace_cell', status: 'error', result: { error } }), 'completed', ko);
    expect(screen.getByText('그사이 셀 내용이 바뀌었어요. 다시 읽어 주세요.')).toBeTruthy();
    await show(action({ status: 'error', result: { error: 'toString' } }), 'completed', ko);
    expect(screen.getByText('toString')).toBeTruthy();
  });

  it('whose run ended without an outcome does not seem to go on', async () => {
    const { change } = await show(action());
    change({ runs: [run('r1', 'completed'), run('r2', 'running')], run_id: 'r2' });
    expect(screen.getByText('outcome unknown')).toBeTruthy();
    expect(screen.getByText('New cell · 01-quickstart.ipynb')).toBeTruthy();
  });
});

describe('changes of the kernel', () => {
  const changes: KernelChanges = {
    kernel_id: 'k',
    created: [{ name: 'q3', after: 'DataFrame 4 × 3', agent: 'analyst' }],
    changed: [{ name: 'df_sales', before: 'DataFrame 10,000 × 8', after: 'DataFrame 9,812 × 8' }],
    deleted: [{ name: 'tmp', before: 'list of 3' }]
  };

  async function changed(of: KernelChanges, setup: Setup = {}) {
    const chat = await openChat(setup);
    chat.change({
      messages: [userMessage('m1', 'Q', 'r1'), answer('m2', 'analyst', 'r1', { content: 'Done.' })],
      runs: [run('r1', 'completed', { changes: of, agent: 'analyst' })]
    });
    return chat;
  }

  it('are one row at the end of the run, with a list behind it', async () => {
    await changed(changes);
    await press('Kernel: ~ df_sales 10,000 → 9,812 rows · − tmp · + q3 (4 × 3)');
    expect(screen.getAllByRole('listitem').map(item => item.textContent)).toEqual([
      'df_sales changed · DataFrame 10,000 × 8 → DataFrame 9,812 × 8',
      'tmp deleted · list of 3',
      'q3 created · DataFrame 4 × 3 · Analyst'
    ]);
  });

  it('are told in Korean', async () => {
    await changed(changes, ko);
    expect(button('커널: ~ df_sales 10,000 → 9,812행 · − tmp · + q3 (4 × 3)')).toBeTruthy();
  });

  it('are counted from the fourth on', async () => {
    const created = ['a', 'b', 'c', 'd'].map(name => ({ name, after: 'int' }));
    await changed({ ...changes, created });
    await press('Kernel: ~ df_sales 10,000 → 9,812 rows · − tmp · + a (int) · 3 more');
    expect(screen.getAllByRole('listitem')).toHaveLength(6);
  });

  it('are not told when there are none', async () => {
    await changed({ kernel_id: 'k', created: [], changed: [], deleted: [] });
    expect(button(/^Kernel/)).toBeNull();
  });

  it.each([
    [{ name: 'x', after: 'int' }, 'created', '+ x (int)'],
    [{ name: 'x' }, 'created', '+ x'],
    [{ name: 'x', before: 'int', after: 'str' }, 'changed', '~ x int → str'],
    [{ name: 'x', before: 'int', after: 'int' }, 'changed', '~ x'],
    [
      { name: 'd', before: 'DataFrame 4 × 3', after: 'DataFrame 4 × 5' },
      'changed',
      '~ d DataFrame 4 × 3 → DataFrame 4 × 5'
    ],
    [{ name: 'd', after: 'DataFrame 119행 × 11열' }, 'created', '+ d (119 × 11)'],
    [{ name: 'd', before: 'pl.DataFrame 4 × 3', after: 'pl.DataFrame 2 × 3' }, 'changed', '~ d 4 → 2 rows']
  ] as const)('%j %s: %s', (change, kind, words) => {
    expect(changeWords(kind, change, translator('en'))).toBe(words);
  });
});

describe('the answer', () => {
  it('can be put into the open notebook as a Markdown cell', async () => {
    const inserted: unknown[][] = [];
    const chat = await openChat({
      host: host => {
        Object.assign(host, { insertCell: (...what: unknown[]) => inserted.push(what) });
        host.notebook.set({ path: 'a.ipynb' });
      }
    });
    chat.change({
      messages: [userMessage('m1', 'Q', 'r1'), answer('m2', 'writer', 'r1', { content: '**12 %** more.' })],
      runs: [run('r1', 'completed')]
    });
    await press('Insert as cell');
    expect(inserted).toEqual([['**12 %** more.', 'markdown']]);
    chat.change({ runs: [run('r1', 'running')] });
    expect(button('Insert as cell')).toBeNull();
  });

  it('cannot, where no notebook is open', async () => {
    const chat = await openChat();
    chat.change({
      messages: [userMessage('m1', 'Q', 'r1'), answer('m2', 'writer', 'r1', { content: 'x' })],
      runs: [run('r1', 'completed')]
    });
    expect(button('Copy answer')).toBeTruthy();
    expect(button('Insert as cell')).toBeNull();
  });
});
