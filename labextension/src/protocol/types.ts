/** The wire. Generated from schema.json by `npm run generate`; do not edit. */

export type Frame = Event | ConnectionFrame;
export type Event =
  | RunQueuedEvent
  | RunStartEvent
  | PlanEvent
  | AgentChangeEvent
  | StatusEvent
  | ReasoningEvent
  | TokenEvent
  | ToolStartEvent
  | ToolOutputEvent
  | ArtifactEvent
  | ApprovalRequestEvent
  | ApprovalEndEvent
  | ToolEndEvent
  | KernelChangesEvent
  | NotebookActionEvent
  | NotebookResultEvent
  | SummaryEvent
  | UsageEvent
  | TitleEvent
  | DoneEvent
  | RunErrorEvent;
export type ConnectionFrame = HelloFrame | AckFrame | CommandErrorFrame | ResetFrame | HeartbeatFrame;
export type Command = Message | Cancel | Approve | Claim | Performed;
export type JsonValue = unknown;

/**
 * The wire of jupyter_aichat, protocol 1. Generated; do not edit.
 */
export interface Wire {
  frame?: Frame;
  command?: Command;
  snapshot?: Snapshot;
  thread?: ThreadView;
}
export interface RunQueuedEvent {
  event_type: 'run_queued';
  seq: number;
  run_id: string;
  time: string;
  data: RunQueued;
}
/**
 * The message is stored behind a run that is going; `run_start` follows when it begins.
 */
export interface RunQueued {
  message: UserMessage;
  client_id?: string;
}
/**
 * What the person wrote. `context` are the things pinned to it, as they were sent.
 */
export interface UserMessage {
  id: string;
  content: string;
  context?: {
    [k: string]: unknown;
  }[];
}
export interface RunStartEvent {
  event_type: 'run_start';
  seq: number;
  run_id: string;
  time: string;
  data: RunStart;
}
/**
 * A run begins: `agent` answers with `model` ("provider:name").
 */
export interface RunStart {
  message: UserMessage;
  client_id?: string;
  agent: string;
  model: string;
}
export interface PlanEvent {
  event_type: 'plan';
  seq: number;
  run_id: string;
  time: string;
  data: Plan;
}
/**
 * The whole plan as it now stands.
 */
export interface Plan {
  agent: string;
  steps: PlanStep[];
}
/**
 * One step of a plan.
 */
export interface PlanStep {
  text: string;
  status: 'pending' | 'running' | 'done' | 'failed' | 'skipped';
}
export interface AgentChangeEvent {
  event_type: 'agent_change';
  seq: number;
  run_id: string;
  time: string;
  data: AgentChange;
}
/**
 * `agent` is speaking now. `path` begins with the supervisor.
 *
 * `task`, `reason` and `call_id` (of the supervisor's tool call) are there when it is a handoff.
 */
export interface AgentChange {
  agent: string;
  path: string[];
  task?: string;
  reason?: string;
  call_id?: string;
}
export interface StatusEvent {
  event_type: 'status';
  seq: number;
  run_id: string;
  time: string;
  data: Status;
}
/**
 * What goes on, in words of the user's language. `progress` is 0 to 1.
 */
export interface Status {
  agent: string;
  text: string;
  progress?: number;
}
export interface ReasoningEvent {
  event_type: 'reasoning';
  seq: number;
  run_id: string;
  from_seq?: number;
  data: Reasoning;
}
/**
 * A piece of the model's reasoning, when the model gives it.
 */
export interface Reasoning {
  token: string;
  agent: string;
  message_id: string;
}
export interface TokenEvent {
  event_type: 'token';
  seq: number;
  run_id: string;
  from_seq?: number;
  data: Token;
}
/**
 * A piece of an answer. The joined tokens of a message are its text, byte for byte.
 */
export interface Token {
  token: string;
  agent: string;
  message_id: string;
}
export interface ToolStartEvent {
  event_type: 'tool_start';
  seq: number;
  run_id: string;
  time: string;
  data: ToolStart;
}
/**
 * An agent calls a tool in its message `message_id`.
 */
