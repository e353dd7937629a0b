/** Which model answers, why, where data goes, and how to connect another one without a restart. */
import { useEffect, useId, useRef } from 'react';
import { useChatModel, useChatState, useT } from './context';
import { Icon, IconButton } from './icon';
import { ModelForm } from './model-form';
import { useDismiss } from './popup';
import type { ModelInUse } from './ports';
import { modelHost, modelName, reasonWords } from './words/model';

export function ModelBadge(): JSX.Element {
  const t = useT();
  const model = useChatModel();
  const inUse = useChatState(state => state.model);
  const open = useChatState(state => state.popup === 'model');
  const opener = useRef<HTMLButtonElement>(null);
  const words = inUse
    ? inUse.offline
      ? t('Offline mode: rules, no AI model')
      : modelName(inUse.id)
    : t('Model');
  return (
    <div className="aichat-badge-place">
      <button
        type="button"
        ref={opener}
        className="aichat-badge"
        aria-haspopup="dialog"
        aria-expanded={open}
        aria-label={t('Model: {model}', { model: words })}
        title={inUse ? reasonWords(inUse.reason, t) : undefined}
        onClick={() => model.toggle('model')}
      >
        {inUse?.offline && <Icon name="offline" />}
        <span>{words}</span>
        <Icon name="open" />
      </button>
      {open && <ModelPopup inUse={inUse} opener={opener} onClose={() => model.show(null)} />}
    </div>
  );
}

interface PopupProps {
  readonly inUse: ModelInUse | null;
  readonly opener: React.RefObject<HTMLElement>;
  readonly onClose: () => void;
}

function ModelPopup({ inUse, opener, onClose }: PopupProps): JSX.Element {
  const t = useT();
  const { ref, onKeyDown } = useDismiss({ onClose, opener });
  const id = useId();
  useEffect(() => {
    ref.current?.focus();
  }, [ref]);
  const close = () => {
    onClose();
    opener.current?.focus();
  };
  return (
    <div
      ref={ref}
      role="dialog"
      tabIndex={-1}
      aria-labelledby={id}
      className="aichat-popup aichat-model"
      onKeyDown={onKeyDown}
    >
      <div className="aichat-popup-head">
        <h3 id={id}>{t('Model')}</h3>
        <IconButton icon="close" label={t('Close')} onClick={close} />
      </div>
      {inUse && (
        <dl className="aichat-model-facts">
          <dt>{t('Answers come from')}</dt>
          <dd>{inUse.offline ? t('Rules, no AI model') : inUse.id}</dd>
          <dt>{t('Why')}</dt>
          <dd>{reasonWords(inUse.reason, t)}</dd>
          <dt>{t('Data goes to')}</dt>
          <dd>{inUse.offline ? t('Nothing leaves this server.') : modelHost(inUse)}</dd>
        </dl>
      )}
      <ModelForm inUse={inUse} />
    </div>
  );
}
