/** What opens over the conversation: closes on Escape and on a press elsewhere, and gives the focus back. */
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useRef } from 'react';

interface Options {
  readonly onClose: () => void;
  /** What opened it: gets the focus back, and a press on it does not count as elsewhere. */
  readonly opener: RefObject<HTMLElement | null>;
}

/** Returns the ref and key handler for the popup's element. The first focus is the popup's own business. */
export function useDismiss({ onClose, opener }: Options): {
  ref: RefObject<HTMLDivElement>;
  onKeyDown: (event: KeyboardEvent) => void;
} {
  const ref = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const page = ref.current?.ownerDocument;
    const onPress = (event: PointerEvent) => {
      const at = event.target as Node;
      if (!ref.current?.contains(at) && !opener.current?.contains(at)) {
        close.current();
      }
    };
    page?.addEventListener('pointerdown', onPress, true);
    return () => {
      page?.removeEventListener('pointerdown', onPress, true);
    };
  }, [opener]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      event.stopPropagation();
      close.current();
      opener.current?.focus();
    }
  };
  return { ref, onKeyDown };
}

interface MenuProps extends Options {
  readonly label: string;
  readonly children: ReactNode;
}

/** A menu of `MenuItem`s: arrows, Home and End move; Escape and Tab close. */
export function Menu({ label, onClose, opener, children }: MenuProps): JSX.Element {
  const { ref, onKeyDown } = useDismiss({ onClose, opener });
  const items = () => [
    ...(ref.current?.querySelectorAll<HTMLElement>('[role="menuitem"]:not([aria-disabled="true"])') ?? [])
  ];
  useEffect(() => {
    ref.current?.querySelector<HTMLElement>('[role="menuitem"]:not([aria-disabled="true"])')?.focus();
  }, [ref]);
  return (
    <div
      ref={ref}
      role="menu"
      aria-label={label}
      className="aichat-popup aichat-menu"
      onKeyDown={event => {
        const all = items();
        const at = all.indexOf(event.target as HTMLElement);
        const to =
          event.key === 'ArrowDown'
            ? (at + 1) % all.length
            : event.key === 'ArrowUp'
              ? (at - 1 + all.length) % all.length
              : event.key === 'Home'
                ? 0
                : event.key === 'End'
                  ? all.length - 1
                  : -1;
        if (to >= 0) {
          event.preventDefault();
          all[to]?.focus();
        } else if (event.key === 'Tab') {
          onClose();
        } else {
          onKeyDown(event);
        }
      }}
    >
      {children}
    </div>
  );
}

export function MenuItem(props: {
  onSelect: () => void;
  disabled?: boolean;
  children: ReactNode;
}): JSX.Element {
  const { onSelect, disabled = false, children } = props;
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      aria-disabled={disabled}
      className="aichat-menu-item"
      onClick={() => {
        if (!disabled) {
          onSelect();
        }
      }}
    >
      {children}
    </button>
  );
}
