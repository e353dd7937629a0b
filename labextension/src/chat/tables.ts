/** Tables near the reader: in the open notebook's folder, the file browser's, or a data folder beside them. */

/** What is needed of a listing; a structural part of Lab's contents model. */
export interface Entry {
  readonly name: string;
  readonly path: string;
  readonly type: string;
}

export type List = (folder: string) => Promise<readonly Entry[]>;

const TABLE = /\.(csv|tsv|parquet|xlsx?)$/i;
const DATA_FOLDER = /^(data|datasets?|input|데이터)$/i;
const WANTED = 3;
const LISTINGS = 6;

/** Paths of up to three tables. Folders that can't be read are left out. */
export async function nearbyTables(folders: readonly string[], list: List): Promise<readonly string[]> {
  const found = new Set<string>();
  const waiting = [...new Set(folders)];
  for (let listed = 0; waiting.length > 0 && listed < LISTINGS && found.size < WANTED; listed++) {
    const folder = waiting.shift() ?? '';
    let entries: readonly Entry[];
    try {
      entries = await list(folder);
    } catch {
      continue;
    }
    const visible = entries.filter(entry => !entry.name.startsWith('.'));
    for (const entry of visible) {
      if (entry.type === 'file' && TABLE.test(entry.name)) {
        found.add(entry.path);
      }
    }
    const inside = visible.filter(entry => entry.type === 'directory' && DATA_FOLDER.test(entry.name));
    waiting.unshift(...inside.map(entry => entry.path));
  }
  return [...found].slice(0, WANTED);
}

/** The folder a path stands in; "" for the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
