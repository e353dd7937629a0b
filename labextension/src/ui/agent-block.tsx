/** What one agent says and does: head, text, rows; a line in the agent's colour runs down its side. */
import { memo } from 'react';
import { AgentMark } from './agent-mark';
import { ApprovalView } from './approval-card';
import { ArtifactCard } from './artifact/artifact-card';
import { type Block, type Item, keptOf, type Row } from './blocks';
import { useT } from './context';
import { HandoffRowView } from './handoff-row';
import { MessageText } from './message-text';
import { NotebookRow } from './notebook-row';
import { ToolRows } from './tool-rows';
import { agentName } from './words/agents';
import { timeOfDay } from './words/time';

interface RowsProps {
  readonly rows: readonly Row[];
  /** The run goes on: the last thing may still grow. */
  readonly active: boolean;
  /** What specialists wrote stands behind their rows. */
  readonly folded: boolean;
  /** The answer came from rules: its first head says so. */
  readonly offline: boolean;
}

export function Rows({ rows, active, folded, offline }: RowsProps): JSX.Element {
  return (
    <>
      {rows.map((row, i) => {
        const last = active && i === rows.length - 1;
        return row.kind === 'block' ? (
          <AgentBlock key={row.key} block={row} active={last} offline={offline && i === 0} />
        ) : (
          <div key={row.key} className="aichat-handed">
            <HandoffRowView
              from={row.from}
              part={row.part}
              folded={folded && row.part.status === 'ok'}
              kept={folded ? <Kept rows={row.rows} /> : null}
            >
              <Rows
                rows={row.rows}
                active={active && row.part.status === 'running'}
                folded={folded}
                offline={offline && i === 0}
              />
            </HandoffRowView>
          </div>
        );
      })}
    </>
  );
}

/** Of work that is folded away: what is there to look at, and what was done in a notebook. */
function Kept({ rows }: { rows: readonly Row[] }): JSX.Element {
  return (
    <>
      {keptOf(rows).map(({ agent, items, key }) => (
        <section key={key} className="aichat-agent" data-agent={agent}>
          {items.map(item => (
            <ItemView key={item.key} item={item} growing={false} />
          ))}
        </section>
      ))}
    </>
  );
}

interface BlockProps {
  readonly block: Block;
  readonly active: boolean;
  readonly offline: boolean;
}

function AgentBlock({ block, active, offline }: BlockProps): JSX.Element {
  const t = useT();
  const { agent, created_at, items } = block;
  const name = agentName(agent, t);
  return (
    <section className="aichat-agent" data-agent={agent} aria-label={name}>
      <div className="aichat-agent-head">
        <AgentMark agent={agent} />
        <span className="aichat-agent-name">{name}</span>
        {offline && <span className="aichat-agent-offline">{t('Offline mode')}</span>}
        <time className="aichat-agent-time" dateTime={created_at}>
          {timeOfDay(created_at, Date.now(), t)}
        </time>
      </div>
      {items.map((item, i) => (
        <ItemView key={item.key} item={item} growing={active && i === items.length - 1} />
      ))}
    </section>
  );
}

const ItemView = memo(
  function ItemView({ item, growing }: { item: Item; growing: boolean }): JSX.Element {
    switch (item.kind) {
      case 'text':
        return <MessageText message={item.message} growing={growing} />;
      case 'tools':
        return <ToolRows parts={item.parts} closed={!growing} />;
      case 'approval':
        return <ApprovalView part={item.part} />;
      case 'artifact':
        return <ArtifactCard part={item.part} />;
      case 'notebook':
        return <NotebookRow part={item.part} />;
    }
  },
  (a, b) => a.growing === b.growing && sameItem(a.item, b.item)
);

/** Rows are made anew with each change of their run; what stands in them is not. */
function sameItem(a: Item, b: Item): boolean {
  if (a.kind === 'text' && b.kind === 'text') {
    return a.message === b.message;
  }
  if (a.kind === 'tools' && b.kind === 'tools') {
    return a.parts.length === b.parts.length && a.parts.every((part, i) => part === b.parts[i]);
  }
  return a.kind !== 'text' && a.kind !== 'tools' && 'part' in b && a.part === b.part;
}
