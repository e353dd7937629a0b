/** Why a handshake failed: a browser does not tell, so the REST side is asked. */
import { PROTOCOL } from '../protocol/codec';
import type { ThreadState } from '../state/types';
import { type Api, ApiError } from './api';

/** What is known now; `undefined` if trying again may help. */
export type Verdict = Pick<ThreadState, 'connection' | 'refusal' | 'versions'> | undefined;

export async function probe(api: Pick<Api, 'health'>): Promise<Verdict> {
  try {
    return mismatch(await api.health());
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    if (error.status === 404) {
      return { connection: 'absent' };
    }
    if (error.status === 401 || error.status === 403) {
      return { connection: 'refused', refusal: { code: error.status, reason: error.message } };
    }
    return undefined;
  }
}

/** The verdict on a server that says what it is. */
export function mismatch({ protocol, version }: { protocol: number; version: string }): Verdict {
  if (protocol === PROTOCOL) {
    return undefined;
  }
  return { connection: 'mismatch', versions: { client: PROTOCOL, server: protocol, package: version } };
}
