/** The recorded transcripts that Python's fold and the reducer are both held against. */
import { readdirSync, readFileSync } from 'node:fs';
import { decode, type Incoming } from '../protocol/codec';
import type { Snapshot } from '../protocol/types';

export interface Transcript {
  readonly name: string;
  /** The frames as a server would send them. */
  readonly texts: readonly string[];
  readonly frames: readonly Incoming[];
  /** What they fold to. */
  readonly snapshot: Snapshot;
}

const folder = new URL('../../../tests/transcripts/', import.meta.url);

export function transcripts(): Transcript[] {
  return readdirSync(folder)
    .filter(file => file.endsWith('.json'))
    .sort()
    .map(file => {
      const { frames, snapshot } = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
      const texts: string[] = frames.map((frame: unknown) => JSON.stringify(frame));
      return {
        name: file.replace(/\.json$/, ''),
        texts,
        frames: texts.map(text => decode(text)).filter(frame => frame !== undefined),
        snapshot
      };
    });
}

/** The transcript with this name. */
export function transcript(name: string): Transcript {
  const found = transcripts().find(t => t.name === name);
  if (!found) {
    throw new Error(`There is no tests/transcripts/${name}.json`);
  }
  return found;
}
