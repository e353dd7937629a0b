/** Pictures and buttons that show one. A picture never says anything alone: buttons have names, rows have words. */
import { type ButtonHTMLAttributes, forwardRef } from 'react';
import { useHost } from './context';
import type { IconName } from './icon-names';

export function Icon({ name, className }: { name: IconName; className?: string }): JSX.Element {
  const svg = useHost().icons[name];
  return (
    <span
      aria-hidden="true"
      className={className ? `aichat-icon ${className}` : 'aichat-icon'}
      // biome-ignore lint/security/noDangerouslySetInnerHtml: our own SVG files and Lab's, never anything from outside
      dangerouslySetInnerHTML={{ __html: svg }}
    />
  );
}

interface Props extends ButtonHTMLAttributes<HTMLButtonElement> {
  readonly icon: IconName;
  readonly label: string;
}

/** A button that is only a picture; its name is also its tooltip. */
export const IconButton = forwardRef<HTMLButtonElement, Props>(function IconButton(props, ref) {
  const { icon, label, className, ...rest } = props;
  return (
    <button
      type="button"
      ref={ref}
      aria-label={label}
      title={label}
      className={className ? `aichat-icon-button ${className}` : 'aichat-icon-button'}
      {...rest}
    >
      <Icon name={icon} />
    </button>
  );
});
