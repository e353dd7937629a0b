/** Connect a model: the key goes to the server once, and is kept nowhere in the browser. */
import { type FormEvent, useId, useState } from 'react';
import { sentence } from './chat-model';
import { useChatModel, useT } from './context';
import type { ModelInUse } from './ports';

type Progress =
  | { readonly at: 'still' | 'working' | 'done' }
  | { readonly at: 'failed'; readonly why: string };

export function ModelForm({ inUse }: { inUse: ModelInUse | null }): JSX.Element {
  const t = useT();
  const model = useChatModel();
  const [baseUrl, setBaseUrl] = useState('');
  const [name, setName] = useState('');
  const [key, setKey] = useState('');
  const [progress, setProgress] = useState<Progress>({ at: 'still' });
  const filled = [baseUrl, name, key].some(text => text.trim() !== '');
  const working = progress.at === 'working';

  const work = async (action: () => Promise<void>) => {
    setProgress({ at: 'working' });
    try {
      await action();
      setProgress({ at: 'done' });
      setBaseUrl('');
      setName('');
    } catch (error) {
      setProgress({ at: 'failed', why: sentence(error) });
    } finally {
      setKey('');
    }
  };

  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    if (filled && !working) {
      void work(() => model.connectModel(access(baseUrl, name, key)));
    }
  };

  return (
    <form className="aichat-form" autoComplete="off" onSubmit={onSubmit} aria-label={t('Connect a model')}>
      <h4>{t('Connect a model')}</h4>
      <p>{t('OpenAI, or any server that speaks its protocol: vLLM, Ollama, LM Studio, llama.cpp.')}</p>
      <Field
        label={t('Base URL (optional)')}
        value={baseUrl}
        placeholder="http://localhost:11434/v1"
        type="url"
        onChange={setBaseUrl}
      />
      <Field label={t('Model (optional)')} value={name} placeholder="gpt-5-mini" onChange={setName} />
      <Field
        label={t('API key')}
        value={key}
        type="password"
        hint={t("Kept in the Jupyter server's memory until it stops; never in this browser or a notebook.")}
        onChange={setKey}
      />
      <div className="aichat-form-foot">
        <button type="submit" className="aichat-button aichat-primary" disabled={!filled || working}>
          {working ? t('Connecting…') : t('Connect')}
        </button>
        {inUse?.connected && (
          <button
            type="button"
            className="aichat-button"
            disabled={working}
            onClick={() => void work(() => model.disconnectModel())}
          >
            {t('Disconnect')}
          </button>
        )}
      </div>
      <p role="status" className="aichat-form-result">
        {progress.at === 'done' && inUse && t('Now in use: {model}', { model: inUse.id })}
        {progress.at === 'failed' && <span className="aichat-bad">{progress.why}</span>}
      </p>
    </form>
  );
}

function access(baseUrl: string, name: string, key: string) {
  const given = { base_url: baseUrl.trim(), model: name.trim(), api_key: key.trim() };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
}

interface FieldProps {
  readonly label: string;
  readonly value: string;
  readonly type?: 'text' | 'url' | 'password';
  readonly placeholder?: string;
  readonly hint?: string;
  readonly onChange: (value: string) => void;
}

function Field({ label, value, type = 'text', placeholder, hint, onChange }: FieldProps): JSX.Element {
  const id = useId();
  return (
    <div className="aichat-field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="aichat-input"
        type={type}
        value={value}
        placeholder={placeholder}
        autoComplete={type === 'password' ? 'new-password' : 'off'}
        autoCapitalize="off"
        spellCheck={false}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={event => onChange(event.target.value)}
      />
      {hint && (
        <p id={`${id}-hint`} className="aichat-hint">
          {hint}
        </p>
      )}
    </div>
  );
}
