/** At the end of the log: stay there, frame by frame. Anywhere else: stay where the reader is. */
import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';

const SLACK = 4;

interface Follow {
  readonly scroller: RefObject<HTMLDivElement>;
  readonly content: RefObject<HTMLDivElement>;
  /** There is more below than what is seen. */
  readonly behind: boolean;
  readonly onScroll: () => void;
  readonly pin: () => void;
  readonly unpin: () => void;
  /** Whether the reader stays at the end. */
  readonly isPinned: () => boolean;
}

/** `request`: each new value goes to the end and stays there. */
export function useFollow(request: number): Follow {
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const pinned = useRef(true);
  const lastTop = useRef(0);
  const [behind, setBehind] = useState(false);

  const settle = useCallback(() => {
    const box = scroller.current;
    if (!box) {
      return;
    }
    if (pinned.current) {
      box.scrollTop = box.scrollHeight;
      lastTop.current = box.scrollTop;
    }
    setBehind(below(box) > SLACK);
  }, []);

  const pin = useCallback(() => {
    pinned.current = true;
    settle();
  }, [settle]);

  const unpin = useCallback(() => {
    const box = scroller.current;
    if (box && box.scrollHeight > box.clientHeight + SLACK) {
      pinned.current = false;
    }
  }, []);

  const isPinned = useCallback(() => pinned.current, []);

  const onScroll = useCallback(() => {
    const box = scroller.current;
    if (!box) {
      return;
    }
    if (below(box) <= SLACK) {
      pinned.current = !hasSelection(box);
    } else if (box.scrollTop < lastTop.current - 1) {
      pinned.current = false; // growth below never moves the top upwards: this was the reader
    }
    lastTop.current = box.scrollTop;
    setBehind(below(box) > SLACK);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each new request pins, whatever it is
  useLayoutEffect(pin, [pin, request]);

  useEffect(() => {
    const box = scroller.current;
    if (!box || !content.current || typeof ResizeObserver === 'undefined') {
      return undefined;
    }
    // Runs between layout and paint: nothing flickers
    const observer = new ResizeObserver(entries => {
      if (entries.some(entry => entry.target === box)) {
        // The text keeps the composer's margins whatever room the scrollbar takes here
        box.style.setProperty('--aichat-scrollbar', `${box.offsetWidth - box.clientWidth}px`);
      }
      settle();
    });
    observer.observe(box);
    observer.observe(content.current);
    return () => observer.disconnect();
  }, [settle]);

  useEffect(() => {
    const page = scroller.current?.ownerDocument;
    const onSelect = () => {
      if (scroller.current && hasSelection(scroller.current)) {
        unpin();
      }
    };
    page?.addEventListener('selectionchange', onSelect);
    return () => page?.removeEventListener('selectionchange', onSelect);
  }, [unpin]);

  return { scroller, content, behind, onScroll, pin, unpin, isPinned };
}

function below(box: HTMLElement): number {
  return box.scrollHeight - box.clientHeight - box.scrollTop;
}

function hasSelection(box: HTMLElement): boolean {
  const selection = box.ownerDocument.getSelection();
  return selection !== null && !selection.isCollapsed && box.contains(selection.anchorNode);
}
