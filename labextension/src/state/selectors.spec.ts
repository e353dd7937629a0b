import { describe, expect, it } from 'vitest';
import { transcript } from '../testing/transcripts';
import { foldFrom, reduce } from './reducer';
import { currentRun, openRuns, pendingApprovals, queuedRuns, runById, totalUsage } from './selectors';

describe('runs', () => {
  const { snapshot } = transcript('queue-waits');

  it('are the current one, and those whose turn has not come', () => {
    expect(currentRun(snapshot)?.id).toBe('r1');
    expect(queuedRuns(snapshot).map(run => run.id)).toEqual(['r2']);
    expect(openRuns(snapshot).map(run => run.id)).toEqual(['r1', 'r2']);
    expect(runById(snapshot, 'r2')?.message_id).toBe('m3');
  });

  it('are none when all have ended', () => {
    const ended = transcript('queue').snapshot;
    expect(currentRun(ended)).toBeUndefined();
    expect(openRuns(ended)).toEqual([]);
  });
});

describe('approvals', () => {
  it('that wait come with the message they stand in; decided ones are left out', () => {
    const { snapshot } = transcript('approval-pending');
    const [first, ...others] = pendingApprovals(snapshot);
    expect(first?.approval.approval_id).toBe('ap2');
    expect(first?.message.id).toBe('m2');
    expect(others).toEqual([]);
    expect(pendingApprovals(transcript('approval-denied').snapshot)).toEqual([]);
  });
});

describe('usage', () => {
  it('is the sum over all runs; cost is there where it is known', () => {
    expect(totalUsage(transcript('several-turns').snapshot)).toEqual({ input_tokens: 10, output_tokens: 1 });
    expect(totalUsage(transcript('parallel-specialists').snapshot)).toEqual({
      input_tokens: 1000,
      output_tokens: 35,
      cost: 0.75
    });
  });
});

it('answers are the same objects while their part of the state is', () => {
  const before = foldFrom(transcript('queue-waits').snapshot);
  const after = reduce(before, {
    event_type: 'token',
    seq: before.snapshot.head + 1,
    run_id: 'r1',
    data: { token: '!', agent: 'supervisor', message_id: 'm2' }
  });
  expect(after).not.toBe(before);
  expect(openRuns(after.snapshot)).toBe(openRuns(before.snapshot));
  expect(pendingApprovals(after.snapshot)).toBe(pendingApprovals(after.snapshot));
});
