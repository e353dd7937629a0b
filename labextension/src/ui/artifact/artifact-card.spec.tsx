// @vitest-environment happy-dom
import { act, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ArtifactPart } from '../../protocol/types';
import { answer, run, userMessage } from '../testing/fakes';
import { button, openChat, press, type Setup } from '../testing/render';
import { STORED_MIME } from './bundle';
import { fileOf } from './keep';
import { TABLE_MIME, tableOf } from './table-data';

afterEach(() => vi.restoreAllMocks());

const PNG = btoa('\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\x7c\x08\x06');
const ROWS = Array.from({ length: 25 }, (_, i) => [`row ${i + 1}`, i === 3 ? null : 1000 * (i + 1)]);
const TABLE = {
  columns: [
    { name: 'label', dtype: 'object' },
    { name: 'revenue', dtype: 'int64' }
  ],
  rows: ROWS,
  total: 9812
};

async function show(bundle: ArtifactPart['bundle'], more: Partial<ArtifactPart> = {}, setup: Setup = {}) {
  const part: ArtifactPart = { type: 'artifact', id: 'a1', agent: 'visualizer', bundle, ...more };
  const chat = await openChat(setup);
  chat.change({
    messages: [userMessage('m1', 'Question', 'r1'), answer('m2', 'visualizer', 'r1', { parts: [part] })],
    runs: [run('r1', 'completed')]
  });
  return chat;
}

const figure = () => screen.getByRole('figure');
const cells = (row: HTMLElement | undefined) => [...(row?.children ?? [])].map(cell => cell.textContent);

