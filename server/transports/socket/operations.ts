import { Type } from 'typebox'
import { User } from '../../../contract/auth.ts'
import { client_events } from '../../../contract/events.ts'
import type { Call as ClientEvent } from '../../../contract/events.ts'
import { VoiceListening } from '../../../contract/voice.ts'
import type { VoiceAudio } from '../../../contract/voice.ts'
import { Nothing, object, operation } from '../../../contract/operation.ts'
import type { Input, Operation } from '../../../contract/operation.ts'
import { reads } from '../../kernel/answers.ts'
import type { Answers, Call, Caller } from '../../kernel/answers.ts'
import type { Events, Told } from '../../kernel/events.ts'
import { Fault } from '../../kernel/fault.ts'

/** Events that `since` answers at most; when it gave as many there may be more. */
const PAGE = 1_000

const Missed = object({ events: Type.Array(Type.Unknown()), gap: Type.Boolean(), more: Type.Boolean() })

/** What happened while a client was away; `gap` when some of it is gone. */
export interface Missed {
  events: Told[]
  gap: boolean
  more: boolean
}

/**
 * Declares an event about the connection itself as an operation, so that it is admitted, validated and audited like all
 * others. It is bounded by the events that a socket may send, not by the limits of requests.
 */
function own<O extends Type.TSchema = typeof Nothing>(
  name: string,
  event: ClientEvent,
  output?: O,
  rename: Readonly<Record<string, string>> = {},
) {
  const { input, args } = event
  const summary = `Socket event ${name}.`
  const declared = operation({
    http: 'GET /*',
    summary,
    unlimited: true,
    agents: true,
    input,
    output: output ?? Nothing,
  })
  return {
    ...declared,
    output: declared.output as O,
    name: `socket.${name}`,
    socket: { event: name, args, rename },
  }
}

const nothing: ClientEvent = { input: Nothing, args: [] }
export const connecting = own('connect', nothing, User)
export const unknown = own('unknown', nothing)
const subscribing = own(
  'agent:subscribe',
  client_events['agent:subscribe'],
  client_events['agent:subscribe'].answer,
)
const listening = own('voice:audio', client_events['voice:audio'], VoiceListening, { '': 'audio' })
const resuming = own('resume', client_events.resume, Missed)

/** The operations of the events in `client_events`, by the event's name. */
export const connection_operations: ReadonlyMap<string, Operation> = new Map(
  Object.entries<ClientEvent>(client_events).map(([name, event]) => {
    const special: Readonly<Record<string, Operation>> = {
      'agent:subscribe': subscribing,
      'voice:audio': listening,
      resume: resuming,
    }
    return [name, special[name] ?? own(name, event)]
  }),
)

/** What the answers need of the domains. */
export interface ConnectionSources {
  user(user_id: string): Promise<User | undefined>
  /** An agent of the user by id or number. */
  agent(user_id: string, ref: string): Promise<{ id: string; agent_number: number } | undefined>
  events: Pick<Events, 'since'>
  /** Begins an utterance that comes in pieces. @throws Fault */
  listen(speaker: Pick<Call, 'user_id' | 'connection_id'>, first: VoiceAudio): Promise<void>
}
/** To be given to dispatch with the answers of the domains. What an answer means for the socket is done there. */
export function connectionAnswers({ user, agent, events, listen }: ConnectionSources): Answers {
  const answers: Record<string, Answers[string]> = {}
  for (const one of [unknown, ...connection_operations.values()]) {
    answers[one.name] = reads(one, () => Promise.resolve({}))
  }
  answers[connecting.name] = reads(connecting, async ({ user_id, caller }) => {
    const found = await user(user_id)
    if (found === undefined) throw new Fault('UNAUTHORIZED', 'There is no such user any more.')
    // A program is told whose agent it is, and nothing of the person.
    return caller?.agent_id === undefined ? found : veiled(found)
  })
  answers[subscribing.name] = reads(subscribing, async ({ user_id, caller }, input) => {
    const { agent_id: ref } = input as Input<(typeof client_events)['agent:subscribe']>
    const found = await agent(user_id, ref)
    const isForeign = caller?.agent_id !== undefined && caller.agent_id !== found?.id
    if (found === undefined || isForeign) throw new Fault('AGENT_NOT_FOUND', `No agent ${ref}.`, { id: ref })
    return { agent_id: found.id, agent_number: found.agent_number }
  })
  answers[listening.name] = reads(listening, async (call, input) => {
    const { audio } = input as Input<(typeof client_events)['voice:audio']>
    if (call.caller?.agent_id !== undefined)
      throw new Fault('UNAUTHORIZED', 'Programs do not speak: send text.', undefined, { status: 403 })
    await listen(call, audio)
    return { listening: true }
  })
  answers[resuming.name] = reads(resuming, async ({ user_id }, input) => {
    const { last_seq } = input as Input<(typeof client_events)['resume']>
    const missed = await events.since(user_id, last_seq)
    return { ...missed, more: missed.events.length >= PAGE }
  })
  return answers
}

const NOBODY = {
  email: '',
  updated_at: '',
  preferences: {
    voice_enabled: false,
    default_voice_language: 'en',
    biometric_enabled: false,
    theme: 'system',
    notification_settings: { in_app: false, push: false, email: false, sound: false, min_severity: 'info' },
  },
} as const

/** A user as a program sees them: who it works for, and nothing of the person. */
function veiled({ id, created_at }: User): User {
  return { ...NOBODY, id, created_at, updated_at: created_at }
}

/** Whom a socket speaks for. */
export type Speaker = Pick<Caller, 'user_id' | 'session_id' | 'role' | 'agent_id'>
