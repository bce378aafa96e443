import { Type } from 'typebox'
import type { Capabilities } from '../capabilities.ts'
import { spokenTime } from '../reminders/spoken.ts'
import { action, shape } from '../skill.ts'

const SAID_MAX = 5
const SECRETS = '(secrets|credentials|api keys|stored keys|passwords|tokens|stored secrets)'

/** What is stored, and never a secret: whoever hears the answer learns names and ends alone. */
export const list_credentials = action({
  summary: 'Lists the stored secrets by their names and ends, never the secrets themselves.',
  parameters: shape({}),
  result: shape({
    credentials: Type.Array(
      shape({
        credential_id: Type.String(),
        service_name: Type.String(),
        expires_at: Type.Union([Type.String(), Type.Null()]),
        expired: Type.Boolean(),
      }),
    ),
  }),
  effect: 'read',
  phrases: [
    `(list|show) [me] [all] (my|the) ${SECRETS}`,
    `(which|what) ${SECRETS} (do i have|are there|are stored|have i stored|do you have|do you know)`,
    `(which|what) of my ${SECRETS} (are stored|do you have|do you know)`,
    `(do i have|are there) any ${SECRETS}`,
    `how many ${SECRETS} (do i have|are there|are stored)`,
    `what is (in [my|the] vault|stored in [my|the] vault)`,
    `(list|show) [me] [what is in] (my|the) vault`,
    'list credentials',
    'for which services do you have [a|an] (key|secret|password|credential)',
  ],
  examples: [
    'list my api keys',
    'which secrets do I have',
    'what credentials have been saved so far',
    'name the services that I gave you a key for',
    'show everything that is in the vault by name',
    'do you have a key for github',
    'have I stored a password for the weather service',
    'which logins do you keep for me',
    'tell me what keys you hold',
    'give me an overview of the stored credentials',
    'what tokens are on file',
    'which services can you sign in to',
    'is there a secret for the mail server',
    'how many keys are in the vault',
    'what access do you have to my services',
    'show the names of my stored tokens',
  ],
  perform: async (can: Pick<Capabilities, 'credentials' | 'clock'>) => {
    const { credentials, total } = await can.credentials.list()
    const data = { credentials }
    if (total === 0) return { data, text: 'No secret is stored. Store one with: paios credentials add' }
    const said = credentials.slice(0, SAID_MAX).map(({ service_name, expires_at, expired }) => {
      if (expires_at === null) return service_name
      const day = spokenTime(Date.parse(expires_at), can.clock.now, can.clock.time_zone)
      return `${service_name} (${expired ? 'expired' : 'expires'} ${day})`
    })
    const more = total - said.length
    const count = total === 1 ? 'One secret is stored' : `${total} secrets are stored`
    return { data, text: `${count}: ${said.join(', ')}${more === 0 ? '' : `, and ${more} more`}.` }
  },
})

const KEY = '(key|api key|password|token|access token|secret|credential|login)'
const STORE = { what: 'store' } as const
const DELETE = { what: 'delete' } as const
const ROTATE = { what: 'rotate' } as const

const STORING = {
  [`(store|save|keep) my [new] {service} ${KEY}`]: STORE,
  [`(store|save|add|keep) (a|an|the|this) [new] (api key|credential|access token|secret) for {service}`]:
    STORE,
  '(store|save|add|keep) (a|an|the|this) [new] (api key|credential|access token|secret)': STORE,
  'how (do|can|should) i (store|save|add) (a|an|my) (api key|credential|access token|secret|password)': STORE,
}
const DELETING = {
  [`(delete|remove|forget|erase) my {service} ${KEY}`]: DELETE,
  '(delete|remove|forget|erase) the (api key|credential|access token|secret) (for|of) {service}': DELETE,
  'how (do|can|should) i (delete|remove) (a|an|my) (api key|credential|access token|secret|password)': DELETE,
}
const ROTATING = {
  [`(rotate|renew|change|replace|update) my {service} ${KEY}`]: ROTATE,
  '(rotate|renew|change|replace|update) the (api key|credential|access token|secret) (for|of) {service}':
    ROTATE,
  'how (do|can|should) i (rotate|renew|change|replace) (a|an|my) (api key|credential|access token|secret)':
    ROTATE,
}

const HOW: Readonly<Record<'store' | 'delete' | 'rotate', string>> = {
  store: 'paios credentials add',
  delete: 'paios credentials delete',
  rotate: 'paios credentials rotate',
}

/** Secrets are neither said nor deleted by a sentence: anybody could say it, and what was said is kept in the history. */
export const manage_credentials = action({
  summary: 'Says how a secret is stored, deleted or rotated, which no sentence does.',
  parameters: shape({
    what: Type.Optional(Type.Enum(['store', 'delete', 'rotate'])),
    service: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  }),
  result: shape({ command: Type.String() }),
  effect: 'read',
  slots: { what: 'word', service: 'text' },
  phrases: [...Object.keys(STORING), ...Object.keys(DELETING), ...Object.keys(ROTATING)],
  presets: { ...STORING, ...DELETING, ...ROTATING },
  examples: [
    'store my github key',
    'delete my openai key',
    'rotate my stripe key',
    'I want to give you an api key',
    'here is my new access token',
    'put the password of the router into the vault',
    'get rid of the old stripe token',
    'throw away the credential for the mail server',
    'my github key has leaked, change it',
    'how do secrets get into the vault',
    'I have a new password for the weather service',
    'swap the api key for a new one',
    'take my openai secret out of the vault',
    'where can I enter a key for a service',
    'set the token for the calendar service',
    'please renew the certificate for the mail server',
  ],
  perform: (_can, { what = 'store', service }) => {
    const command = HOW[what]
    const name = service === undefined || !/^[\w.-]+$/u.test(service) ? '' : ` ${service.toLowerCase()}`
    const why =
      'Secrets are never said or changed by a sentence, because sentences are kept and anybody can say them.'
    return { data: { command: `${command}${name}` }, text: `${why} Use: ${command}${name}` }
  },
})
