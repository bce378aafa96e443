import { Type } from 'typebox'
import { action, shape } from '../skill.ts'
import { Url, readUrl } from './address.ts'
import { MustSucceed, checkAnswer } from './exchange.ts'
import type { Can } from './exchange.ts'
import { askToSend, sayAnswer } from './say.ts'

/** What a webhook answers is of no interest beyond its status, and is not read to its end. */
const ANSWER_BYTES_MAX = 100_000

export const webhook = action({
  summary: 'Calls a webhook with a payload.',
  parameters: shape({ url: Url, payload: Type.Unknown(), must_succeed: MustSucceed }),
  result: shape({ status: Type.Integer() }),
  effect: 'network',
  slots: { url: 'address', payload: 'text' },
  questions: { url: 'Which webhook?', payload: 'With which payload?' },
  phrases: [
    '(call|trigger|fire|ping|hit|invoke) [the|my] webhook [at] {url} with [the] [payload] {payload}',
    '(call|trigger|fire|ping|hit|invoke) [the|my] (webhook|hook) [at] {url}',
    'webhook {url} with [the] [payload] {payload}',
    'webhook {url}: {payload}',
    'send {payload} to [the|my] webhook [at] {url}',
    'send [the] payload {payload} to {url}',
    '(notify|tell) [the|my] webhook [at] {url} [that|about|with|of] {payload}',
    'post {payload} to [the|my] webhook [at] {url}',
  ],
  examples: [
    'call the webhook https://example.org/hooks/1 with {"event":"done"}',
    'trigger my webhook at example.com/hook',
    'fire the webhook https://example.net/h/7 with the payload {"n":2}',
    'send {"state":"open"} to the webhook https://example.org/door',
    'notify my webhook at https://example.com/w that the build is over',
    'webhook https://example.net/in: {"ok":true}',
    'ping the hook at https://example.org/cron',
    'invoke my webhook https://example.com/run with now',
    'hit the webhook at example.net/deploy',
    'send the payload {"id":9} to https://example.org/receive',
    'post {"msg":"hi"} to my webhook at https://example.com/chat',
    'let the webhook at https://example.net/status know it worked',
    'use the webhook https://example.org/a to say lights on',
    'trigger the automation hook https://example.com/scene/2',
    'tell the webhook https://example.net/alarm about {"zone":1}',
  ],
  confirm: async (_can: Can, { url, payload }) => askToSend(url, payload),
  perform: async (can: Can, { url, payload, must_succeed }) => {
    const target = readUrl(url)
    const { status } = await can.net.request({
      url: target,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: writePayload(payload),
      bytes_max: ANSWER_BYTES_MAX,
    })
    checkAnswer(must_succeed, target, status)
    return { data: { status }, text: `${sayAnswer(target, status)}.` }
  },
})

/** A payload is always JSON: a text that is none becomes one of its strings. */
function writePayload(payload: unknown): string {
  if (typeof payload !== 'string') return JSON.stringify(payload)
  try {
    return JSON.stringify(JSON.parse(payload))
  } catch {
    return JSON.stringify(payload)
  }
}
