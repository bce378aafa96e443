import { messages } from '../../../../contract/messages.ts'
import type { MCPMessage } from '../../../../contract/messages.ts'
import { reads, writes } from '../../../kernel/answers.ts'
import type { Answers, Call } from '../../../kernel/answers.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Lines } from '../remote/lines.ts'
import type { Addressee, Mail } from './mail.ts'

/** The answers to agents from outside about what they were sent. */
export function receiving({ lines, mail }: { lines: Lines; mail: Mail }): Answers {
  return {
    [messages.next.name]: writes(messages.next, {
      commit: async (tx, call, { after }) => {
        const to = addressee(call)
        lines.heard(to.agent_id)
        if (after !== undefined) await mail.received(tx, to, after)
        return { messages: [] as MCPMessage[] }
      },
      wait: async (call, { wait_ms = 0 }, _receipt, signal) => {
        const to = addressee(call)
        const found = await mail.fetch(to, wait_ms, signal)
        lines.heard(to.agent_id)
        return { messages: found }
      },
    }),
    [messages.answer.name]: reads(messages.answer, (call, { id, result, error }) => {
      const { agent_id } = addressee(call)
      lines.heard(agent_id)
      const answer = error === undefined ? { result } : { error }
      if (lines.answer(agent_id, id, answer)) return Promise.resolve({})
      throw new Fault('VALIDATION_ERROR', `No request ${id} of yours is open.`, { id }, { status: 404 })
    }),
    [messages.heartbeat.name]: reads(messages.heartbeat, (call) => {
      lines.heard(addressee(call).agent_id)
      return Promise.resolve({})
    }),
  }
}

/** @throws Fault `UNAUTHORIZED` (403) for users, who have no messages waiting. */
function addressee({ user_id, caller }: Call): Addressee {
  const agent_id = caller?.agent_id
  if (agent_id !== undefined) return { user_id, agent_id }
  throw new Fault('UNAUTHORIZED', 'This is for agents with a token of their own.', undefined, { status: 403 })
}
