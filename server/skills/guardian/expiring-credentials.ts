import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { spokenTime } from '../reminders/spoken.ts'
import { sayDuration } from '../say.ts'
import { action, shape } from '../skill.ts'

const DAY_S = 86_400
const WITHIN_DEFAULT = 30 * DAY_S
const WITHIN_MAX = 3_660 * DAY_S
const SAID_MAX = 5
const LISTED_MAX = 100

export const expiring_credentials = action({
  summary: 'Tells which stored secrets have expired or expire soon.',
  parameters: shape({ within_seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: WITHIN_MAX })) }),
  result: shape({
    credentials: Type.Array(
      Type.Object({
        credential_id: Type.String(),
        service_name: Type.String(),
        expires_at: Type.String(),
        expired: Type.Boolean(),
        renewed_by: Type.Optional(Type.String()),
      }),
    ),
  }),
  effect: 'read',
  slots: { within_seconds: 'duration' },
  phrases: [
    '(which|what) [of my] (credentials|secrets|api keys|passwords|tokens) (expire|are expiring|end|run out) [soon]',
    '(which|what) [of my] (credentials|secrets|api keys|tokens) (expire|end) (in|within) [the next] {within_seconds}',
    '(do|will) any [of my] (credentials|secrets|api keys|passwords|tokens) (expire|end|run out) [soon]',
    '(has|have) any [of my] (credential|credentials|secret|secrets|api key|api keys|token|tokens) (expired|ended|run out)',
    '(list|show) [me] [my] (expired|expiring) (credentials|secrets|api keys|passwords|tokens)',
    'expiring credentials',
    'check [the] (expiry|expiration) of my (credentials|secrets|api keys|tokens)',
    'when (do|will) my (credentials|secrets|api keys|tokens) (expire|end|run out)',
  ],
  examples: [
    'which of my keys are about to run out',
    'is any stored secret no longer valid',
    'tell me about credentials that will expire this month',
    'do I have to renew an api key soon',
    'are all of my tokens still good',
    'which access tokens must be renewed',
    'what do I have to renew in the next weeks',
    'warn me about secrets that are about to end',
    'is there a key that I should replace',
    'how long are my credentials still valid',
    'did one of my passwords reach its end date',
    'which logins for services are going to stop working',
    'name the tokens that have passed their date',
    'are there stored secrets past their end',
    'look for credentials that need renewal',
    'which of my stored keys will stop being valid',
  ],
  perform: async (can: Pick<Capabilities, 'credentials' | 'clock'>, { within_seconds = WITHIN_DEFAULT }) => {
    const all = await can.credentials.expiring(within_seconds)
    const data = { credentials: all.slice(0, LISTED_MAX) }
    if (all.length === 0)
      return { data, text: `No stored secret has expired or expires within ${sayDuration(within_seconds)}.` }
    const said = all.slice(0, SAID_MAX).map(({ service_name, expires_at, expired, renewed_by }) => {
      const { now, time_zone } = can.clock
      const day = spokenTime(Date.parse(expires_at), now, time_zone)
      const renewed = renewed_by === undefined ? '' : ` and is renewed by ${renewed_by} by itself`
      return `${service_name} ${expired ? 'expired' : 'expires'} ${day}${renewed}`
    })
    const more = all.length - said.length
    return { data, text: `${said.join(', ')}${more === 0 ? '' : `, and ${more} more`}.` }
  },
})