export interface ToolStart {
  tool: ToolCall;
  agent: string;
  message_id: string;
}
/**
 * One use of a tool.
 */
export interface ToolCall {
  call_id: string;
  name: string;
  args: {
    [k: string]: unknown;
  };
}
export interface ToolOutputEvent {
  event_type: 'tool_output';
  seq: number;
  run_id: string;
  from_seq?: number;
  data: ToolOutput;
}
/**
 * What a tool prints while it works.
 */
export interface ToolOutput {
  call_id: string;
  stream: 'stdout' | 'stderr';
  text: string;
}
export interface ArtifactEvent {
  event_type: 'artifact';
  seq: number;
  run_id: string;
  time: string;
  data: Artifact;
}
/**
 * Something to look at or keep. `bundle` maps MIME types to data.
 *
 * A form too large for a frame stays in the store; `application/vnd.jupyter-aichat.stored+json` in the bundle then says
 * which: `{mime, size}`, with the size in bytes.
 */
export interface Artifact {
  id: string;
  call_id?: string;
  agent: string;
  title?: string;
  bundle: {
    [k: string]: unknown;
  };
  metadata?: {
    [k: string]: unknown;
  };
}
export interface ApprovalRequestEvent {
  event_type: 'approval_request';
  seq: number;
  run_id: string;
  time: string;
  data: ApprovalRequest;
}
/**
 * A person has to decide about one action. `digest` binds the decision to exactly this action.
 */
export interface ApprovalRequest {
  approval_id: string;
  call_id: string;
  agent: string;
  action: ActionView;
  digest: string;
  effects?: Effects;
  expires_at: string;
}
/**
 * What an agent asks for.
 *
 * - share_files: the contents of `files` go to the model at `host`
 * - inspect_variables: `names` (all where there are none), as far as `level`
 * - run_code: `code` in the kernel `kernel_id`
 * - run_sql: `sql` over dataframes of the kernel, or with its `engine`; the result is bound to `into`
 * - insert_cell: `source` as a cell of `cell_type` of `notebook`, behind `cell_id` (at the end without one)
 * - replace_cell: `source` in place of what the cell `cell_id` of `notebook` now has, `before`
 * - run_cell: the cell `cell_id` of `notebook`, whose source is `code`, in the kernel `kernel_id`
 * - write_file: `content` at `path` below the server's root
 */
export interface ActionView {
  kind:
    | 'share_files'
    | 'inspect_variables'
    | 'run_code'
    | 'run_sql'
    | 'insert_cell'
    | 'replace_cell'
    | 'run_cell'
    | 'write_file';
  host?: string;
  files?: string[];
  kernel_id?: string;
  kernel?: string;
  kernel_state?: 'idle' | 'busy' | 'starting' | 'restarting' | 'dead';
  language?: string;
  notebook?: string;
  names?: string[];
  level?: 'schema' | 'aggregates' | 'rows';
  code?: string;
  sql?: string;
  engine?: string;
  into?: string;
  source?: string;
  before?: string;
  cell_id?: string;
  cell_type?: 'code' | 'markdown';
  path?: string;
  content?: string;
}
/**
 * What an action would do, as far as reading its code tells. Sentences in `unclear` say what could not be told.
 */
export interface Effects {
  names?: NameEffect[];
  files?: FileEffect[];
  network?: string[];
  shell?: string[];
  unclear?: string[];
  hidden?: HiddenCharacter[];
  tells?: string;
}
/**
 * What code does to one variable. `before` tells in a few words what it is now ("DataFrame 10,000 × 8").
 */
export interface NameEffect {
  name: string;
  change: 'creates' | 'rebinds' | 'deletes' | 'mutates';
  before?: string;
}
/**
 * A file that an action names. `unclear`: whether it reads or writes it cannot be told.
 *
 * `exists` and `size` (bytes) tell what is there now, where that was looked up.
 */
export interface FileEffect {
  path: string;
  access: 'read' | 'write' | 'unclear';
  exists?: boolean;
  size?: number;
}
/**
 * A character that a reader does not see, or that changes the order in which text is shown. Counted from 1.
 */
