/** A question to the person must not be missed because its card is out of view. */
import { type RefObject, useEffect, useState } from 'react';
import { pendingApprovals } from '../state/selectors';
import { useT, useThread } from './context';
import { Icon } from './icon';

interface Props {
  readonly scroller: RefObject<HTMLElement>;
  /** The reader looks at something: don't follow the end. */
  readonly unpin: () => void;
}

export function Dock({ scroller, unpin }: Props): JSX.Element | null {
  const t = useT();
  const pending = useThread(pendingApprovals);
  const hidden = useOutOfView(
    scroller,
    pending.map(({ approval }) => approval.approval_id)
  );
  const first = hidden[0];
  if (first === undefined) {
    return null;
  }
  const review = () => {
    const card = cardOf(scroller.current, first);
    unpin();
    card?.scrollIntoView({ block: 'nearest' });
    card?.querySelector<HTMLElement>('[tabindex="-1"]')?.focus({ preventScroll: true });
  };
  return (
    <div className="aichat-dock">
      <Icon name="attention" />
      <span>
        {hidden.length === 1 ? t('1 approval waiting') : t('{n} approvals waiting', { n: hidden.length })}
      </span>
      <button type="button" className="aichat-link-button" onClick={review}>
        {t('Review')}
      </button>
    </div>
  );
}

function cardOf(scroller: HTMLElement | null, id: string): HTMLElement | undefined {
  return [...(scroller?.querySelectorAll<HTMLElement>('[data-approval]') ?? [])].find(
    card => card.dataset.approval === id
  );
}

/** Which of the cards nobody can see right now. */
function useOutOfView(scroller: RefObject<HTMLElement>, ids: readonly string[]): readonly string[] {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const key = ids.join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for `ids`, which is a new list each time
  useEffect(() => {
    if (ids.length === 0 || typeof IntersectionObserver === 'undefined') {
      return undefined;
    }
    const observer = new IntersectionObserver(
      entries =>
        setHidden(before => {
          const after = new Set(before);
          for (const { target, isIntersecting } of entries) {
            const id = (target as HTMLElement).dataset.approval ?? '';
            isIntersecting ? after.delete(id) : after.add(id);
          }
          return after;
        }),
      { root: scroller.current, threshold: 0.2 }
    );
    for (const id of ids) {
      const card = cardOf(scroller.current, id);
      if (card) {
        observer.observe(card);
      }
    }
    return () => observer.disconnect();
  }, [key, scroller]);
  return ids.filter(id => hidden.has(id));
}
