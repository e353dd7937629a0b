/** Agents, as a person reads them. An agent that is not ours keeps its own name. */
import type { Text, Translate } from '../../i18n/translate';

const OURS = {
  supervisor: 'Supervisor',
  analyst: 'Analyst',
  visualizer: 'Visualizer',
  researcher: 'Researcher',
  coder: 'Coder',
  writer: 'Writer'
} as const satisfies Readonly<Record<string, Text>>;

export function agentName(agent: string, t: Translate): string {
  return isOurs(agent) ? t(OURS[agent]) : spaced(agent);
}

/** What stands in the agent's mark: one letter for ours, two for others. */
export function agentMark(agent: string): string {
  return isOurs(agent) ? agent.charAt(0).toUpperCase() : [...spaced(agent)].slice(0, 2).join('');
}

export function isOurs(agent: string): agent is keyof typeof OURS {
  return Object.hasOwn(OURS, agent);
}

/** "sales_bot" → "Sales bot" */
export function spaced(name: string): string {
  const words = name.replace(/[_-]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
