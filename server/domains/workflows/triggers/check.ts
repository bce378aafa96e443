import { Fault } from '../../../kernel/fault.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import { workflowStore } from '../store.ts'
import type { Told } from '../validate/findings.ts'
import type { ConfiguredAgent } from '../../agents/crud.ts'
import { credentialOf, secretOf } from './secret.ts'
import { triggerStore, wantedOf } from './store.ts'

/** A definition in which nothing but the trigger can be wrong. */
const AROUND = {
  steps: [{ id: 'step', agent_number: 0, action: 'set', parameters: { value: null } }],
  error_handling: { strategy: 'fail_fast', notification_on_error: false },
  timeout_ms: 1000,
  retry_policy: { max_attempts: 1, backoff_strategy: 'fixed', delay_ms: 0 },
}

/**
 * Makes sure that the triggers of an agent can fire, once it is switched on. Those that it had are not looked at: that a
 * workflow was deleted must not keep the agent from being renamed, switched off or deleted.
 *
 * @throws Fault `AGENT_CONFIG_INVALID` that names the first which cannot.
 */
export async function checkTriggers(
  tx: Tx,
  agent: ConfiguredAgent,
  validate: (definition: unknown) => Promise<Told>,
): Promise<void> {
  const { user_id, agent_number, config } = agent
  // A secret is kept in no configuration, whether it is used or not.
  for (const [index, trigger] of config.workflow_triggers.entries()) {
    const secret = secretOf(trigger)
    if (secret !== undefined && credentialOf(secret) === undefined)
      throw refused(`/config/workflow_triggers/${index}/conditions/secret`, 'It names no stored credential.')
  }
  if (!agent.is_active) return
  for (const [index, trigger] of config.workflow_triggers.entries()) {
    const key = wantedOf(agent, trigger)?.key
    if (key !== undefined && triggerStore.find(tx.connection, key) !== undefined) continue
    const at = `/config/workflow_triggers/${index}`
    const { workflow_id, ...conditions } = trigger.conditions
    const known =
      typeof workflow_id === 'string' ? workflowStore.find(tx.connection, user_id, workflow_id) : undefined
    if (known === undefined) throw refused(`${at}/conditions/workflow_id`, 'It names no workflow of yours.')
    const { source_agent = agent_number } = trigger
    const own = trigger.type === 'agent_completion' ? { source_agent } : {}
    const { errors } = await validate({ ...AROUND, trigger: { ...trigger, ...own, conditions } })
    const [first] = errors
    if (first !== undefined) throw refused(at + first.path.replace(/^\/trigger/, ''), first.message)
  }
}

function refused(path: string, message: string): Fault {
  return new Fault('AGENT_CONFIG_INVALID', `${path}: ${message}`, { issues: [{ path, message }] })
}
