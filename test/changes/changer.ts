import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { OperationName, Operations } from '../../contract/index.ts'
import type { Input } from '../../contract/operation.ts'
import type { SystemModification } from '../../contract/system.ts'
import type { VoiceProcessed } from '../../contract/voice.ts'
import { openClient } from '../../server/transports/socket/rig.ts'
import type { Answer } from '../../server/transports/socket/rig.ts'
import type { Reply } from '../../server/transports/dispatch.ts'
import { openWhole } from '../journeys/rig.ts'
import { ORIGIN, dataOf, enrol, proofFor, prove } from '../passkeys.ts'
import { flatten } from './model.ts'
import type { Flat } from './model.ts'

/** A refusal as all ways of asking give it; nothing for a success. */
export interface Refusal {
  code: string
  details: Record<string, unknown>
}

/** The owner of a whole server, who changes it in all the ways that there are, with a passkey. */
export interface Changer {
  /** Everything that is configured, as the public operations tell it. */
  state(): Promise<Map<string, Flat>>
  newest(): Promise<SystemModification | undefined>
  list(): Promise<SystemModification[]>
  rest<N extends OperationName>(name: N, input: Input<Operations[N]>): Promise<Refusal | undefined>
  socket(input: Input<Operations['system.modify']>): Promise<Refusal | undefined>
  /** Says a sentence, agrees when asked, and approves what it asks for. Answers whether anything was asked for. */
  say(sentence: string): Promise<{ said: string; failed?: Refusal; input?: Record<string, unknown> }>
  close(): Promise<void>
}

export async function openChanger(): Promise<Changer> {
  const whole = await openWhole()
  const { token } = whole.ann
  const { key } = await enrol(whole, token)
  const client = openClient(whole.port, token, { extraHeaders: { origin: ORIGIN } })
  await client.next('authenticated')
  let conversations = 0
  const rest: Changer['rest'] = async (name, input) => refusalOf(await prove(whole, token, key, name, input))
  const hear = async (text_fallback: string): Promise<VoiceProcessed> => {
    const context = { conversation_id: `conversation ${conversations}` }
    return dataOf<VoiceProcessed>(await whole.call(token, 'voice.process', { text_fallback, context }))
  }
  return {
    state: async () => {
      const [agents, workflows, settings] = await Promise.all([
        whole.ask(token, 'agents.list', {}),
        whole.ask(token, 'workflows.list', {}),
        whole.ask(token, 'system.settings', {}),
      ])
      const all: [string, Flat][] = [['setting:config', flatten(settings)]]
      for (const { id, agent_number, name, description, is_active, voice_enabled, config } of agents.agents)
        all.push([
          `agent:${id}`,
          flatten({ agent_number, name, description, is_active, voice_enabled, config }),
        ])
      for (const { id, name, description, is_active, definition } of workflows.workflows)
        all.push([`workflow:${id}`, flatten({ name, description, is_active, definition })])
      return new Map(all)
    },
    newest: async () => (await whole.ask(token, 'system.modifications', { limit: 1 })).modifications[0],
    list: async () => (await whole.ask(token, 'system.modifications', { limit: 500 })).modifications,
    rest,
    socket: async (input) => {
      const biometric_verification = await proofFor(whole, token, key, 'system.modify', input)
      return refusalIn(await client.ask('system:modify', { ...input, biometric_verification }))
    },
    say: async (sentence) => {
      conversations += 1
      let answer = await hear(sentence)
      if (answer.details === undefined && /Shall I/.test(answer.response.text)) answer = await hear('yes')
      const said = answer.response.text
      const { approval_id: id } = answer.details ?? {}
      if (id === undefined) return { said }
      const { input } = await whole.ask(token, 'approvals.get', { id })
      const refused = await rest('approvals.approve', { id })
      if (refused !== undefined) return { said, failed: refused, input }
      for (let turns = 0; turns < 1_000; turns += 1) {
        const { status, error } = await whole.ask(token, 'approvals.get', { id })
        if (status === 'done') return { said, input }
        if (status === 'failed') {
          const { code = '', details = {} } = error ?? {}
          return { said, input, failed: { code, details } }
        }
        await nextTurn()
      }
      throw new Error(`Not decided: ${sentence}`)
    },
    close: async () => {
      client.socket.disconnect()
      await whole.remove()
    },
  }
}

function refusalOf(reply: Reply): Refusal | undefined {
  return reply.ok ? undefined : withDetails(reply.error.error)
}

function refusalIn(answer: Answer): Refusal | undefined {
  if (answer.success) return undefined
  assert.ok(answer.error)
  return withDetails(answer.error)
}

function withDetails({ code, details = {} }: { code: string; details?: Record<string, unknown> }): Refusal {
  return { code, details }
}
