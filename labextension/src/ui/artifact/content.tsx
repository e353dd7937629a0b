/** What is in an artifact, by its kind. No HTML of it ever gets into the chat's own page. */
import { useT } from '../context';
import { Markdown } from '../markdown';
import { interactiveKind, type View } from './bundle';
import { TableView } from './table-view';

interface Props {
  readonly view: View;
  readonly bundle: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly large: boolean;
}

export function Content({ view, bundle, name, large }: Props): JSX.Element {
  const t = useT();
  const chart = interactiveKind(bundle);
  return (
    <>
      <Shown view={view} name={name} large={large} />
      {chart && view.kind !== 'none' && (
        <p className="aichat-artifact-note">
          {t('This {kind} chart can be moved and zoomed in a notebook; here it is shown without that.', {
            kind: chart
          })}
        </p>
      )}
    </>
  );
}

function Shown({ view, name, large }: Omit<Props, 'bundle'>): JSX.Element {
  const t = useT();
  switch (view.kind) {
    case 'image':
      return (
        <div className="aichat-figure">
          <img src={view.src} alt={name} width={view.size?.width} height={view.size?.height} />
        </div>
      );
    case 'table':
      return <TableView table={view.table} large={large} />;
    case 'markdown':
      return <Markdown text={view.text} growing={false} />;
    case 'text':
      return <pre className="aichat-artifact-text">{view.text}</pre>;
    case 'html':
      return (
        <iframe className="aichat-artifact-frame" title={name} sandbox="" srcDoc={isolated(view.text)} />
      );
    case 'none':
      return (
        <p className="aichat-artifact-note">
          {t('This cannot be shown here: {mimes}', { mimes: view.mimes.join(', ') || '–' })}
        </p>
      );
    default:
      return view satisfies never;
  }
}

/** No scripts (`sandbox`), no network: the policy stands before anything of the text and can't be taken back by it. */
function isolated(html: string): string {
  return (
    '<!doctype html><meta charset="utf-8">' +
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">` +
    '<style>body{margin:8px;font:13px system-ui,sans-serif;background:#fff;color:#000}</style>' +
    html
  );
}
