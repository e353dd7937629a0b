/** On the shared model that JupyterLab itself uses. */
import { YNotebook } from '@jupyter/ydoc';
import { expect, it } from 'vitest';
import { cellOf, insertCell, replaceSource } from './notebook-edits';

const ORIGIN = { thread: 't1', run: 'r1', message: 'm2', agent: 'writer' };

function notebook(...sources: string[]): YNotebook {
  const made = new YNotebook();
  made.insertCells(
    0,
    sources.map((source, i) => ({ cell_type: 'code', id: `c${i}`, source, metadata: {} }))
  );
  made.undoManager.clear();
  return made;
}

const sources = (of: YNotebook) => of.cells.map(cell => cell.getSource());

it('a cell is inserted behind the one that is named, or at the end, and says where it is from', () => {
  const open = notebook('a', 'b');
  const id = insertCell(open, { type: 'markdown', source: '# Report', after: 'c0' }, ORIGIN);
  insertCell(open, { type: 'code', source: 'z' }, ORIGIN);
  expect(sources(open)).toEqual(['a', '# Report', 'b', 'z']);
  expect(open.cells[1]?.getId()).toBe(id);
  expect(open.cells.map(cell => cell.cell_type)).toEqual(['code', 'markdown', 'code', 'code']);
  expect(open.cells[1]?.getMetadata('jupyter_aichat')).toEqual(ORIGIN);
});

it('undo takes back what an agent did, and nothing that the person did just before', () => {
  const open = notebook('a');
  open.cells[0]?.updateSource(1, 1, '!');
  insertCell(open, { type: 'code', source: 'x' }, ORIGIN);
  replaceSource(open, 'c0', 'other');
  expect(sources(open)).toEqual(['other', 'x']);
  open.undo();
  expect(sources(open)).toEqual(['a!', 'x']);
  open.undo();
  expect(sources(open)).toEqual(['a!']);
});

it('a cell gets its new source by the smallest change, so that a cursor in it stays', () => {
  const open = notebook('df = load()\nplot(df)');
  const changes: unknown[] = [];
  open.cells[0]?.changed.connect((_, change) => changes.push(change.sourceChange));
  replaceSource(open, 'c0', 'df = load()\nplot(df, kind="bar")');
  expect(sources(open)).toEqual(['df = load()\nplot(df, kind="bar")']);
  expect(changes).toEqual([[{ retain: 19 }, { insert: ', kind="bar"' }]]);
  for (const source of ['', 'aa', 'a', 'aaa', 'aba', 'xabay']) {
    replaceSource(open, 'c0', source);
    expect(sources(open)).toEqual([source]);
  }
});

it('a cell that the person has changed since is left alone', () => {
  const open = notebook('what the agent read');
  open.cells[0]?.setSource('what the person wrote');
  expect(() => replaceSource(open, 'c0', 'new', 'what the agent read')).toThrow(/edited in the meantime/);
  expect(() => cellOf(open, 'c0', 'what the agent read')).toThrow(/edited in the meantime/);
  expect(sources(open)).toEqual(['what the person wrote']);
  replaceSource(open, 'c0', 'new', 'what the person wrote');
  expect(sources(open)).toEqual(['new']);
});

it('a cell that is gone is said to be gone, and nothing is put elsewhere', () => {
  const open = notebook('a');
  expect(() => replaceSource(open, 'c7', 'x')).toThrow(/not in the notebook any more/);
  expect(() => insertCell(open, { type: 'code', source: 'x', after: 'c7' }, ORIGIN)).toThrow(/not in the/);
  expect(sources(open)).toEqual(['a']);
});
