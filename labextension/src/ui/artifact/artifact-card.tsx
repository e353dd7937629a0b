/** A figure, a table or a text that an agent made: to look at, to enlarge, to copy, to keep. */
import { memo, useRef, useState } from 'react';
import type { ArtifactPart } from '../../protocol/types';
import { useChatModel, useT } from '../context';
import { CopyButton } from '../copy-button';
import { IconButton } from '../icon';
import { agentName } from '../words/agents';
import { bundled, STORED_MIME, type Stored, storedOf, type View, viewOf } from './bundle';
import { Content } from './content';
import { copyView, download } from './keep';

export const ArtifactCard = memo(function ArtifactCard({ part }: { part: ArtifactPart }): JSX.Element {
  const t = useT();
  const [large, setLarge] = useState(false);
  const { id, title, agent, metadata } = part;
  const [loaded, setLoaded] = useState<ArtifactPart['bundle']>({});
  const { [STORED_MIME]: _, ...small } = part.bundle;
  const stored = storedOf(part.bundle);
  const missing = stored && !(stored.mime in loaded) ? stored : undefined;
  const bundle = { ...small, ...loaded };
  const view = viewOf(bundle);
  const name = title ?? kindWords(view, t);
  const origin = typeof metadata?.origin === 'string' ? metadata.origin : '';
  const content =
    missing && view.kind === 'none' ? null : (
      <Content view={view} bundle={bundle} name={name} large={large} />
    );
  return (
    <figure className="aichat-artifact" data-kind={view.kind} aria-label={name}>
      <figcaption className="aichat-artifact-head">
        <span className="aichat-artifact-title">
          <b>{name}</b>
          <span>
            {origin
              ? t('{agent} · from {origin}', { agent: agentName(agent, t), origin })
              : agentName(agent, t)}
          </span>
        </span>
        {view.kind !== 'none' && (
          <span className="aichat-artifact-tools">
            <IconButton icon="enlarge" label={t('Enlarge')} onClick={() => setLarge(true)} />
            <CopyButton
              text={() => copyView(view)}
              label={view.kind === 'table' ? t('Copy as TSV') : t('Copy')}
            />
            <IconButton
              icon="download"
              label={view.kind === 'table' ? t('Download as CSV') : t('Download')}
              onClick={event => download(view, name, event.currentTarget.ownerDocument)}
            />
          </span>
        )}
      </figcaption>
      {large ? (
        <Large name={name} onClose={() => setLarge(false)}>
          {content}
        </Large>
      ) : (
        content
      )}
      {missing && (
        <Load id={id} stored={missing} onLoad={value => setLoaded({ ...loaded, [missing.mime]: value })} />
      )}
    </figure>
  );
});

/** What is too large to come with the conversation comes when it is asked for. */
function Load(props: { id: string; stored: Stored; onLoad: (value: unknown) => void }): JSX.Element {
  const { id, stored, onLoad } = props;
  const t = useT();
  const model = useChatModel();
  const [state, setState] = useState<'waiting' | 'loading' | 'failed'>('waiting');
  const load = async () => {
    setState('loading');
    try {
      onLoad(await bundled(await model.artifact(id, stored.mime), stored.mime));
    } catch {
      setState('failed');
    }
  };
  const size = Math.max(0.1, Math.round(stored.size / 100_000) / 10);
  return (
    <div className="aichat-artifact-load">
      <button type="button" className="aichat-button" disabled={state === 'loading'} onClick={load}>
        {state === 'loading' ? t('Loading…') : t('Show it ({size} MB)', { size })}
      </button>
      {state === 'failed' && (
        <span className="aichat-bad" role="alert">
          {t('It could not be loaded; try again.')}
        </span>
      )}
    </div>
  );
}

function kindWords(view: View, t: ReturnType<typeof useT>): string {
  return view.kind === 'image' ? t('Chart') : view.kind === 'table' ? t('Table') : t('Result');
}

/** Over the whole page; Escape and a press beside it close it. */
function Large(props: { name: string; onClose: () => void; children: React.ReactNode }): JSX.Element {
  const { name, onClose, children } = props;
  const t = useT();
  const dialog = useRef<HTMLDialogElement | null>(null);
  return (
    <dialog
      ref={element => {
        if (element && !element.open) {
          element.showModal();
        }
        dialog.current = element;
      }}
      className="aichat-large"
      aria-label={name}
      onClose={onClose}
      onClick={event => event.target === dialog.current && onClose()}
      onKeyDown={event => event.stopPropagation()}
    >
      <div className="aichat-large-head">
        <b>{name}</b>
        <IconButton icon="close" label={t('Close')} onClick={onClose} />
      </div>
      <div className="aichat-large-content">{children}</div>
    </dialog>
  );
}
