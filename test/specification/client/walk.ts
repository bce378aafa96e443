import { PASSWORD } from '../../journeys/claimed.ts'
import { openMachine } from '../../journeys/process.ts'
import {
  clientEvents,
  connectionEvents,
  endpoints,
  messageMethods,
  serverEvents,
} from '../../specification.ts'
import type { Section } from '../../specification.ts'
import { makePasskey } from './authenticator.ts'
import type { Challenge, Passkey } from './authenticator.ts'
import { openClient } from './client.ts'
import type { Client } from './client.ts'
import { openLive } from './live.ts'
import type { Live } from './live.ts'
import type { AgentCommand } from './types/agents.ts'
import type { BiometricSetupResponse, LoginResponse } from './types/auth.ts'
import { openWitness } from './witness.ts'
import type { Witness } from './witness.ts'

/** A passkey, and what its enrolment was answered. */
export interface Enrolled {
  passkey: Passkey
  answer: BiometricSetupResponse
}

/** A server in a process of its own, its owner who has just signed in with a password, and what is seen of both. */
export interface Walk {
  witness: Witness
  session: LoginResponse['data']
  /** Of nobody, and of whoever has the token. */
  stranger: Client
  as(token: string, passkey?: Passkey): Client
  /** A socket of the owner. */
  live: Live
  open(token: string): Live
  enrol(): Promise<Enrolled>
  /** A command of the owner, under an id of its own. */
  command(action: string, parameters: AgentCommand['parameters']): AgentCommand
  remove(): Promise<void>
}

const SETUP_CODE = 'ABCD-EFGH-JKLM-NPQR'
export const EMAIL = 'ann@example.org'

export async function openWalk(): Promise<Walk> {
  const machine = openMachine()
  const { port } = await machine.serve({ PAIOS_SETUP_CODE: SETUP_CODE })
  const url = `http://127.0.0.1:${port}`
  const witness = openWitness()
  const { exchange: seen } = witness
  const sockets: Live[] = []
  const open = (token: string): Live => {
    const live = openLive({ url, token, seen: witness.event, sent: witness.emitted })
    sockets.push(live)
    return live
  }
  const stranger = openClient({ url, seen })
  // No endpoint of the specification makes the first user (decision 1).
  await stranger.beyond('POST /auth/setup', { setup_code: SETUP_CODE, email: EMAIL, password: PASSWORD })
  const signedIn = await stranger.ask('POST /auth/login', { body: { email: EMAIL, password: PASSWORD } })
  const { data: session } = signedIn
  let commands = 0
  return {
    witness,
    session,
    stranger,
    as: (token, passkey) => openClient({ url, token, seen, ...(passkey === undefined ? {} : { passkey }) }),
    live: open(session.access_token),
    open,
    enrol: async () => {
      const client = openClient({ url, token: session.access_token, seen })
      // A challenge to enrol with is nothing that the specification can ask for (decision 6).
      const { data } = await client.beyond('POST /auth/biometric/challenge', { purpose: 'setup' })
      // Browsers know no passkeys for addresses.
      const passkey = makePasskey(`http://localhost:${port}`, data as Challenge)
      return {
        passkey,
        answer: await client.ask('POST /auth/biometric/setup', { body: passkey.registered }),
      }
    },
    command: (action, parameters) => {
      commands += 1
      const { user_id } = session
      return { action, parameters, user_id, request_id: `walk-${commands}`, priority: 'normal' }
    },
    remove: async () => {
      for (const one of sockets) one.close()
      await machine.remove()
    },
  }
}

/** What one of the walks must have done at its end. */
export interface Share {
  sections: readonly Section[]
  /** Names of events, of either side. */
  events: RegExp
  methods: boolean
}

/** Together they are the whole specification. */
export const SHARES = {
  daily: {
    sections: ['auth', 'agents', 'workflows'],
    events: /^(?:(?:agent|workflow):|\w+$)/,
    methods: true,
  },
  machine: { sections: ['voice', 'system', 'credentials'], events: /^(?:voice|system):/, methods: false },
} as const satisfies Record<string, Share>

const without = (all: readonly string[], done: ReadonlySet<string>) => all.filter((one) => !done.has(one))

/** What a walk has left out of its share: endpoints, events heard and sent, methods. */
export function missing(walked: Witness, { sections, events, methods }: Share): string[] {
  const paths = endpoints.flatMap(({ section, method, path }) =>
    sections.includes(section) ? [`${method} ${path}`] : [],
  )
  const names = (all: readonly { name: string }[]) =>
    all.flatMap(({ name }) => (events.test(name) ? [name] : []))
  return [
    ...without(paths, walked.answered),
    ...without(names([...connectionEvents, ...serverEvents]), walked.heard),
    ...without(names(clientEvents), walked.sent),
    ...without(methods ? messageMethods.map(({ method }) => method) : [], walked.methods),
  ]
}
