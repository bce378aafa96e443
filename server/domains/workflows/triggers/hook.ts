import { workflows } from '../../../../contract/workflows.ts'
import type { Workflow } from '../../../../contract/workflows.ts'
import { writes } from '../../../kernel/answers.ts'
import type { Answers, Call } from '../../../kernel/answers.ts'
import type { Delivery } from '../../../kernel/delivery.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import type { Engine } from '../engine/index.ts'
import type { Json } from '../evaluate/value.ts'
import { needRun } from '../history.ts'
import { receiptOf } from '../receipt.ts'
import type { Wait } from '../receipt.ts'
import { workflowStore } from '../store.ts'
import type { WorkflowRow } from '../store.ts'
import type { Triggers } from './index.ts'
import { SECRET_PREFIX, checkSignature } from './signature.ts'
import { triggerStore } from './store.ts'
import type { TriggerRow, TriggerTables } from './store.ts'

type Db = Pick<Tx, 'connection'>
type HookOperation = typeof workflows.hook | typeof workflows.hook_put | typeof workflows.hook_get

interface HookParts {
  engine: Pick<Engine, 'start'>
  triggers: Pick<Triggers, 'byToken' | 'tokenOf'>
  /** Takes a start off the day's quota of a user. @throws Fault when it is used up. */
  charge: (user_id: string) => void
  wait: Wait
}

export interface Hooks {
  readonly answers: Answers
  /** The trigger that a token fires, while it and its workflow are switched on. */
  find(token: string): TriggerRow | undefined
  /** A workflow with what only its own page tells: its secret, and the webhooks that agents have for it. */
  show(workflow: Workflow): Promise<Workflow>
}

interface HookConditions {
  method?: string
  signed?: boolean
}

/** Webhooks that come in. */
export function openHooks(kernel: Kernel, { engine, triggers, charge, wait }: HookParts): Hooks {
  const { reader } = kernel.store
  const find = (db: Db, token: string) => {
    const row = triggers.byToken(db, token)
    const workflow = row && workflowStore.find(db.connection, row.user_id, row.workflow_id)
    // An agent's trigger stays when the workflow that it names is switched off.
    return row === undefined || workflow === undefined || workflow.is_active === 0
      ? undefined
      : { row, workflow }
  }
  const need = (db: Db, { token, delivery }: Call) => {
    const found = find(db, token ?? '')
    if (found === undefined || delivery === undefined) throw noHook()
    return { ...found, delivery }
  }
  const secretOf = (key: string): string => {
    const secret = Buffer.from(kernel.keys.mac('webhook', `signature ${key}`), 'base64url')
    return SECRET_PREFIX + secret.toString('base64')
  }
  const start = (tx: Tx, row: TriggerRow, workflow: WorkflowRow, delivery: Delivery) => {
    const source = 'webhook'
    const refusal = refusalOf(() => charge(row.user_id))
    if (refusal !== undefined) {
      // It leaves its line in the history and no more: whoever goes on sending must not fill the disk, and what is
      // sent again when there is quota runs.
      const refused = `${refusal.code}: ${refusal.message}`
      engine.start(tx, { workflow, source, data: { type: source, source }, input: null, refused })
      return refusal
    }
    const { method, headers, query, id } = delivery
    const body = (delivery.body ?? null) as Json
    return receiptOf(
      engine.start(tx, {
        workflow,
        source,
        data: { type: source, source, method, headers, query, body },
        input: body,
        ...(id === undefined ? {} : { once_key: onceKey(row, id) }),
      }),
    )
  }
  const answer = (operation: HookOperation) =>
    writes(operation, {
      prepare: (call) => {
        const { row, delivery } = need(reader, call)
        const { method = 'POST', signed } = JSON.parse(row.conditions) as HookConditions
        if (delivery.method !== method) {
          const text = `This webhook takes ${method} alone.`
          throw new Fault('VALIDATION_ERROR', text, { allow: method }, { status: 405 })
        }
        if (signed === true) checkSignature(secretOf(row.key), delivery, call.now)
        return Promise.resolve()
      },
      commit: (tx, call) => {
        const { row, workflow, delivery } = need(tx, call)
        refuseRepeated(tx, row, delivery)
        return Promise.resolve(start(tx, row, workflow, delivery))
      },
      wait: ({ user_id, delivery }, _input, receipt, signal) =>
        delivery?.wait_s === undefined
          ? Promise.resolve(receipt)
          : wait(needRun(reader, user_id, receipt.execution_id), delivery.wait_s * 1000, signal),
    })
  return {
    find: (token) => find(reader, token)?.row,
    show: async (workflow) => {
      const { id, user_id, definition } = workflow
      const { type, conditions }: { type: string; conditions: HookConditions } = definition.trigger
      const all = await triggerStore.ofType(reader.tables<TriggerTables>(), user_id, 'webhook')
      const shown = all.flatMap(({ key, agent_id, workflow_id, conditions: own }) => {
        if (agent_id === null || workflow_id !== id) return []
        const { signed } = JSON.parse(own) as HookConditions
        const path = `/api/hooks/${triggers.tokenOf(key)}`
        return { agent_id, path, ...(signed === true ? { secret: secretOf(key) } : {}) }
      })
      return {
        ...workflow,
        ...(type === 'webhook' && conditions.signed === true ? { webhook_secret: secretOf(id) } : {}),
        ...(shown.length === 0 ? {} : { agent_webhooks: shown }),
      }
    },
    answers: {
      [workflows.hook.name]: answer(workflows.hook),
      [workflows.hook_put.name]: answer(workflows.hook_put),
      [workflows.hook_get.name]: answer(workflows.hook_get),
    },
  }
}

/** The same for one that never was, that is switched off, and that is deleted. */
export function noHook(): Fault {
  return new Fault('WORKFLOW_NOT_FOUND', 'There is no such webhook.')
}

/** Two webhooks of one workflow have deliveries of their own. */
function onceKey({ key }: TriggerRow, id: string): string {
  return `hook ${key} ${id}`
}

function refuseRepeated(tx: Tx, row: TriggerRow, { id }: Delivery): void {
  const known =
    id === undefined ? undefined : workflowStore.once(tx.connection, row.workflow_id, onceKey(row, id))
  if (known === undefined) return
  const details = { execution_id: known.id }
  throw new Fault('VALIDATION_ERROR', 'This delivery has come before.', details, { status: 409 })
}

function refusalOf(charge: () => void): Fault | undefined {
  try {
    charge()
    return undefined
  } catch (error) {
    if (error instanceof Fault) return error
    throw error
  }
}
