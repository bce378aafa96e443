import { createHmac } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { operations } from '../../contract/index.ts'
import type { ExecutionDetail, Workflow, WorkflowDefinition } from '../../contract/workflows.ts'
import { dataOf } from './rig.ts'
import type { Answered, Asked, Fields, Person, Target } from './rig.ts'

/** Answers what started it. */
const SHOW = { id: 'show', agent_number: 0, action: 'set', parameters: { value: '{{trigger}}' } }
/** What only works something out is done when its start is answered; this is not. */
const REST = { id: 'rest', agent_number: 0, action: 'wait', parameters: { seconds: 0 } }
/** Waits for longer than anybody waits for it. */
export const SLOW = { id: 'slow', agent_number: 0, action: 'wait', parameters: { seconds: 3_000 } }

let names = 0

/** Makes a workflow of a person that a webhook starts; the answer of its own page. */
export async function hooked(
  target: Target,
  conditions: Fields = {},
  { steps = [SHOW, REST], by = target.ann }: { steps?: WorkflowDefinition['steps']; by?: Person } = {},
): Promise<Workflow & { webhook_path: string }> {
  names += 1
  const definition: WorkflowDefinition = {
    trigger: { type: 'webhook', conditions },
    steps,
    error_handling: { strategy: 'fail_fast', notification_on_error: false },
    timeout_ms: 3_600_000,
    retry_policy: { max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 },
  }
  const { token } = by
  const made = await target.perform(
    operations['workflows.create'],
    { name: `Hooked ${names}`, definition },
    { token },
  )
  const workflow = dataOf<Workflow>(
    await target.http(`GET /api/workflows/${dataOf<Workflow>(made).id}`, { token }),
  )
  return { ...workflow, webhook_path: workflow.webhook_path ?? '' }
}

/** Calls a webhook with a body of JSON, or as it is asked. */
export function call(
  target: Target,
  { webhook_path }: { webhook_path: string },
  asked: Asked = { body: {} },
  method = 'POST',
): Promise<Answered> {
  return target.http(`${method} ${webhook_path}`, asked)
}

/** Headers that sign a body as Standard Webhooks does. */
export function standard(secret: string, id: string, body: string, at_ms: number): Record<string, string> {
  const at = String(Math.floor(at_ms / 1000))
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` }
}

/** The header that signs a body as GitHub does. */
export function hub(secret: string, body: string): Record<string, string> {
  return { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` }
}

/** The runs of a workflow, newest first. */
export async function runs(
  target: Target,
  { id }: Pick<Workflow, 'id'>,
  by = target.ann,
): Promise<ExecutionDetail[]> {
  const { token } = by
  const { executions } = dataOf<{ executions: { execution_id: string }[] }>(
    await target.http(`GET /api/workflows/${id}/history?limit=500`, { token }),
  )
  const asked = executions.map(({ execution_id }) =>
    target.http(`GET /api/workflows/executions/${execution_id}/detail`, { token }),
  )
  return (await Promise.all(asked)).map((answered) => dataOf<ExecutionDetail>(answered))
}

/** Calls a webhook and answers what its workflow saw of it. */
export async function seen(
  target: Target,
  hook: { webhook_path: string },
  asked?: Asked,
  method = 'POST',
  query = '',
): Promise<{ trigger: Record<string, unknown>; input: unknown }> {
  const headers = { prefer: 'wait', ...asked?.headers }
  const answered = await target.http(`${method} ${hook.webhook_path}${query}`, { ...asked, headers })
  if (answered.status !== 200) throw new Error(`${answered.status} ${answered.text}`)
  const { execution_id, results } = dataOf<{ execution_id: string; results: Fields }>(answered)
  const { token } = target.ann
  const { input } = dataOf<ExecutionDetail>(
    await target.http(`GET /api/workflows/executions/${execution_id}/detail`, { token }),
  )
  const { value } = results['show'] as { value: Record<string, unknown> }
  return { trigger: value, input }
}

/** Lets everything that is under way come as far as it can without time going by. */
export async function quiet({ app }: Target): Promise<void> {
  for (let calm = 0, before = -1; calm < 20;) {
    await nextTurn()
    const { committed } = app.kernel.store.progress
    calm = committed === before ? calm + 1 : 0
    before = committed
  }
}
