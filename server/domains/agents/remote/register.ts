import { messages } from '../../../../contract/messages.ts'
import type { Input, Output } from '../../../../contract/operation.ts'
import { reads, writes } from '../../../kernel/answers.ts'
import type { Answers } from '../../../kernel/answers.ts'
import { canonical } from '../../../kernel/canonical.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import { need } from '../accept.ts'
import type { Crud } from '../crud.ts'
import { agentStore } from '../store.ts'
import type { AgentRow, AgentTables } from '../store.ts'
import { checkPhrases } from './register-phrases.ts'
import { skillName } from './registry.ts'
import type { Registry } from './registry.ts'
import { findRegistrationIssues } from './skill.ts'
import type { Registration } from './skill.ts'

type Given = Input<typeof messages.register>

/** The answers to agents that want to enter from outside. */
export function registering(kernel: Kernel, { crud, registry }: { crud: Crud; registry: Registry }): Answers {
  return {
    [messages.register.name]: writes(messages.register, {
      commit: async (tx, { user_id }, given) => {
        const registration = checked(given)
        const { agent_number, name, voice_commands } = given
        const before = agentStore.find(tx.connection, user_id, String(agent_number))
        if (before !== undefined && registry.registrationOf(before.id) === undefined)
          throw taken(agent_number)
        if (before?.is_active === 0)
          throw new Fault('AGENT_DISABLED', `Agent ${agent_number} is switched off.`, { agent_number })
        checkPhrases(registration, registry.others(tx, user_id, before?.id))
        const config = { voice_commands }
        const agent =
          before === undefined
            ? await enter(tx, crud, user_id, { agent_number, name, config })
            : await crud.update(tx, user_id, before.id, { name, config })
        const token = await registry.put(tx, agent, registration)
        return { ...active(agent), token }
      },
    }),
    [messages.renew.name]: reads(messages.renew, ({ user_id, caller }, given) => {
      const { agent_id = '' } = caller ?? {}
      const agent = need(kernel.store.reader, user_id, agent_id)
      const registered = registry.registrationOf(agent_id)
      const isSame =
        given.agent_number === agent.agent_number &&
        canonical(registered ?? null) === canonical(checked(given))
      if (isSame) return Promise.resolve(active(agent))
      throw new Fault(
        'BIOMETRIC_REQUIRED',
        'This is not what was approved: register it with the token of a user, who is asked again.',
        { reason: 'registration_differs' },
      )
    }),
  }
}

async function enter(
  tx: Tx,
  crud: Crud,
  user_id: string,
  given: Parameters<Crud['create']>[2],
): Promise<AgentRow> {
  const made = await crud.create(tx, user_id, given)
  const skill = skillName(made.id)
  await agentStore.update(tx.tables<AgentTables>(), user_id, made.id, { skill })
  return { ...made, skill }
}

/** @throws Fault `VALIDATION_ERROR` that lists everything that is wrong. */
function checked({ name, voice_commands, capabilities, actions = [], config_schema }: Given): Registration {
  const registration = { name, voice_commands, capabilities, actions, config_schema }
  const issues = findRegistrationIssues(registration)
  if (issues.length === 0) return registration
  const [first] = issues
  throw new Fault('VALIDATION_ERROR', `The registration is wrong: ${first?.path} ${first?.message}.`, {
    issues,
  })
}

function active({ id: agent_id, agent_number }: AgentRow): Output<typeof messages.register> {
  return { agent_id, agent_number, status: 'active' }
}

function taken(agent_number: number): Fault {
  const text = `Agent ${agent_number} is one of this server's own.`
  return new Fault('AGENT_CONFIG_INVALID', text, { field: 'agent_number' }, { status: 409 })
}
