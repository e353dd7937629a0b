/** An agent's mark: a disc with its letter, or a ring with two letters for agents that are not ours. */
import { agentMark, isOurs } from './words/agents';

export function AgentMark({ agent }: { agent: string }): JSX.Element {
  return (
    <span
      aria-hidden="true"
      className={isOurs(agent) ? 'aichat-mark' : 'aichat-mark aichat-mark-hollow'}
      data-agent={agent}
    >
      {agentMark(agent)}
    </span>
  );
}