export interface HiddenCharacter {
  line: number;
  column: number;
  code: string;
  name: string;
}
export interface ApprovalEndEvent {
  event_type: 'approval_end';
  seq: number;
  run_id: string;
  time: string;
  data: ApprovalEnd;
}
/**
 * An approval has ended, by a decision or otherwise.
 */
export interface ApprovalEnd {
  approval_id: string;
  decision: 'approved' | 'edited' | 'denied' | 'expired' | 'cancelled';
  scope?: 'once' | 'run' | 'thread' | 'always';
  reason?: string;
}
export interface ToolEndEvent {
  event_type: 'tool_end';
  seq: number;
  run_id: string;
  time: string;
  data: ToolEnd;
}
/**
 * A tool call has ended; every `tool_start` has one. `duration_ms` is wall time.
 */
export interface ToolEnd {
  tool: ToolResult;
  duration_ms?: number;
  agent: string;
}
/**
 * What came of one use of a tool. `output` is what the agent reads.
 */
export interface ToolResult {
  call_id: string;
  name: string;
  output: string;
  status: 'ok' | 'error' | 'denied' | 'cancelled' | 'unknown';
}
export interface KernelChangesEvent {
  event_type: 'kernel_changes';
  seq: number;
  run_id: string;
  time: string;
  data: KernelChanges;
}
/**
 * What the run did to the kernel's variables.
 */
export interface KernelChanges {
  kernel_id: string;
  created: KernelChange[];
  changed: KernelChange[];
  deleted: KernelChange[];
}
/**
 * A variable that a run made, changed or deleted, in a few words ("DataFrame 10,000 × 8").
 */
export interface KernelChange {
  name: string;
  before?: string;
  after?: string;
  agent?: string;
}
export interface NotebookActionEvent {
  event_type: 'notebook_action';
  seq: number;
  run_id: string;
  time: string;
  data: NotebookAction;
}
/**
 * Something to do in an open notebook; performed by the one client that claims it. `args` are an `ActionView`'s.
 */
export interface NotebookAction {
  action_id: string;
  call_id: string;
  agent: string;
  kind: 'insert_cell' | 'replace_cell' | 'run_cell';
  notebook: string;
  args: {
    [k: string]: unknown;
  };
}
export interface NotebookResultEvent {
  event_type: 'notebook_result';
  seq: number;
  run_id: string;
  time: string;
  data: NotebookResult;
}
/**
 * What came of a notebook action. `result` names the cell (`cell_id`), or says why not (`error`).
 */
export interface NotebookResult {
  action_id: string;
  status: 'ok' | 'error' | 'denied' | 'cancelled' | 'unknown';
  result?: {
    [k: string]: unknown;
  };
}
export interface SummaryEvent {
  event_type: 'summary';
  seq: number;
  run_id: string;
  time: string;
  data: Summary;
}
/**
 * Older turns, up to `until_seq`, were summarised for the model; the reader still sees everything.
 */
export interface Summary {
  text: string;
  until_seq: number;
}
export interface UsageEvent {
  event_type: 'usage';
  seq: number;
  run_id: string;
  time: string;
  data: Usage;
}
/**
 * Tokens of one model call.
 */
export interface Usage {
  agent: string;
  model: string;
  input_tokens: number;
  output_tokens: number;
  cost?: number;
}
export interface TitleEvent {
  event_type: 'title';
  seq: number;
  run_id?: string;
  time: string;
  data: Title;
}
/**
 * The thread's title; belongs to no run and may come at any time.
 */
export interface Title {
  title: string;
}
export interface DoneEvent {
  event_type: 'done';
  seq: number;
  run_id: string;
  time: string;
  data: Done;
}
/**
 * Terminal. `content` is the supervisor's last message: the answer.
 */
export interface Done {
  content: string;
  agent: string;
  outcome: 'completed' | 'cancelled';
  duration_ms: number;
  usage?: UsageTotal;
}
/**
 * Tokens of a whole run.
 */
