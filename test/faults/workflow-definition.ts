import type { WorkflowDefinition, WorkflowStep } from '../../contract/workflows.ts'

/** What a step leaves in the store, once: its text is the name of the run and that of the step. */
export type Trace = 'item' | 'reminder' | 'note' | 'notice'

/** A step, and what may be said of it however often the server is killed. */
export interface Known {
  step: WorkflowStep
  leaves?: Trace
  /** Where the result is the same in every run; `NAME` stands for that of the run. */
  result?: unknown
  /** It sends to the outside, so a kill may leave it unknown. */
  sends?: true
  skipped?: true
}

type More = Omit<Known, 'step'> & { after?: string[]; condition?: string }

function known(id: string, agent_number: number, action: string, parameters: unknown, more: More): Known {
  const { after, condition, ...rest } = more
  const step = { id, agent_number, action, parameters: parameters as Record<string, unknown> }
  const depends = after === undefined ? {} : { depends_on: after }
  return { step: { ...step, ...depends, ...(condition === undefined ? {} : { condition }) }, ...rest }
}

/** The text that a step leaves. */
const text = (id: string): string => `{{input.name}}x${id}`
export const textOf = (name: string, id: string): string => `${name}x${id}`

const own = (id: string, action: string, parameters: unknown, more: More = {}) =>
  known(id, 0, action, parameters, more)
const set = (id: string, value: unknown, more: More = {}) => own(id, 'set', { value }, more)
const tell = (id: string, more: More = {}) =>
  own(id, 'notify', { text: text(id) }, { leaves: 'notice', ...more })
const item = (id: string, more: More = {}) =>
  known(
    id,
    4,
    'add',
    { items: [text(id)], list: 'kept' },
    {
      leaves: 'item',
      result: { added: [`NAMEx${id}`], list: 'kept' },
      ...more,
    },
  )
const remind = (id: string, more: More = {}) =>
  known(id, 3, 'remind', { text: text(id), in_seconds: 86_400 }, { leaves: 'reminder', ...more })
const note = (id: string, more: More = {}) =>
  known(id, 2, 'remember', { text: text(id) }, { leaves: 'note', ...more })

const url = (manner: string, id: string): string => `{{input.outside}}/${manner}/{{input.name}}/${id}`
const post = (id: string, manner: string, more: More = {}) =>
  known(id, 8, 'post', { url: url(manner, id), body: { name: '{{input.name}}' } }, { sends: true, ...more })
const hook = (id: string, manner: string, more: More = {}) =>
  known(id, 8, 'webhook', { url: url(manner, id), payload: id }, { sends: true, ...more })
const get = (id: string, manner: string, more: More = {}) =>
  known(id, 8, 'get', { url: url(manner, id) }, more)
const page = (id: string, manner: string, more: More = {}) =>
  known(id, 8, 'read_page', { url: url(manner, id) }, more)

/** Names a condition for a step that goes on after others however these ended. */
const whatever = (...ids: string[]): More => ({
  after: ids,
  condition: ids.map((id) => `steps.${id}.status !== ''`).join(' && '),
})
const begin: More = { after: ['begin'] }

/**
 * 30 steps: branches that write here, that send, that read and that wait, and a join. `late` fails until 60 ms after the
 * beginning, `page1` once, and `post3` and `post4` once and twice. What is listed first begins first, so `hear` waits before
 * anything can happen.
 */
const GRAPH: readonly Known[] = [
  set('begin', { name: '{{input.name}}', ready: '{{date(Date.now() + 60)}}' }, { after: [] }),
  own(
    'hear',
    'wait_for_event',
    {
      event: 'workflow:step_completed',
      match: { step_id: 'item4', result: { added: ['{{input.name}}xitem4'] } },
    },
    begin,
  ),
  item('item1', begin),
  item('item2', { after: ['item1'] }),
  own('pause1', 'wait', { seconds: 0.05 }, { after: ['item2'] }),
  item('item3', { after: ['pause1'] }),
  known(
    'late',
    4,
    'add',
    { items: [`{{now < steps.begin.result.value.ready ? ' ' : input.name + 'xlate'}}`], list: 'kept' },
    { ...begin, leaves: 'item', result: { added: ['NAMExlate'], list: 'kept' } },
  ),
  item('item4', { after: ['late'] }),
  remind('remind1', begin),
  remind('remind2', { after: ['remind1'] }),
  note('note1', begin),
  note('note2', { after: ['note1'] }),
  tell('tell1', begin),
  post('post1', 'ok', begin),
  post('post2', 'slow', whatever('post1')),
  post('post3', 'drop1', begin),
  post('post4', 'drop2', begin),
  post('post5', 'busy', begin),
  hook('hook1', 'slow', whatever('post3')),
  get('read1', 'slow', begin),
  get('read2', 'busy', begin),
  page('page1', 'broken', begin),
  known('list1', 4, 'list', { list: 'kept' }, { after: ['item3'] }),
  known('sum1', 6, 'count', { text: 'one two three' }, { after: ['read1'] }),
  item('skip1', { after: ['begin'], condition: `input.name === ''`, skipped: true }),
  set('past1', '{{steps.skip1.result}}', { after: ['skip1'], result: { value: null } }),
  own('pause2', 'wait', { until: '{{date(Date.now() + 40)}}' }, begin),
  set('join', '{{input.name}}', {
    ...whatever('post2', 'post4', 'post5', 'hook1', 'hear', 'list1', 'sum1', 'page1'),
    result: { value: 'NAME' },
  }),
  item('item5', { after: ['join', 'remind2', 'note2', 'tell1', 'past1', 'pause2', 'read2'] }),
  tell('tell2', { after: ['item5'] }),
]

/** The same kinds of steps, one after the other. */
const LIST: readonly Known[] = [
  set('begin', '{{input.name}}', { result: { value: 'NAME' } }),
  item('item1'),
  post('post1', 'ok'),
  note('note1'),
  get('read1', 'ok'),
  own('pause1', 'wait', { seconds: 0.01 }),
  remind('remind1'),
  post('post2', 'drop1'),
  tell('tell1'),
  item('item2'),
]

/** The workflows that are tortured, by name, each with its steps by id. */
export const TORTURED = {
  graph: new Map(GRAPH.map((one) => [one.step.id, one])),
  list: new Map(LIST.map((one) => [one.step.id, one])),
} as const satisfies Record<string, ReadonlyMap<string, Known>>
export type Tortured = keyof typeof TORTURED

export function definitionOf(workflow: Tortured): WorkflowDefinition {
  return {
    trigger: { type: 'manual', conditions: {} },
    steps: [...TORTURED[workflow].values()].map(({ step }) => step),
    error_handling: { strategy: 'continue', notification_on_error: true },
    timeout_ms: 600_000,
    retry_policy: { max_attempts: 6, backoff_strategy: 'fixed', delay_ms: 30 },
  }
}
