import { Fault } from '../../../kernel/fault.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import { workflowStore } from '../store.ts'
import type { Told } from '../validate/findings.ts'
import type { ConfiguredAgent } from '../../agents/crud.ts'

/** A definition in which nothing but the trigger can be wrong. */
const AROUND = {
  steps: [{ id: 'step', agent_number: 0, action: 'set', parameters: { value: null } }],
  error_handling: { strategy: 'fail_fast', notification_on_error: false },
  timeout_ms: 1000,
  retry_policy: { max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 },
}

/**
 * Makes sure that the triggers in the configuration of an agent can fire.
 *
 * @throws Fault `AGENT_CONFIG_INVALID` that names the first which cannot.
 */
export async function checkTriggers(
  tx: Tx,
  { user_id, agent_number, config }: ConfiguredAgent,
  validate: (definition: unknown) => Promise<Told>,
): Promise<void> {
  for (const [index, { conditions, ...trigger }] of config.workflow_triggers.entries()) {
    const at = `/config/workflow_triggers/${index}`
    const { workflow_id, ...others } = conditions
    const known = typeof workflow_id === 'string' && workflowStore.find(tx.connection, user_id, workflow_id)
    if (known === false || known === undefined)
      throw refused(`${at}/conditions/workflow_id`, 'names no workflow of yours')
    const source = trigger.type === 'agent_completion' ? { source_agent: agent_number } : {}
    const { errors } = await validate({ ...AROUND, trigger: { ...source, ...trigger, conditions: others } })
    const [first] = errors
    if (first !== undefined) throw refused(at + first.path.replace(/^\/trigger/, ''), first.message)
  }
}

function refused(path: string, message: string): Fault {
  const issues = [{ path, message }]
  return new Fault('AGENT_CONFIG_INVALID', `${path} ${message}.`, { issues })
}
