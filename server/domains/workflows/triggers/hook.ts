import { storedFields } from '../../../kernel/stored.ts'
import { workflows } from '../../../../contract/workflows.ts'
import type { Workflow, WorkflowReceipt } from '../../../../contract/workflows.ts'
import { writes } from '../../../kernel/answers.ts'
import type { Answers, Call } from '../../../kernel/answers.ts'
import type { Delivery } from '../../../kernel/delivery.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import type { Signing } from '../../vault/signing.ts'
import type { Engine } from '../engine/index.ts'
import type { Json } from '../evaluate/value.ts'
import { receiptOf } from '../receipt.ts'
import type { Wait } from '../receipt.ts'
import { workflowStore } from '../store.ts'
import type { WorkflowRow } from '../store.ts'
import { openHookSecrets } from './hook-secret.ts'
import type { HookConditions } from './hook-secret.ts'
import { refusedKey } from './index.ts'
import type { Triggers } from './index.ts'
import { credentialOf } from './secret.ts'
import { checkSignature } from './signature.ts'
import { triggerStore } from './store.ts'
import type { TriggerRow, TriggerTables } from './store.ts'

type Db = Pick<Tx, 'connection'>

interface HookParts {
  engine: Pick<Engine, 'start'>
  triggers: Pick<Triggers, 'byToken' | 'tokenOf'>
  /** Takes a start off the day's quota of a user. @throws Fault when it is used up. */
  charge: (user_id: string) => void
  wait: Wait
  signing: Signing
}

export interface Hooks {
  readonly answers: Answers
  /** The trigger that a token fires. Its workflow may be switched off, or be an agent's trigger's and gone. */
  find(token: string): TriggerRow | undefined
  /** A workflow with what only its own page tells: its secret, and the webhooks that agents have for it. */
  show(workflow: Workflow): Promise<Workflow>
  /** The names of the workflows, as far as they are switched on, whose webhooks are signed with a credential. */
  naming(tx: Tx, user_id: string, credential_id: string): Promise<string[]>
}

interface Found {
  row: TriggerRow
  workflow: WorkflowRow
  delivery: Delivery
}

/** Webhooks that come in. */
export function openHooks(kernel: Kernel, parts: HookParts): Hooks {
  const { reader } = kernel.store
  const { triggers, wait, signing } = parts
  const secrets = openHookSecrets(kernel, signing)
  const need = (db: Db, { token, delivery }: Pick<Call, 'token' | 'delivery'>): Found => {
    const row = triggers.byToken(db, token ?? '')
    const workflow = row && workflowStore.find(db.connection, row.user_id, row.workflow_id)
    // An agent's trigger stays when the workflow that it names is switched off.
    if (row === undefined || workflow === undefined || workflow.is_active === 0 || delivery === undefined)
      throw noHook()
    return { row, workflow, delivery }
  }
  const answer = (operation: typeof workflows.hook) =>
    writes(operation, {
      prepare: async (call): Promise<Json> => {
        const { row, delivery } = need(reader, call)
        const conditions = conditionsOf(row)
        const { method = 'POST' } = conditions
        if (delivery.method !== method) {
          const text = `This webhook takes ${method} alone.`
          throw new Fault('VALIDATION_ERROR', text, { allow: method }, { status: 405 })
        }
        const secret = await secrets.find(row, conditions)
        if (secret !== undefined) checkSignature(secret, delivery, call.now)
        // Only now: reading costs more than telling who sent it.
        return (await delivery.read()) as Json
      },
      commit: async (tx, call, _input, body) => {
        const found = need(tx, call)
        const credential_id = credentialOf(conditionsOf(found.row).secret)
        if (credential_id !== undefined) await signing.used(tx, call.user_id, credential_id)
        return start(kernel, parts, tx, { ...found, body })
      },
      wait: ({ user_id, delivery }, _input, receipt, signal) =>
        delivery?.wait_s === undefined
          ? Promise.resolve(receipt)
          : wait(user_id, receipt, delivery.wait_s * 1000, signal),
    })
  return {
    find: (token) => triggers.byToken(reader, token),
    show: async (workflow) => {
      const { user_id, id } = workflow
      const own = await triggerStore.ofWorkflow(reader.tables<TriggerTables>(), user_id, id)
      return toShown(workflow, own, { secretOf: secrets.derived, tokenOf: triggers.tokenOf })
    },
    naming: async (tx, user_id, credential_id) => {
      const rows = await triggerStore.ofType(tx.tables<TriggerTables>(), user_id, 'webhook')
      const names = rows
        .filter((row) => credentialOf(knownOf(row)?.secret) === credential_id)
        .flatMap(({ workflow_id }) => workflowStore.find(tx.connection, user_id, workflow_id)?.name ?? [])
      return [...new Set(names)]
    },
    answers: {
      [workflows.hook.name]: answer(workflows.hook),
      [workflows.hook_put.name]: answer(workflows.hook_put),
      [workflows.hook_get.name]: answer(workflows.hook_get),
    },
  }
}