export interface UsageTotal {
  input_tokens: number;
  output_tokens: number;
  cost?: number;
}
export interface RunErrorEvent {
  event_type: 'error';
  seq: number;
  run_id: string;
  time: string;
  data: RunError;
}
/**
 * Terminal. `error` is a sentence that a person can act on.
 */
export interface RunError {
  error: string;
  code:
    | 'interrupted'
    | 'timeout'
    | 'limit'
    | 'model_auth'
    | 'model_not_found'
    | 'model_rate'
    | 'model_timeout'
    | 'model_context'
    | 'model_error'
    | 'storage'
    | 'internal';
  retryable: boolean;
  host?: string;
  model?: string;
  retry_after?: number;
}
export interface HelloFrame {
  event_type: 'hello';
  data: Hello;
}
/**
 * First frame: where the thread stands, what runs and what waits for a person.
 */
export interface Hello {
  protocol: number;
  version: string;
  epoch: string;
  head: number;
  run_id?: string;
  approvals: ApprovalRequest[];
}
export interface AckFrame {
  event_type: 'ack';
  data: Ack;
}
/**
 * The command `ref` is stored. `queued`: how many runs stand before this one.
 */
export interface Ack {
  ref?: string;
  run_id?: string;
  queued?: number;
}
export interface CommandErrorFrame {
  event_type: 'error';
  data: CommandError;
}
/**
 * The command `ref` was refused, the socket stays open, nothing happened.
 */
export interface CommandError {
  ref?: string;
  error: string;
  code:
    | 'bad_json'
    | 'bad_request'
    | 'too_large'
    | 'rate'
    | 'busy'
    | 'not_found'
    | 'forbidden'
    | 'unauthenticated'
    | 'conflict'
    | 'not_pending'
    | 'digest_mismatch'
    | 'stale'
    | 'storage';
  retryable: boolean;
}
export interface ResetFrame {
  event_type: 'reset';
  data: Reset;
}
/**
 * The client's position can't be continued; it starts from this.
 */
export interface Reset {
  epoch: string;
  head: number;
  snapshot: Snapshot;
}
/**
 * A thread's fold. `run_id` is the run that is running or waiting.
 */
export interface Snapshot {
  id: string;
  title: string;
  epoch: string;
  head: number;
  run_id?: string;
  messages: SnapshotMessage[];
  runs: SnapshotRun[];
}
/**
 * One message, in the order of its first event. `created_at` is the time of the last timed event up to it.
 */
export interface SnapshotMessage {
  id: string;
  role: 'user' | 'assistant';
  agent?: string;
  content: string;
  reasoning?: string;
  parts: (ToolPart | ApprovalPart | ArtifactPart | NotebookPart)[];
  run_id: string;
  created_at: string;
  context?: {
    [k: string]: unknown;
  }[];
  client_id?: string;
}
/**
 * A tool call of a message. `handoff` is there when the tool is a specialist. `stdout` joins its `tool_output`s.
 */
export interface ToolPart {
  type: 'tool';
  call_id: string;
  name: string;
  args: {
    [k: string]: unknown;
  };
  agent: string;
  status: 'running' | ('ok' | 'error' | 'denied' | 'cancelled' | 'unknown');
  output?: string;
  stdout?: string;
  duration_ms?: number;
  handoff?: Handoff;
}
/**
 * The supervisor's task for a specialist, part of the tool call that made it.
 */
export interface Handoff {
  agent: string;
  path: string[];
  task: string;
  reason?: string;
}
/**
 * An approval, pending while it has no `decision`.
 */
export interface ApprovalPart {
  type: 'approval';
  approval_id: string;
  call_id: string;
  agent: string;
  action: ActionView;
  digest: string;
  effects?: Effects;
  expires_at: string;
  decision?: 'approved' | 'edited' | 'denied' | 'expired' | 'cancelled';
  scope?: 'once' | 'run' | 'thread' | 'always';
  reason?: string;
}
/**
 * Something to look at or keep.
 */
