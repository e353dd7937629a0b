/** A value that changes and can be watched; what React's `useSyncExternalStore` asks for. */
import { useSyncExternalStore } from 'react';

export interface Readable<T> {
  get(): T;
  /** Called after each change. Returns how to stop. */
  subscribe(listener: () => void): () => void;
}

/** A `Readable` that its owner sets. All methods are bound. */
export class Signal<T> implements Readable<T> {
  private readonly listeners = new Set<() => void>();

  constructor(private value: T) {}

  readonly get = (): T => this.value;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  readonly set = (value: T): void => {
    if (!Object.is(value, this.value)) {
      this.value = value;
      for (const listener of [...this.listeners]) {
        listener();
      }
    }
  };
}

export function useReadable<T>(readable: Readable<T>): T {
  return useSyncExternalStore(readable.subscribe, readable.get);
}
