import { describe, expect, it } from 'vitest';
import type { SnapshotMessage, ToolPart } from '../protocol/types';
import { transcript } from '../testing/transcripts';
import { groupRuns, type Row, rowsOf } from './blocks';
import { answer, run, userMessage } from './testing/fakes';

const tool = (call_id: string, name = 'read_file'): ToolPart => ({
  type: 'tool',
  call_id,
  name,
  args: {},
  agent: 'analyst',
  status: 'ok'
});

const handoff = (call_id: string, agent: string): ToolPart => ({
  ...tool(call_id, `ask_${agent}`),
  agent: 'supervisor',
  handoff: { agent, path: ['supervisor', agent], task: `Task of ${agent}` }
});

/** "supervisor: text, → analyst (analyst: text, 2 tools)" */
function outline(rows: readonly Row[]): string {
  return rows
    .map(row => {
      if (row.kind === 'handoff') {
        return `→ ${row.part.handoff.agent} (${outline(row.rows)})`;
      }
      const items = row.items.map(item => (item.kind === 'tools' ? `${item.parts.length} tools` : item.kind));
      return `${row.agent}: ${items.join(', ')}`;
    })
    .join('; ');
}

describe('rowsOf', () => {
  it('puts the work of a specialist under the handoff, and the answer of the supervisor behind it', () => {
    const { snapshot } = transcript('handoff-with-tools');
    const rows = rowsOf(snapshot.messages.filter(message => message.role === 'assistant'));
    expect(outline(rows)).toBe(
      'supervisor: text; → analyst (analyst: 1 tools, text, 1 tools, text); supervisor: text'
    );
  });

  it('keeps specialists apart who work at the same time, in the order they were asked', () => {
    const messages: SnapshotMessage[] = [
      answer('m1', 'supervisor', 'r1', { parts: [handoff('k1', 'analyst'), handoff('k2', 'visualizer')] }),
      answer('m2', 'visualizer', 'r1', { content: 'A chart' }),
      answer('m3', 'analyst', 'r1', { content: 'Figures' }),
      answer('m4', 'visualizer', 'r1', { content: 'Another' })
    ];
    expect(outline(rowsOf(messages))).toBe(
      '→ analyst (analyst: text); → visualizer (visualizer: text, text)'
    );
  });

  it('gives a second task of the same specialist its own place', () => {
    const messages = [
      answer('m1', 'supervisor', 'r1', { parts: [handoff('k1', 'analyst')] }),
      answer('m2', 'analyst', 'r1', { content: 'First' }),
      answer('m3', 'supervisor', 'r1', { content: 'And now', parts: [handoff('k2', 'analyst')] }),
      answer('m4', 'analyst', 'r1', { content: 'Second' })
    ];
    expect(outline(rowsOf(messages))).toBe(
      '→ analyst (analyst: text); supervisor: text; → analyst (analyst: text)'
    );
  });

  it('has one head for one agent, and joins neighbouring tool calls across its messages', () => {
    const messages = [
      answer('m1', 'analyst', 'r1', { parts: [tool('k1')] }),
      answer('m2', 'analyst', 'r1', { parts: [tool('k2'), tool('k3')] }),
      answer('m3', 'analyst', 'r1', { content: 'Done' })
    ];
    expect(outline(rowsOf(messages))).toBe('analyst: 3 tools, text');
  });

  it('shows nothing of a message that is still empty', () => {
    expect(rowsOf([answer('m1', 'supervisor', 'r1')])).toEqual([]);
  });
});

describe('groupRuns', () => {
  const messages = [
    userMessage('q1', 'One', 'r1'),
    answer('m1', 'supervisor', 'r1', { content: 'First' }),
    userMessage('q2', 'Two', 'r2'),
    answer('m2', 'supervisor', 'r2', { content: 'Sec' })
  ];
  const runs = [run('r1', 'completed'), run('r2', 'running')];

  it('puts each question together with its answer', () => {
    const groups = groupRuns(messages, runs);
    expect(groups.map(group => [group.id, group.question?.content, group.answer.length])).toEqual([
      ['r1', 'One', 1],
      ['r2', 'Two', 1]
    ]);
  });

  it('keeps the groups in which nothing changed, so that only the growing one is drawn', () => {
    const before = groupRuns(messages, runs);
    const grown = [...messages.slice(0, 3), answer('m2', 'supervisor', 'r2', { content: 'Second' })];
    const after = groupRuns(grown, runs, before);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
  });
});