export interface ArtifactPart {
  type: 'artifact';
  id: string;
  call_id?: string;
  agent: string;
  title?: string;
  bundle: {
    [k: string]: unknown;
  };
  metadata?: {
    [k: string]: unknown;
  };
}
/**
 * Something done, or to be done, in an open notebook. It waits for a client while it has no `status`.
 */
export interface NotebookPart {
  type: 'notebook';
  action_id: string;
  call_id: string;
  agent: string;
  kind: 'insert_cell' | 'replace_cell' | 'run_cell';
  notebook: string;
  args: {
    [k: string]: unknown;
  };
  status?: 'ok' | 'error' | 'denied' | 'cancelled' | 'unknown';
  result?: {
    [k: string]: unknown;
  };
}
/**
 * One run. `message_id` is the person's message. `speaking` is the path to the agent at work, while it runs.
 */
export interface SnapshotRun {
  id: string;
  state: 'queued' | 'running' | 'waiting' | 'completed' | 'cancelled' | 'failed';
  message_id: string;
  agent?: string;
  model?: string;
  speaking?: string[];
  status?: SnapshotStatus;
  plan?: PlanStep[];
  usage?: UsageTotal;
  duration_ms?: number;
  failure?: RunFailure;
  changes?: KernelChanges;
  started_at?: string;
  ended_at?: string;
}
/**
 * What goes on right now; gone when the run has ended.
 */
export interface SnapshotStatus {
  agent: string;
  text: string;
  progress?: number;
}
/**
 * How a run failed.
 */
export interface RunFailure {
  error: string;
  code:
    | 'interrupted'
    | 'timeout'
    | 'limit'
    | 'model_auth'
    | 'model_not_found'
    | 'model_rate'
    | 'model_timeout'
    | 'model_context'
    | 'model_error'
    | 'storage'
    | 'internal';
  retryable: boolean;
  host?: string;
  model?: string;
  retry_after?: number;
}
export interface HeartbeatFrame {
  event_type: 'heartbeat';
  data: Heartbeat;
}
/**
 * The log's head, at most 20 s apart, so that a silent loss shows.
 */
export interface Heartbeat {
  head: number;
}
/**
 * Ask. The same `client_id` again means the same run, not a second one.
 */
export interface Message {
  id?: string;
  type: 'message';
  message: string;
  client_id?: string;
  agent?: string;
  model?: string;
  /**
   * @maxItems 64
   */
  context?: ContextItem[];
  notebook?: Notebook;
  approvals?: 'wait' | 'deny';
  language?: string;
}
/**
 * Something pinned to a message; what it carries depends on `kind`.
 */
export interface ContextItem {
  kind: 'variable' | 'cell' | 'selection' | 'file' | 'notebook';
  [k: string]: unknown;
}
/**
 * The notebook that was active when the message was sent. `path` is relative to the server's root.
 */
export interface Notebook {
  path: string;
  kernel_id?: string;
}
/**
 * Stop a run, or (without `run_id`) the running run and those queued behind it.
 */
export interface Cancel {
  id?: string;
  type: 'cancel';
  run_id?: string;
  call_id?: string;
}
/**
 * Decide about one action. `digest` must be the request's.
 */
export interface Approve {
  id?: string;
  type: 'approve';
  approval_id: string;
  digest: string;
  decision: 'approve' | 'deny' | 'edit';
  code?: string;
  reason?: string;
  scope?: 'once' | 'run' | 'thread';
}
/**
 * Take a notebook action: the one client that gets the `ack` performs it.
 */
export interface Claim {
  id?: string;
  type: 'claim';
  action_id: string;
}
/**
 * Say what came of a claimed notebook action. `result` names the cell (`cell_id`), or says why not (`error`).
 */
export interface Performed {
  id?: string;
  type: 'notebook_result';
  action_id: string;
  status: 'ok' | 'error';
  result?: {
    [k: string]: JsonValue;
  };
}
/**
 * A thread as the list shows it. Times are ISO 8601, UTC. `here`: it belongs to this server's root.
 */
export interface ThreadView {
  id: string;
  title: string;
  created_at: string;
  updated_at: string;
  pinned: boolean;
  running: boolean;
  here: boolean;
}
