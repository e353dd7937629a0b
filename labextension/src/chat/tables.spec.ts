import { describe, expect, it } from 'vitest';
import { type Entry, folderOf, nearbyTables } from './tables';

const tree: Record<string, readonly string[]> = {
  '': ['notebooks/', 'readme.md'],
  notebooks: ['a.ipynb', 'data/', 'old/', '.hidden.csv'],
  'notebooks/data': ['sales.csv', '매출.xlsx', 'notes.txt'],
  'notebooks/old': ['old.csv'],
  many: ['1.csv', '2.tsv', '3.parquet', '4.csv']
};

function list(asked: string[] = []) {
  return async (folder: string): Promise<readonly Entry[]> => {
    asked.push(folder);
    const names = tree[folder];
    if (!names) {
      throw new Error(`No folder ${folder}`);
    }
    return names.map(text => {
      const name = text.replace('/', '');
      return {
        name,
        path: folder ? `${folder}/${name}` : name,
        type: text.endsWith('/') ? 'directory' : name.endsWith('.ipynb') ? 'notebook' : 'file'
      };
    });
  };
}

describe('tables near the reader', () => {
  it('are looked for beside the notebook and in a data folder there, nearest first', async () => {
    expect(await nearbyTables(['notebooks', ''], list())).toEqual([
      'notebooks/data/sales.csv',
      'notebooks/data/매출.xlsx'
    ]);
  });

  it('are at most three, and no folder is listed for more', async () => {
    const asked: string[] = [];
    expect(await nearbyTables(['many', 'notebooks'], list(asked))).toEqual([
      'many/1.csv',
      'many/2.tsv',
      'many/3.parquet'
    ]);
    expect(asked).toEqual(['many']);
  });

  it('are none where nothing can be read', async () => {
    expect(await nearbyTables(['nowhere'], list())).toEqual([]);
  });
});

it('the folder of a path is what stands before its name', () => {
  expect([folderOf('a/b/c.csv'), folderOf('c.csv')]).toEqual(['a/b', '']);
});
