/** The plan of the run that goes on: one line, opens to a list. */
import { useId, useState } from 'react';
import type { PlanStep } from '../protocol/types';
import { isActive } from './blocks';
import { useT, useThread } from './context';
import { Icon } from './icon';
import type { IconName } from './icon-names';

const STEP_ICON: Readonly<Record<PlanStep['status'], IconName>> = {
  pending: 'pending',
  running: 'running',
  done: 'check',
  failed: 'error',
  skipped: 'denied'
};

export function PlanLine(): JSX.Element | null {
  const t = useT();
  const plan = useThread(state => state.runs.find(isActive)?.plan);
  const [open, setOpen] = useState(false);
  const id = useId();
  if (!plan || plan.length === 0) {
    return null;
  }
  const done = plan.filter(step => step.status === 'done').length;
  const words = {
    pending: t('pending'),
    running: t('running'),
    done: t('done'),
    failed: t('failed'),
    skipped: t('skipped')
  };
  return (
    <section className="aichat-plan" aria-label={t('Plan')}>
      <button
        type="button"
        className="aichat-row"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <span className="aichat-plan-steps">
          {plan.map(step => (
            <span key={step.text} className="aichat-plan-step" data-status={step.status}>
              <Icon name={STEP_ICON[step.status]} />
              {step.text}
            </span>
          ))}
        </span>
        <span className="aichat-row-time">{t('{done} of {total}', { done, total: plan.length })}</span>
        <Icon name={open ? 'open' : 'closed'} />
      </button>
      <ol id={id} hidden={!open}>
        {plan.map(step => (
          <li key={step.text} data-status={step.status}>
            <Icon name={STEP_ICON[step.status]} />
            <span>{step.text}</span>
            <span className="aichat-hidden">{words[step.status]}</span>
          </li>
        ))}
      </ol>
    </section>
  );
}
