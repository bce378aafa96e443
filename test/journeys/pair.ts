import assert from 'node:assert/strict'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Operation } from '../../contract/operation.ts'
import type { Client } from '../../server/transports/socket/rig.ts'
import { openWhole } from './rig.ts'
import type { Whole } from './rig.ts'
import { askHttp, askSocket } from './ways.ts'
import type { Body, Fields } from './ways.ts'

/** What a call came to: its answer and its line in the audit, with ids named by what they are of. */
export interface Came {
  body: Body
  line: Body
}

/** Two servers with the same seed and the same fixed clock: one is asked over HTTP, the other over a socket. */
export interface Pair {
  overHttp: Whole
  overSocket: Whole
  /** A socket of Ann. */
  client: Client
  /** Takes what a call came to; refuses any number of lines in the audit but one. */
  came(whole: Whole, body: Body): Promise<Came>
  /** Asks both and refuses any difference in answer, audit or effect. `status` is that of HTTP. */
  askBoth(
    operation: Operation,
    make: (whole: Whole) => Fields,
    socket?: Client,
  ): Promise<Came & { status: number }>
  remove(): Promise<void>
}

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g

export async function openPair(): Promise<Pair> {
  const [overHttp, overSocket] = [await openWhole(), await openWhole()]
  const client = overSocket.open(overSocket.ann.token)
  await client.next('authenticated')
  await overSocket.audited()
  const came: Pair['came'] = async (whole, body) => {
    const lines = await whole.audited()
    const transport = whole === overHttp ? 'http' : 'socket'
    assert.deepEqual(
      lines.map((line) => line.transport),
      [transport],
    )
    const line = { ...lines[0], transport: undefined, session_id: typeof lines[0]?.session_id }
    return named(whole, { body, line }) as Came
  }
  return {
    overHttp,
    overSocket,
    client,
    came,
    askBoth: async (operation, make, socket = client) => {
      const { status, body } = await askHttp(overHttp, operation, make(overHttp), overHttp.ann.token)
      const first = await came(overHttp, body)
      const answer = await askSocket(socket, operation, make(overSocket))
      assert.deepEqual(asOverHttp(operation, await came(overSocket, answer)), first)
      await Promise.all([quiet(overHttp), quiet(overSocket)])
      assert.deepEqual(overSocket.counts(), overHttp.counts())
      return { ...first, status }
    },
    remove: async () => {
      await Promise.all([overHttp.remove(), overSocket.remove()])
    },
  }
}

/** A refusal names fields as its sender has them: what a socket calls `agent_id` is the `id` of a path. */
function asOverHttp({ socket }: Operation, given: Came): Came {
  const text = JSON.stringify(given)
  const renamed = Object.entries(socket?.rename ?? {})
  return JSON.parse(renamed.reduce((all, [sent, own]) => all.replaceAll(`/${sent}`, `/${own}`), text)) as Came
}

/** Waits until what an answer has set going has come to rest, since the clock stands still. */
async function quiet({ app: { kernel } }: Whole): Promise<void> {
  for (let calm = 0, seen = -1; calm < 6;) {
    await nextTurn()
    const { committed } = kernel.store.progress
    calm = committed === seen ? calm + 1 : 0
    seen = committed
  }
}

function named({ ann, bob }: Whole, value: unknown): unknown {
  const names = new Map<string, string>()
  for (const [name, person] of Object.entries({ ann, bob })) {
    names.set(person.user_id, name)
    for (const [number, id] of person.agents) names.set(id, `agent ${number} of ${name}`)
  }
  // A challenge is made of randomness, of which a server uses more while a socket connects.
  const text = JSON.stringify(value, (key, inner: unknown) => (key === 'challenge' ? 'a challenge' : inner))
  return JSON.parse(text.replaceAll(ID, (id) => names.get(id) ?? 'an id')) as unknown
}
