/** The buttons of a request: approve, edit, deny with a reason; and how far the decision reaches. */

import type { Translate } from '../../i18n/translate';
import type { Approve } from '../../protocol/types';
import { useT } from '../context';

export type Scope = NonNullable<Approve['scope']>;

interface Props {
  readonly busy: boolean;
  /** What may be chosen; with one there is nothing to choose. */
  readonly scopes: readonly Scope[];
  readonly scope: Scope;
  readonly onScope: (scope: Scope) => void;
  /** The files of a request, not any code. */
  readonly ofFiles: boolean;
  readonly canEdit: boolean;
  readonly onApprove: () => void;
  readonly onEdit: () => void;
  readonly onDeny: () => void;
}

export function DecisionFoot(props: Props): JSX.Element {
  const { busy, scopes, scope, onScope, ofFiles, canEdit, onApprove, onEdit, onDeny } = props;
  const t = useT();
  return (
    <div className="aichat-card-foot">
      <button
        type="button"
        className="aichat-button aichat-primary"
        disabled={busy}
        title="Ctrl+Enter"
        onClick={onApprove}
      >
        {t('Approve')}
      </button>
      {canEdit && (
        <button type="button" className="aichat-button" disabled={busy} onClick={onEdit}>
          {t('Edit')}
        </button>
      )}
      <button type="button" className="aichat-button" disabled={busy} onClick={onDeny}>
        {t('Deny…')}
      </button>
      {scopes.length > 1 ? (
        <select
          className="aichat-select"
          aria-label={t('Valid for')}
          value={scope}
          disabled={busy}
          onChange={event => onScope(event.target.value as Scope)}
        >
          {scopes.map(one => (
            <option key={one} value={one}>
              {scopeWords(one, ofFiles, t)}
            </option>
          ))}
        </select>
      ) : (
        <span className="aichat-scope">{t('Once')}</span>
      )}
    </div>
  );
}

function scopeWords(scope: Scope, ofFiles: boolean, t: Translate): string {
  return {
    once: ofFiles ? t('Only these files') : t('Once'),
    run: t('This run'),
    thread: t('This thread')
  }[scope];
}

interface EditProps {
  readonly busy: boolean;
  readonly changed: boolean;
  readonly empty: boolean;
  readonly onApprove: () => void;
  readonly onBack: () => void;
}

export function EditFoot({ busy, changed, empty, onApprove, onBack }: EditProps): JSX.Element {
  const t = useT();
  return (
    <div className="aichat-card-foot">
      <button
        type="button"
        className="aichat-button aichat-primary"
        disabled={busy || empty}
        title="Ctrl+Enter"
        onClick={onApprove}
      >
        {changed ? t('Approve with changes') : t('Approve')}
      </button>
      <button type="button" className="aichat-button" disabled={busy} onClick={onBack}>
        {changed ? t('Discard changes') : t('Back')}
      </button>
      <span className="aichat-scope">{t('Once')}</span>
    </div>
  );
}

interface DenyProps {
  readonly busy: boolean;
  readonly reason: string;
  readonly onReason: (reason: string) => void;
  readonly onDeny: () => void;
  readonly onBack: () => void;
}

export function DenyFoot({ busy, reason, onReason, onDeny, onBack }: DenyProps): JSX.Element {
  const t = useT();
  return (
    <div className="aichat-card-foot">
      <input
        className="aichat-input"
        aria-label={t('Reason (the agent reads it)')}
        placeholder={t('Reason (the agent reads it)')}
        value={reason}
        maxLength={4000}
        // biome-ignore lint/a11y/noAutofocus: "Deny…" was pressed to write here
        autoFocus
        onChange={event => onReason(event.target.value)}
      />
      <button type="button" className="aichat-button aichat-danger" disabled={busy} onClick={onDeny}>
        {t('Deny')}
      </button>
      <button type="button" className="aichat-button" onClick={onBack}>
        {t('Back')}
      </button>
    </div>
  );
}
