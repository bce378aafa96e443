import { after } from 'node:test'
import type { Issue } from '../../../contract/errors.ts'
import type { VoiceProcessed } from '../../../contract/voice.ts'
import { openTestApp } from '../../../test/app.ts'
import type { TestApp } from '../../../test/app.ts'
import type { Reply } from '../../transports/dispatch.ts'

/** Somebody who talks to a server of their own, in conversations that they name. */
export interface Speaker extends TestApp {
  token: string
  user_id: string
  /** Says a sentence; throws when it is refused. */
  say(text_fallback: string, conversation_id?: string): Promise<VoiceProcessed>
  /** Says a sentence and answers as much as is compared most often. */
  hear(text_fallback: string, conversation_id?: string): Promise<[action: string, text: string]>
  /** Says it to one agent. */
  tellAgent(id: string, input: object): Promise<Reply>
  /** Names of the events since the last time. */
  events(): Promise<{ name: string; data: unknown }[]>
}

/** Opens a server for the tests of one file, and closes it after them. */
export async function openSpeaker(): Promise<Speaker> {
  const opened = await openTestApp()
  after(() => opened.remove())
  const { token, user_id } = await opened.claim()
  let seen = 0
  const say: Speaker['say'] = (text_fallback, conversation_id) =>
    opened.ask(token, 'voice.process', {
      text_fallback,
      ...(conversation_id !== undefined && { context: { conversation_id } }),
    })
  return {
    ...opened,
    token,
    user_id,
    say,
    hear: async (text_fallback, conversation_id) => {
      const { intent, response } = await say(text_fallback, conversation_id)
      return [intent.action, response.text]
    },
    tellAgent: (id, input) => opened.call(token, 'agents.voice', { id, ...input }),
    events: async () => {
      const { events } = await opened.app.kernel.events.since(user_id, seen)
      seen = events.at(-1)?.seq ?? seen
      return events.map(({ name, data }) => ({ name, data }))
    },
  }
}

/** Code, status and details of a refusal. */
export function refusal(reply: Reply): { code: string; status: number; details: unknown } | undefined {
  if (reply.ok) return undefined
  const { code, details } = reply.error.error
  return { code, status: reply.status, details }
}

/** Paths of the fields that a refusal names. */
export function refusedPaths(reply: Reply): string[] {
  const issues = reply.ok ? undefined : reply.error.error.details?.['issues']
  return Array.isArray(issues) ? (issues as Issue[]).map(({ path }) => path) : []
}
