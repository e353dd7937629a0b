// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { browserEnvironment, tabStorage } from './environment';

describe('the next frame', () => {
  let draw: (() => void) | undefined;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('requestAnimationFrame', (callback: () => void) => {
      draw = callback;
      return 1;
    });
    vi.stubGlobal('cancelAnimationFrame', () => {
      draw = undefined;
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('comes with the next picture', () => {
    const callback = vi.fn();
    browserEnvironment().nextFrame(callback);
    draw?.();
    vi.advanceTimersByTime(10_000);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  it('comes soon where none is drawn, because the tab is hidden', () => {
    const callback = vi.fn();
    browserEnvironment().nextFrame(callback);
    vi.advanceTimersByTime(250);
    expect(callback).toHaveBeenCalledTimes(1);
    expect(draw).toBeUndefined();
  });

  it('does not come when it is not wanted any more', () => {
    const callback = vi.fn();
    browserEnvironment().nextFrame(callback)();
    vi.advanceTimersByTime(10_000);
    expect(draw).toBeUndefined();
    expect(callback).not.toHaveBeenCalled();
  });
});

describe('coming back', () => {
  it('is the network or somebody who looks, until nobody listens', () => {
    const listener = vi.fn();
    const stop = browserEnvironment().onReturn(listener);
    window.dispatchEvent(new Event('online'));
    document.dispatchEvent(new Event('visibilitychange'));
    expect(listener).toHaveBeenCalledTimes(2);
    vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
    document.dispatchEvent(new Event('visibilitychange'));
    expect(listener).toHaveBeenCalledTimes(2);
    vi.restoreAllMocks();
    stop();
    window.dispatchEvent(new Event('online'));
    document.dispatchEvent(new Event('visibilitychange'));
    expect(listener).toHaveBeenCalledTimes(2);
  });
});

it('ids differ, and need no secure page', () => {
  const { newId } = browserEnvironment();
  const ids = new Set(Array.from({ length: 100 }, newId));
  expect(ids.size).toBe(100);
  for (const id of ids) {
    expect(id).toMatch(/^[0-9a-f]{32}$/);
  }
});

describe('the storage of a tab', () => {
  it('keeps what it is given, apart for each prefix', () => {
    const one = tabStorage('one:');
    one.set('draft', 'text');
    expect(one.get('draft')).toBe('text');
    expect(tabStorage('two:').get('draft')).toBeNull();
    one.set('draft', null);
    expect(one.get('draft')).toBeNull();
  });

  it('forgets where a page may not store', () => {
    vi.stubGlobal('sessionStorage', {
      getItem: () => {
        throw new DOMException('denied');
      },
      setItem: () => {
        throw new DOMException('full');
      }
    });
    const storage = tabStorage('x:');
    storage.set('draft', 'text');
    expect(storage.get('draft')).toBeNull();
    vi.unstubAllGlobals();
  });
});
