import { addedEvents, addedOperations } from '../added.ts'
import {
  clientEvents,
  connectionEvents,
  endpoints,
  rateLimitHeaders,
  serverEvents,
} from '../../specification.ts'
import type { Exchange } from './client.ts'
import { issuesOf, issuesOfAnswer, issuesOfEvent, issuesOfRefusal } from './strict.ts'

/** What a client did and met, and everything that was not as the specification says. */
export interface Witness {
  exchange(exchange: Exchange): void
  event(name: string, args: readonly unknown[]): void
  emitted(name: string): void
  method(name: string): void
  /** Endpoints of the specification that answered with a success. */
  readonly answered: ReadonlySet<string>
  readonly heard: ReadonlySet<string>
  readonly sent: ReadonlySet<string>
  readonly methods: ReadonlySet<string>
  /** Codes that refusals had. */
  readonly codes: ReadonlySet<string>
  readonly issues: readonly string[]
}

const ENDPOINTS = new Set(endpoints.map(({ method, path }) => `${method} ${path}`))
const EVENTS = new Set([...connectionEvents, ...serverEvents, ...clientEvents].map(({ name }) => name))

export function openWitness(): Witness {
  const [answered, heard, sent, methods, codes] = [0, 0, 0, 0, 0].map(() => new Set<string>()) as [
    Set<string>,
    Set<string>,
    Set<string>,
    Set<string>,
    Set<string>,
  ]
  const issues: string[] = []
  const isKnown = (name: string, own: ReadonlySet<string>, added: Readonly<Record<string, string>>) => {
    if (!own.has(name) && !(name in added)) issues.push(`+ ${name}`)
    return own.has(name)
  }
  return {
    exchange: ({ endpoint, status, headers, body }) => {
      issues.push(...issuesOfHeaders(endpoint, headers))
      if (status >= 300) {
        issues.push(...issuesOfRefusal(endpoint, body))
        codes.add((body as { error?: { code?: string } }).error?.code ?? '')
        return
      }
      if (isKnown(endpoint, ENDPOINTS, addedOperations)) {
        answered.add(endpoint)
        issues.push(...issuesOfAnswer(endpoint, body))
      }
      if (endpoint === 'POST /mcp') issues.push(...issuesOf({ ref: 'MCPMessage' }, body, endpoint))
    },
    event: (name, args) => {
      if (!isKnown(name, EVENTS, addedEvents)) return
      heard.add(name)
      issues.push(...issuesOfEvent(name, args))
      if (name === 'error') codes.add((args[0] as { error?: { code?: string } }).error?.code ?? '')
    },
    emitted: (name) => {
      if (isKnown(name, EVENTS, addedEvents)) sent.add(name)
    },
    method: (name) => methods.add(name),
    answered,
    heard,
    sent,
    methods,
    codes,
    issues,
  }
}

/** Every answer, a refusal too, is JSON of version 1 and tells how much of the limit is left. */
function issuesOfHeaders(endpoint: string, headers: Headers): string[] {
  const read = (name: string) => headers.get(name) ?? ''
  const [limit, remaining, reset, type] = rateLimitHeaders.map(({ name }) => read(name))
  const wrong: [string, boolean][] = [
    ['content-type', !/^application\/json\b/.test(read('content-type'))],
    ['api-version', read('api-version') !== 'v1'],
    ['limit', !/^[1-9]\d*$/.test(limit ?? '')],
    ['remaining', !/^\d+$/.test(remaining ?? '') || Number(remaining) >= Number(limit)],
    ['reset', !/^\d{10}$/.test(reset ?? '')],
    ['type', rateLimitHeaders.at(-1)?.values?.includes(type ?? '') !== true],
  ]
  return wrong.flatMap(([name, is]) => (is ? [`~ ${endpoint} header ${name}`] : []))
}