describe('a figure', () => {
  it('has a title, an origin, and the size it will have', async () => {
    await show({ 'image/png': PNG }, { title: 'Revenue', metadata: { origin: 'q3' } });
    expect(figure().textContent).toContain('RevenueVisualizer · from q3');
    const image = screen.getByRole<HTMLImageElement>('img', { name: 'Revenue' });
    expect(image.src).toBe(`data:image/png;base64,${PNG}`);
    expect([image.width, image.height]).toEqual([640, 380]);
  });

  it('can be enlarged, copied and kept, by name', async () => {
    await show({ 'image/png': PNG }, { title: 'Revenue' });
    expect(within(figure()).getByRole('button', { name: 'Copy' })).toBeTruthy();
    expect(button('Download')).toBeTruthy();
    await press('Enlarge');
    const dialog = screen.getByRole('dialog', { name: 'Revenue' });
    expect(within(dialog).getByRole('img', { name: 'Revenue' })).toBeTruthy();
    fireEvent.click(within(dialog).getByRole('button', { name: 'Close' }));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('of SVG is a picture: nothing of it gets into the page', async () => {
    await show({ 'image/svg+xml': '<svg><script id="evil">alert(1)</script></svg>' }, { title: 'S' });
    expect(screen.getByRole<HTMLImageElement>('img', { name: 'S' }).src).toMatch(/^data:image\/svg\+xml/);
    expect(document.querySelector('#evil')).toBeNull();
  });

  it('that could be moved says that here it is not', async () => {
    await show({ 'application/vnd.plotly.v1+json': {}, 'image/png': PNG });
    expect(figure().textContent).toContain('This Plotly chart can be moved and zoomed in a notebook');
  });
});

describe('a table', () => {
  it('shows ten rows of how many, numbers to the right, missing values as such', async () => {
    await show({ [TABLE_MIME]: TABLE, 'text/plain': 'x' });
    const rows = within(screen.getByRole('table')).getAllByRole('row');
    expect(rows).toHaveLength(11);
    expect(cells(rows[1])).toEqual(['row 1', '1,000']);
    expect(figure().textContent).toContain('10 of 9,812');
    expect(screen.getByTitle('missing').textContent).toBe('–');
    expect(screen.getByRole('columnheader', { name: 'revenue' }).dataset.numeric).toBe('true');
    expect(screen.getByRole('columnheader', { name: 'label' }).dataset.numeric).toBe('false');
  });

  it('is turned page by page to the end of what is here', async () => {
    await show({ [TABLE_MIME]: TABLE });
    expect(button('Previous rows')?.disabled).toBe(true);
    await press('Next rows');
    await press('Next rows');
    expect(figure().textContent).toContain('21–25 of 9,812 · the first 25 are here');
    expect(button('Next rows')?.disabled).toBe(true);
    expect(screen.getByRole('cell', { name: 'row 25' })).toBeTruthy();
  });

  it('that is short has no pager', async () => {
    await show({ [TABLE_MIME]: { ...TABLE, rows: ROWS.slice(0, 3), total: 3 } });
    expect(figure().textContent).toContain('3 of 3');
    expect(button('Next rows')).toBeNull();
  });

  it('is copied for a spreadsheet', async () => {
    let copied = '';
    document.execCommand = () => {
      copied = document.querySelector<HTMLTextAreaElement>('body > textarea')?.value ?? '';
      return true;
    };
    await show({ [TABLE_MIME]: TABLE });
    await press('Copy as TSV');
    expect(copied.split('\n').slice(0, 2)).toEqual(['label\trevenue', 'row 1\t1000']);
    expect(button('Copied')).toBeTruthy();
  });

  it('speaks Korean', async () => {
    await show(
      { [TABLE_MIME]: TABLE },
      {},
      {
        host: host => {
          host.language = 'ko';
        }
      }
    );
    expect(figure().textContent).toContain('9,812행 중 10행');
    expect(button('CSV로 내려받기')).toBeTruthy();
  });
});

describe('a text', () => {
  it('of Markdown is rendered as the chat renders it', async () => {
    await show({ 'text/markdown': '# Q3\n\n<b>no HTML</b>' });
    expect(within(figure()).getByRole('heading', { name: 'Q3' })).toBeTruthy();
    expect(figure().querySelectorAll('.aichat-markdown b')).toHaveLength(0);
  });

  it('of HTML stands in a frame of its own without scripts and network', async () => {
    await show({ 'text/html': '<h1 id="inside">x</h1><script>top.evil = 1</script>' }, { title: 'Page' });
    const frame = screen.getByTitle<HTMLIFrameElement>('Page');
    expect(frame.getAttribute('sandbox')).toBe('');
    expect(frame.getAttribute('srcdoc')).toMatch(
      /^<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">/
    );
    expect(document.querySelector('#inside')).toBeNull();
  });

  it('without any known type is named', async () => {
    await show({ 'application/x-onnx': 'abc' }, { title: 'Model' });
    expect(figure().textContent).toContain('This cannot be shown here: application/x-onnx');
    expect(button('Download')).toBeNull();
  });
});

describe('what is too large to come with the conversation', () => {
  const stored = (mime: string) => ({ [STORED_MIME]: { mime, size: 2_340_000 } });

  it('comes when it is asked for, and is then like any other', async () => {
    const { backend, session } = await show({ ...stored('image/png'), 'text/plain': '<Figure>' });
    backend.file = new Blob([Uint8Array.from(atob(PNG), letter => letter.charCodeAt(0))]);
    expect(figure().textContent).toContain('<Figure>');
    expect(screen.queryByRole('img')).toBeNull();
    await press('Show it (2.3 MB)');
    expect(backend.asked.at(-1)).toEqual(['artifact', session().threadId, 'a1', 'image/png']);
    const image = screen.getByRole<HTMLImageElement>('img', { name: 'Chart' });
    expect(image.src).toBe(`data:image/png;base64,${PNG}`);
    expect(button('Show it (2.3 MB)')).toBeNull();
    expect(button('Download')).toBeTruthy();
  });

  it('is a table as well as a picture; with nothing else to show there is only the button', async () => {
    const { backend } = await show(stored(TABLE_MIME));
    expect(figure().textContent).toBe('ResultVisualizerShow it (2.3 MB)');
    backend.file = new Blob([JSON.stringify(TABLE)]);
    await press('Show it (2.3 MB)');
    expect(figure().textContent).toContain('10 of 9,812');
  });

  it('can be tried again', async () => {
    const { backend } = await show(stored('text/markdown'));
    backend.failure = new Error('gone');
    await press('Show it (2.3 MB)');
    expect(screen.getByRole('alert').textContent).toBe('It could not be loaded; try again.');
    backend.file = new Blob(['# 매출']);
    await press('Show it (2.3 MB)');
    expect(within(figure()).getByRole('heading', { name: '매출' })).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('of SVG gets into a picture and not into the page', async () => {
    const { backend } = await show(stored('image/svg+xml'), { title: 'S' });
    backend.file = new Blob(['<svg><script id="evil">alert(1)</script></svg>']);
    await press('Show it (2.3 MB)');
    expect(screen.getByRole<HTMLImageElement>('img', { name: 'S' }).src).toMatch(/^data:image\/svg\+xml/);
    expect(document.querySelector('#evil')).toBeNull();
  });
});

describe('the file of it', () => {
  it('has the ending and the bytes of what is shown', async () => {
    const png = fileOf({ kind: 'image', mime: 'image/png', src: `data:image/png;base64,${PNG}` });
    expect(png?.ending).toBe('png');
    expect(new Uint8Array((await png?.content.arrayBuffer()) ?? new ArrayBuffer(0)).slice(0, 4)).toEqual(
      new Uint8Array([0x89, 0x50, 0x4e, 0x47])
    );
    const svg = fileOf({ kind: 'image', mime: 'image/svg+xml', src: 'data:image/svg+xml,%3Csvg%2F%3E' });
    expect(await svg?.content.text()).toBe('<svg/>');
    const table = tableOf(TABLE);
    const csv = table && fileOf({ kind: 'table', table });
    const bytes = new Uint8Array((await csv?.content.arrayBuffer()) ?? new ArrayBuffer(0));
    expect([csv?.ending, ...bytes.slice(0, 3)]).toEqual(['csv', 0xef, 0xbb, 0xbf]);
    expect(fileOf({ kind: 'markdown', text: '# x' })?.ending).toBe('md');
    expect(fileOf({ kind: 'html', text: '<b>' })?.ending).toBe('txt');
  });

  it('is named after the title, without what no file name may have', async () => {
    await show({ 'text/plain': 'x' }, { title: 'Q3: revenue/region\u202e' });
    const names: string[] = [];
    URL.createObjectURL = () => 'blob:x';
    vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
      names.push(this.download);
    });
    await act(async () => void fireEvent.click(screen.getByRole('button', { name: 'Download' })));
    expect(names).toEqual(['Q3 revenue region.txt']);
  });
});
