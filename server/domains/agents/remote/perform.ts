import { Type } from 'typebox'
import type { MCPMessage } from '../../../../contract/messages.ts'
import { MESSAGE_VERSION } from '../../../../contract/messages.ts'
import { object } from '../../../../contract/operation.ts'
import type { Kernel } from '../../../kernel/kernel.ts'
import { findIssues } from '../../../kernel/validate.ts'
import type { RemoteCapability } from '../../../skills/capabilities.ts'
import type { Grant } from '../skills.ts'
import { agentStore } from '../store.ts'
import { toConfig } from '../view.ts'
import type { Lines } from './lines.ts'
import { settingsOf } from './registry.ts'

/** What an agent from outside may answer; anything else is the data itself. */
const Answered = object({
  data: Type.Optional(Type.Unknown()),
  text: Type.Optional(Type.String({ maxLength: 2_000 })),
})
type Answered = Type.Static<typeof Answered>

/** Lets an execution be performed by the agent from outside that it is for. */
export function bindRemote(kernel: Kernel, lines: Lines): (grant: Grant) => RemoteCapability {
  return ({ owner, agent_number, signal, meter, command }) => ({
    perform: async (action, parameters) => {
      meter.use(`agent:${agent_number}`)
      const agent = agentStore.find(kernel.store.reader.connection, owner.user_id, owner.agent_id)
      const message: MCPMessage = {
        id: kernel.id(),
        version: MESSAGE_VERSION,
        type: 'request',
        method: 'agent.execute',
        params: {
          action,
          parameters,
          settings: agent === undefined ? {} : settingsOf(toConfig(agent)),
          ...(command?.context === undefined ? {} : { context: command.context }),
          ...(command === undefined ? {} : { request_id: command.request_id }),
        },
        timestamp: kernel.now(),
        source: { agent_number: 0, agent_id: '' },
        target: { agent_number, agent_id: owner.agent_id },
      }
      // What leaves the process must be true after a crash, too.
      await kernel.store.settled()
      const result = await lines.ask({ agent_id: owner.agent_id, agent_number }, message, signal)
      const isForm = findIssues(Answered, result).length === 0
      const { data, text } = isForm ? (result as Answered) : { data: result, text: undefined }
      return { data: data ?? null, text: text ?? '' }
    },
  })
}