function knownOf({ conditions }: TriggerRow): HookConditions | undefined {
  return storedFields<HookConditions>(conditions)
}

function conditionsOf(row: TriggerRow): HookConditions {
  const known = knownOf(row)
  if (known === undefined)
    throw new Fault('WORKFLOW_EXECUTION_FAILED', 'The record of this webhook is damaged.')
  return known
}

/** Starts the workflow, or answers why the day's quota does not let it. @throws Fault (409) for what came before. */
function start(
  kernel: Pick<Kernel, 'clock'>,
  { engine, charge }: HookParts,
  tx: Tx,
  { row, workflow, delivery, body }: Found & { body: Json },
): WorkflowReceipt | Fault {
  const source = 'webhook'
  const { method, headers, query, id } = delivery
  // Two webhooks of one workflow have deliveries of their own.
  const once_key = id === undefined ? undefined : `hook ${row.key} ${id}`
  const known = once_key === undefined ? undefined : workflowStore.once(tx.connection, workflow.id, once_key)
  if (known !== undefined) {
    const details = { execution_id: known.id }
    throw new Fault('VALIDATION_ERROR', 'This delivery has come before.', details, { status: 409 })
  }
  const refusal = refusalOf(() => charge(row.user_id))
  if (refusal !== undefined) {
    // It leaves its line in the history and no more: whoever goes on sending must not fill the disk, and what is sent
    // again when there is quota runs.
    const refused = `${refusal.code}: ${refusal.message}`
    engine.start(tx, {
      workflow,
      source,
      data: { type: source, source },
      input: null,
      once_key: refusedKey(row.key, kernel.clock.now()),
      refused,
    })
    return refusal
  }
  const data = { type: source, source, method, headers, query, body }
  const started = { workflow, source, data, input: body }
  const run = engine.start(tx, once_key === undefined ? started : { ...started, once_key })
  return receiptOf(run, delivery.wait_s === undefined ? undefined : run.steps)
}

function toShown(
  workflow: Workflow,
  rows: readonly TriggerRow[],
  { secretOf, tokenOf }: Record<'secretOf' | 'tokenOf', (key: string) => string>,
): Workflow {
  const { type, conditions } = workflow.definition.trigger
  const agent_webhooks = rows.flatMap((row) => {
    const { key, agent_id, type: starts } = row
    if (agent_id === null || starts !== 'webhook') return []
    const path = `/api/hooks/${tokenOf(key)}`
    return {
      agent_id,
      path,
      ...(isDerived(knownOf(row)) ? { secret: secretOf(key) } : {}),
    }
  })
  const isSigned = type === 'webhook' && isDerived(conditions)
  return {
    ...workflow,
    ...(type === 'webhook' ? { webhook_path: `/api/hooks/${tokenOf(workflow.id)}` } : {}),
    ...(isSigned ? { webhook_secret: secretOf(workflow.id) } : {}),
    ...(agent_webhooks.length === 0 ? {} : { agent_webhooks }),
  }
}

/** Whether calls are signed with the secret that this server has made: one in the vault is shown by the vault alone. */
function isDerived({ signed, secret }: HookConditions = {}): boolean {
  return signed === true && secret === undefined
}

/** The same for one that never was, that is switched off, and that is deleted. */
export function noHook(): Fault {
  return new Fault('WORKFLOW_NOT_FOUND', 'There is no such webhook.')
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
