/** "Copy", and for a moment "Copied". */
import { useEffect, useState } from 'react';
import { copyText } from './clipboard';
import { useT } from './context';
import { Icon } from './icon';

const SHOWN_MS = 1500;

interface Props {
  /** The text; or copies something itself and says whether it worked. */
  readonly text: string | (() => Promise<boolean>);
  readonly label?: string;
}

export function CopyButton({ text, label }: Props): JSX.Element {
  const t = useT();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) {
      return undefined;
    }
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const name = copied ? t('Copied') : (label ?? t('Copy'));
  return (
    <button
      type="button"
      className="aichat-icon-button"
      aria-label={name}
      title={name}
      onClick={async () => setCopied(await (typeof text === 'string' ? copyText(text) : text()))}
    >
      <Icon name={copied ? 'check' : 'copy'} />
    </button>
  );
}
